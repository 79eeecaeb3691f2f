"""Three tiny videos of the world on disk, in both layouts, and the truth about them."""

from pathlib import Path

import pytest

from samwise.world import generate
from samwise.world.export import export

SIZE = (72, 96)
SEEDS = (0, 2, 4)
FRAMES = 5


@pytest.fixture(scope="session")
def truth():
    """By name, what was exported."""
    return {f"train_{seed:06d}": generate(seed, "train", FRAMES, SIZE) for seed in SEEDS}


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """`exported(layout)`: root of the data set."""
    root = tmp_path_factory.mktemp("exported")

    def make(layout: str) -> Path:
        if not (root / layout).exists():
            export(root / layout, layout, "train", SEEDS, FRAMES, SIZE, 15.0)
        return root / layout

    return make
