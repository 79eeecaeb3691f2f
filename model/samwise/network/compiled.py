"""The network with its large parts compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import torch
from torch import Tensor, nn

from samwise.network.samwise import FrameFeatures, Samwise
from samwise.state.memory_bank import FrameMemory

T = TypeVar("T")

VARIANTS = 64
"""Variants of one function, by shapes and block settings; by default torch stops compiling after 8."""


def compile_parts(network: Samwise) -> None:
    """Have torch compile, in place, what works on tensors alone; it compiles at the first calls.

    On a GPU the parts run as CUDA graphs. The text encoder's layers, which are small, and the adapters'
    streaming attention, whose rings are state, are not compiled.
    """
    # This import takes seconds; only those who compile should wait for it.
    from torch._dynamo import config

    config.cache_size_limit = VARIANTS  # `recompile_limit` in later releases, which keep the old name as well
    graphs = next(network.parameters()).is_cuda
    for owner, method in _targets(network):
        vars(owner)[method] = torch.compile(
            getattr(owner, method), mode="reduce-overhead" if graphs else "default"
        )
    if graphs:
        outlive_graphs(network)


def outlive_graphs(network: Samwise) -> None:
    """Make a network safe to replay from CUDA graphs, in place.

    A graph writes its results to the same buffers every time. What the memory bank keeps is copied out; the
    adapters' rings copy anyway. Each frame or clip marks a new step, which lets torch reuse the buffers.
    """
    remember = network.remember

    def remember_a_copy(frame: FrameFeatures, mask: Tensor, object_pointer: Tensor) -> FrameMemory:
        memory = remember(frame, mask, object_pointer)
        return FrameMemory(memory.features.clone(), memory.object_pointer.clone())

    vars(network)["remember"] = remember_a_copy
    vars(network)["look"] = _beginning_anew(network.look)


def _beginning_anew(encode: Callable[..., T]) -> Callable[..., T]:
    def call(*args: object, **options: object) -> T:
        torch.compiler.cudagraph_mark_step_begin()
        return encode(*args, **options)

    return call


def _targets(network: Samwise) -> Iterator[tuple[nn.Module, str]]:
    image = network.fusion.image_encoder
    yield from ((image, method) for method in ("embed", "stage", "pyramid"))
    yield network.mask_decoder, "forward"
    yield network.memory, "write"
    # `condition` reads the bank and would be recompiled for each number of memories.
    yield network.memory.attention, "forward"
    for name, part in network.fusion.adapters.named_modules():
        if name.endswith(("visual_to_text", "text_to_visual")):
            yield part, "forward"
