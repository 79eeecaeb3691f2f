"""Counting arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

from samwise.bench.stopwatch import Meter


@contextmanager
def counted() -> Iterator[Meter]:
    """Inside, the meter reads the floating-point operations so far in products, convolutions and attention.

    A multiplication and an addition are two operations; element-wise work is not counted.
    """
    # torch 2.13 counts every attention kernel except the CPU's.
    on_cpu = {torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: _attention}
    with FlopCounterMode(display=False, custom_mapping=on_cpu) as counter:
        yield lambda: float(counter.get_total_flops())


def _attention(
    query: tuple[int, ...], key: tuple[int, ...], value: tuple[int, ...], *_: object, **__: object
) -> int:
    """Operations of an attention over operands of these shapes."""
    operations: int = sdpa_flop_count(query, key, value)
    return operations
