"""Tensors computed from parameters, kept as long as the parameters do not change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import torch
from torch import Tensor

T = TypeVar("T")


class Derived(Generic[T]):
    """Caches what a function computes from some parameters: matrix products, folded normalisations.

    The parameters may be changed in place, replaced or moved at any time. Where gradients are enabled, or
    the call is being compiled, the function runs every time.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._value: T | None = None

    def get(self, compute: Callable[[], T], sources: Sequence[Tensor]) -> T:
        """What `compute` returns, recomputed if one of the tensors it reads, `sources`, has changed."""
        if torch.is_grad_enabled() or torch.compiler.is_compiling():
            return compute()
        key = [(t.data_ptr(), t._version, t.dtype, t.device) for t in sources]
        if self._value is None or key != self._key:
            # A tensor made in inference mode could not be used outside it.
            full = torch.autocast(sources[0].device.type, enabled=False)
            with torch.inference_mode(False), torch.no_grad(), full:
                self._value, self._key = compute(), key
        return self._value
