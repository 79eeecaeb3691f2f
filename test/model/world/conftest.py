"""Videos that several tests look at; each is made once."""

import functools
from collections.abc import Callable

import pytest

from samwise.world.generate import Take, film

Takes = Callable[..., list[Take]]


@functools.cache
def _take(split: str, seed: int, frames: int) -> Take:
    return film(seed, split, frames, (120, 160), 15.0)


@pytest.fixture(scope="session")
def takes() -> Takes:
    """`takes(split, count, frames=8)`: the first `count` scenes of a split."""
    return lambda split, count, frames=8: [_take(split, seed, frames) for seed in range(count)]
