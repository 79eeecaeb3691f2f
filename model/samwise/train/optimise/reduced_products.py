"""Matrix products in bfloat16 while training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel


@contextmanager
def reduced_products(device: torch.device, active: bool) -> Iterator[None]:
    """Within the context, what is computed on `device` multiplies matrices in bfloat16 if `active`.

    On a CPU the gradient of torch's fused attention is many times slower in bfloat16 where there are many
    small windows, as in Hiera; the two plain products take its place.
    """
    if not active:
        yield
        return
    with torch.autocast(device.type, torch.bfloat16):
        if device.type != "cpu":
            yield
            return
        before = torch.backends.cuda.fp16_bf16_reduction_math_sdp_allowed()
        # Despite its name it applies to CPUs, too; without it the plain products would be in float32.
        torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(True)
        try:
            with sdpa_kernel(SDPBackend.MATH):
                yield
        finally:
            torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(before)
