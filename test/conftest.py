"""Marks the tests of whole folders, where single modules mark themselves; names of tests that hold bytes."""

from pathlib import Path

import pytest

FOLDERS = {"integration": "dds", "launch": "dds", "parity": "slow", "docs": "slow"}


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        room = item.path.relative_to(here).parts[0] if item.path.is_relative_to(here) else ""
        if room in FOLDERS:
            item.add_marker(getattr(pytest.mark, FOLDERS[room]))


def pytest_make_parametrize_id(val):
    """Archives carry the time; the processes of pytest-xdist must agree on the names of tests."""
    return f"{len(val)}_bytes" if isinstance(val, bytes) and len(val) > 20 else None
