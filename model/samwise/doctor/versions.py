"""Installed packages against those that the project is tested with."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

from samwise.doctor.finding import Finding, Level

TESTED: Mapping[str, tuple[str, ...]] = {
    "torch": ("2.13.0",),
    # The second one for Python 3.10.
    "transformers": ("5.23.0", "5.20.2"),
    "tokenizers": ("0.23.3",),
    "safetensors": ("0.8.0",),
    "sam2": ("1.1.0",),
}
"""The pins of requirements/, the newest first; `test/model/doctor/test_versions.py` compares."""

PYTHONS = ((3, 10), (3, 14))


def python() -> Iterable[Finding]:
    """The interpreter."""
    found = "{}.{}.{}".format(*sys.version_info[:3])
    oldest, newest = ("{}.{}".format(*numbers) for numbers in PYTHONS)
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        yield Finding("Python", f"{found} at {sys.executable}")
    else:
        yield Finding(
            "Python", found, Level.BROKEN, f"use {oldest} to {newest}: PYTHON=python{newest} make env"
        )


def packages(installed: Mapping[str, str | None] | None = None) -> Iterable[Finding]:
    """The packages that matter.

    Args:
        installed: version by package, None for one that is missing; None: what this interpreter has.
    """
    found = {name: _version(name) for name in TESTED} if installed is None else installed
    for name, tested in TESTED.items():
        here = found[name]
        if here is None:
            yield Finding(name, "missing", Level.BROKEN, f"pip install {name}=={tested[0]}")
        # A local part such as +cpu or +cu130 says how it was built.
        elif here.partition("+")[0] in tested:
            yield Finding(name, f"{here}, as tested")
        else:
            yield Finding(
                name,
                f"{here}, tested is {tested[0]}",
                Level.COULD_BE_BETTER,
                f"probably fine; if something fails, pip install {name}=={tested[0]}",
            )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
