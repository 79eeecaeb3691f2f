"""Who may import whom: the contracts of `pyproject.toml` hold, and each fails on what it forbids."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"samwise": ROOT / "model" / "samwise", "samwise_ros": ROOT / "samwise_ros"}

FORBIDDEN = [
    ("library-layers", "samwise/network/memory.py", "import samwise.checkpoint.files"),
    ("library-layers", "samwise/data/files.py", "from samwise.world import generate"),
    ("core", "samwise/session.py", "from samwise.evaluate import scores"),
    ("scores", "samwise/evaluate/sheets.py", "from samwise.world import generate"),
    ("light", "samwise/video/overlay.py", "import torch"),
    ("library-without-ros", "samwise/shell/ending.py", "import rclpy"),
    ("nodes-layers", "samwise_ros/bags/reader.py", "import samwise_ros.report.write"),
    ("nodes-layers", "samwise_ros/processes/ros_node.py", "from samwise_ros.bags.errors import BagError"),
    ("nodes-without-torch", "samwise_ros/segmenter/worker.py", "import torch"),
    ("messages", "samwise_ros/messages/images.py", "import rclpy.time"),
    ("pipeline", "samwise_ros/pipeline.py", "from rclpy.node import Node"),
    ("report", "samwise_ros/report/write.py", "import rclpy"),
]
"""Contract, module, and an import that the module must not have."""

PUBLISHERS = ("bags/play", "console", "listener", "segmenter")
"""Where in `samwise_ros` nodes live: publishers are created there only."""


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Check the contracts, or some of them, over the packages that are in a folder."""
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", *chosen, ROOT / "pyproject.toml"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), *sys.path])},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    for name, package in PACKAGES.items():
        shutil.copytree(
            package,
            folder / name,
            ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")],
        )
    return folder


def test_imports_are_what_the_design_says(copied):
    done = lint(copied)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "module", "line"), FORBIDDEN, ids=lambda part: part)
def test_a_forbidden_import_fails(copied, contract, module, line):
    file = copied / module
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n\ndef _late():\n    {line}\n", encoding="utf-8")
    try:
        done = lint(copied, contract)
    finally:
        file.write_text(before, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert module.removesuffix(".py").replace("/", ".") in done.stdout


def test_only_nodes_create_publishers():
    package = PACKAGES["samwise_ros"]
    found = {
        file.relative_to(package)
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("create_publisher", "create_lifecycle_publisher")
    }
    assert found
    assert [str(file) for file in found if not str(file).startswith(PUBLISHERS)] == []
