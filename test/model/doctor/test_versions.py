"""Versions: the pins are what the doctor calls tested."""

import re
import sys
from pathlib import Path

import pytest

from samwise.doctor.finding import Level
from samwise.doctor.versions import TESTED, packages, python

ROOT = Path(__file__).parents[3]


def test_what_is_called_tested_is_what_is_pinned():
    pins = (ROOT / "requirements/constraints.txt").read_text() + (ROOT / "requirements/sam2.txt").read_text()
    for name, versions in TESTED.items():
        assert set(versions) == set(re.findall(rf"^{name}==([\w.]+)", pins, re.MULTILINE)), name


def test_a_missing_package_is_broken_and_another_version_is_not():
    installed = {name: versions[0] for name, versions in TESTED.items()}
    assert {f.level for f in packages(installed)} == {Level.WELL}
    found = {
        f.name: f
        for f in packages(installed | {"sam2": None, "torch": "2.13.0+cu130", "transformers": "4.1"})
    }
    assert found["sam2"].level is Level.BROKEN and "pip install sam2==1.1.0" in found["sam2"].remedy
    assert found["torch"].level is Level.WELL
    assert found["transformers"].level is Level.COULD_BE_BETTER


@pytest.mark.parametrize(("version", "level"), [((3, 9, 1), Level.BROKEN), ((3, 10, 0), Level.WELL)])
def test_python(monkeypatch, version, level):
    monkeypatch.setattr(sys, "version_info", version)
    assert [f.level for f in python()] == [level]
