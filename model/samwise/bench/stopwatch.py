"""Wraps the methods of a network so that their calls are metered: time or arithmetic, row by row."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from samwise.bench.parts import Probe
from samwise.errors import SamwiseError

Meter = Callable[[], float]
"""A reading that only grows: seconds, or operations so far."""


def clock(device: torch.device) -> Meter:
    """Seconds, once everything given to the device is done."""
    if device.type != "cuda":
        return time.perf_counter

    def read() -> float:
        torch.cuda.synchronize(device)
        return time.perf_counter()

    return read


@contextmanager
def metered(probes: Iterable[Probe], meter: Meter) -> Iterator[dict[str, float]]:
    """Inside, what `meter` gains during the calls of each row adds up in the dictionary.

    A call nested in another metered call counts for the outer one only.

    Raises:
        SamwiseError: for a method that does not exist.
    """
    sums: dict[str, float] = defaultdict(float)
    inside = False

    def wrap(probe: Probe, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal inside
            if inside:
                return method(*args, **kwargs)
            inside, begin = True, meter()
            try:
                return method(*args, **kwargs)
            finally:
                sums[probe.name(args)] += meter() - begin
                inside = False

        return call

    before: list[tuple[Probe, Any]] = []
    try:
        for probe in probes:
            method = getattr(probe.owner, probe.method, None)
            if method is None:
                kind = type(probe.owner).__name__
                raise SamwiseError(f"{kind} has no {probe.method!r} to meter; fix samwise/bench/parts.py")
            # In the instance's dictionary it hides the method of the class.
            before.append((probe, vars(probe.owner).get(probe.method)))
            vars(probe.owner)[probe.method] = wrap(probe, method)
        yield sums
    finally:
        for probe, hidden in before:
            del vars(probe.owner)[probe.method]
            if hidden is not None:
                vars(probe.owner)[probe.method] = hidden
