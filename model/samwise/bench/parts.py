"""Which calls of the network belong to which row of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from torch import nn

from samwise.config import NUM_STAGES
from samwise.network.samwise import Samwise

Namer = Callable[[tuple[Any, ...]], str]
"""Row of a call, determined by its positional arguments."""

PREPROCESS, POSTPROCESS = "pre-processing", "post-processing"
SENTENCE = "text encoder, once per sentence"
WORDS = "text encoder, every frame"
STAGES = tuple(f"Hiera stage {i + 1}" for i in range(NUM_STAGES))


@dataclass(frozen=True)
class Probe:
    """A method that is timed.

    Attributes:
        owner: module that has it.
        method: its name.
        row: of the table, or a function that determines it from the arguments.
    """

    owner: nn.Module
    method: str
    row: str | Namer

    def name(self, args: tuple[Any, ...]) -> str:
        """Row of a call with these positional arguments."""
        return self.row if isinstance(self.row, str) else self.row(args)


def probes(network: Samwise) -> Iterator[Probe]:
    """Everything that is timed. Of nested calls the outermost counts, so that the rows add up.

    The candidate branch decodes as well: that is in the CME's row; the mask decoder's is the tracked branch.
    """
    image, text = network.fusion.image_encoder, network.fusion.text_encoder
    yield Probe(network.fusion, "encode_text", SENTENCE)
    yield Probe(image, "embed", "patch embed")
    yield Probe(image, "stage", lambda args: STAGES[args[0]])
    yield Probe(image, "pyramid", "FPN")
    yield Probe(text, "stage", WORDS)
    for number, adapter in enumerate(network.fusion.adapters, 1):
        yield Probe(adapter, "stream", f"CMT adapter {number}")
        yield Probe(adapter, "forward", f"CMT adapter {number}")
    for method in ("contextual", "motion", "forward"):
        yield Probe(network.prompts, method, "prompts")
    yield Probe(network.memory, "condition", "memory attention")
    yield Probe(network.mask_decoder, "forward", "mask decoder")
    yield Probe(network, "segment_without_memory", "CME")
    yield Probe(network, "decide", "CME")
    yield Probe(network.memory, "write", "memory encoder")


def rows(network: Samwise) -> tuple[str, ...]:
    """Rows of a frame's table, in the order of the work."""
    adapters = [f"CMT adapter {n}" for n in range(1, len(network.fusion.adapters) + 1)]
    return (
        PREPROCESS,
        "patch embed",
        *STAGES,
        WORDS,
        *adapters,
        "FPN",
        "prompts",
        "memory attention",
        "mask decoder",
        "CME",
        "memory encoder",
        POSTPROCESS,
    )
