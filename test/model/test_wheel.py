"""The wheel holds all that the library needs, and works without the repository around it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

MODEL = Path(__file__).parents[2] / "model"
DATA = {
    "py.typed",
    "weights/miniature.safetensors",
    *(f"recipes/{p.name}" for p in MODEL.glob("samwise/recipes/*")),
}
USE = """
import sys
import numpy as np
import samwise
from samwise import Session, cli, load
print(samwise.__file__)
assert cli.main(["info"]) == 0
session = Session(load())
session.start("the red car")
print(session.step(np.zeros((48, 64, 3), np.uint8)).targets[0].mask.shape)
"""


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # A copy: setuptools builds beside the sources.
    source = shutil.copytree(
        MODEL, folder / "model", ignore=shutil.ignore_patterns("*.egg-info", "build", "__pycache__")
    )
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(source)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_every_module_and_all_data_are_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(MODEL)) for path in MODEL.glob("samwise/**/*.py")}
    assert modules | {f"samwise/{name}" for name in DATA} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_nothing_else_is_inside(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"samwise"}


def test_the_library_and_its_command_work_out_of_the_wheel(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as content:
        content.extractall(installed)
    done = subprocess.run(
        [sys.executable, "-c", USE],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        # Before the editable install.
        env={**os.environ, "PYTHONPATH": str(installed)},
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert Path(lines[0]).is_relative_to(installed)
    assert any(line.startswith("sha256: ") for line in lines) and lines[-1] == "(48, 64)"
