"""The network with its large parts compiled."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from samwise.model import Samwise

VARIANTS = 64
"""Of one function, told apart by shapes and block settings: torch gives up compiling after 8."""


def compile_parts(network: Samwise) -> None:
    """Let torch compile what works on tensors alone, in place; it does so at the first calls.

    Left as they are: the layers of the text encoder, which are small, and the adapters' streaming attention,
    whose rings are state.
    """
    # Takes seconds, which nobody should wait for who compiles nothing.
    from torch._dynamo import config

    config.cache_size_limit = VARIANTS  # `recompile_limit` in later releases, which keep the old name as well
    for owner, method in _targets(network):
        vars(owner)[method] = torch.compile(getattr(owner, method))


def _targets(network: Samwise) -> Iterator[tuple[nn.Module, str]]:
    image = network.fusion.image_encoder
    yield from ((image, method) for method in ("embed", "stage", "pyramid"))
    yield network.mask_decoder, "forward"
    yield network.memory, "write"
    # `condition` reads the bank, and would be compiled anew for each number of memories.
    yield network.memory.attention, "forward"
    for name, part in network.fusion.adapters.named_modules():
        if name.endswith(("visual_to_text", "text_to_visual")):
            yield part, "forward"
