"""A loaded model, ready for sessions."""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from samwise import checkpoint
from samwise.checkpoint.shortage import is_shortage
from samwise.checkpoint.trained_with import cme_trained
from samwise.errors import SamwiseError
from samwise.network import without_parts as network_without_parts
from samwise.network.compiled import compile_parts
from samwise.network.layers.precision import reduce_products
from samwise.network.samwise import Samwise
from samwise.shell.devices import usable_device
from samwise.shell.numbers import MAX_PARALLEL
from samwise.shell.threads import use_threads
from samwise.text.tokenizer import Tokenizer
from samwise.text.verbs import INSTALL, VerbFinder, spacy_verbs

PRECISIONS: dict[str, torch.dtype | None] = {
    "float32": None,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


@dataclass(frozen=True)
class Model:
    """Network, tokenizer, and where and how precisely to run.

    Attributes:
        network: in evaluation mode, on `device`.
        tokenizer: that the network was trained with.
        device: to run on.
        autocast: reduced precision of all matrix products; None: only of those whose weights are reduced.
        verbs: finds the words for the motion prompt; None if there is no motion prompt.
        cme_trained: whether its conditional memory encoder can be used; that of an image model cannot.
    """

    network: Samwise = field(repr=False)
    tokenizer: Tokenizer
    device: torch.device
    autocast: torch.dtype | None
    verbs: VerbFinder | None = None
    cme_trained: bool = True

    def precision(self) -> AbstractContextManager[object]:
        """The precision to compute in, as a context."""
        return torch.autocast(self.device.type, self.autocast, enabled=self.autocast is not None)

    def unknown_words(self, expression: str) -> tuple[str, ...]:
        """Words of a sentence that the model has never seen."""
        return self.tokenizer.unknown_words(expression)


def load(
    path: str | Path | None = None,
    *,
    device: str = "cpu",
    precision: str = "float32",
    tokenizer: str | Path | None = None,
    compiled: bool = False,
    threads: int = 0,
) -> Model:
    """Load a model.

    Args:
        path: file of this library or of the official training code, whatever its suffix; None: the miniature
            that ships.
        device: as torch names it: cpu, cuda, cuda:1 ...
        precision: float32, bfloat16 or float16. On a CPU the reduced ones hold for the blocks of Hiera and of
            the memory attention only.
        tokenizer: folder or cached name, for checkpoints without one.
        compiled: have torch compile the large parts at their first calls, which takes minutes and, on a
            CPU, a C++ compiler.
        threads: torch's threads in this whole process, if the device is a CPU; 0: chosen by the size of the
            model and the number of cores, or as OMP_NUM_THREADS says.

    Raises:
        CheckpointError: if the file is missing, damaged, or some other model.
        SamwiseError: for an unavailable device or precision, or a device with too little memory.
    """
    if precision not in PRECISIONS:
        raise SamwiseError(f"precision is {precision!r}; choose one of {', '.join(PRECISIONS)}")
    if not 0 <= threads <= MAX_PARALLEL:
        raise SamwiseError(f"threads is {threads}; use 1 to {MAX_PARALLEL}, or 0 for what suits the model")
    where = usable_device(device)
    found = checkpoint.contents(path)
    checkpoint.warn(found, path)
    words = checkpoint.tokenizer_of(found.network, found.tokenizer, tokenizer)
    network = found.network
    reduced = PRECISIONS[precision]
    autocast = None if reduced is None else reduce_for(network, reduced, where.type)
    verbs = spacy_verbs() if network.config.motion_prompt else None
    if network.config.motion_prompt and verbs is None:
        warnings.warn(
            "the model has a motion prompt, but no spaCy pipeline that finds verbs is there, so it runs "
            f"without; `{INSTALL}` installs one",
            stacklevel=2,
        )
    network = _moved(network, where)
    if where.type == "cpu":
        use_threads(threads, sum(parameter.numel() for parameter in network.parameters()))
    if compiled:
        compile_parts(network)
    return Model(network, words, where, autocast, verbs, cme_trained(found.trained_with))


def without_parts(
    model: Model, *, hsa: bool = True, visual_to_text: bool = True, text_to_visual: bool = True
) -> Model:
    """A loaded model without parts of its adapters, to see what they are good for.

    Args:
        model: stays as it is.
        hsa: False: without Hierarchical Selective Attention.
        visual_to_text: False: without visual-to-text attention (VTA).
        text_to_visual: False: without text-to-visual attention (TVA).

    Returns:
        A model with a network of its own, on the same device and as precise, but not compiled; `model` itself
        if it has none of those parts.
    """
    network = network_without_parts.without_parts(
        model.network, hsa=hsa, visual_to_text=visual_to_text, text_to_visual=text_to_visual
    )
    return model if network is model.network else replace(model, network=network)


def _moved(network: Samwise, device: torch.device) -> Samwise:
    try:
        return network.to(device)
    except (MemoryError, RuntimeError) as error:
        if not is_shortage(error):
            raise
        size = sum(value.nbytes for value in network.state_dict().values())
        raise SamwiseError(
            f"the model's {size / 1e6:,.0f} MB do not fit on device {str(device)!r}; end other programs "
            "there, or choose another device"
        ) from error


def reduce_for(network: Samwise, dtype: torch.dtype, device: str) -> torch.dtype | None:
    """Reduce a network's precision, in place, as suits a kind of device.

    On a CPU only the blocks of Hiera and of the memory attention are reduced: they are nine tenths of the
    arithmetic, and keeping the rest in float32 keeps the masks close. Elsewhere all products are reduced.

    Args:
        network: in float32.
        dtype: bfloat16 or float16.
        device: its type: cpu, cuda ...

    Returns:
        The precision to run under autocast; None for none.
    """
    if device == "cpu":
        for part in (network.fusion.image_encoder.trunk.blocks, network.memory.attention):
            reduce_products(part, dtype)
        return None
    reduce_products(network, dtype)
    return dtype
