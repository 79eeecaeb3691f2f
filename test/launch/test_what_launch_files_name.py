"""What the launch files name is there: executables, their options and parameters, files, arguments.

Runs without `launch`: the files meet a stand-in of it that writes down what they ask for.
"""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from distutils.core import run_setup
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from setuptools import Distribution

from samwise_ros.listener import parameters as listener_parameters
from samwise_ros.segmenter import parameters

ROOT = Path(__file__).parents[2]
FILES = [path.name for path in sorted((ROOT / "launch").glob("*.launch.py"))]
MODULES = (
    *("launch", "launch.actions", "launch.conditions", "launch.substitutions"),
    *("launch_ros.actions", "launch_ros.parameter_descriptions", "launch_ros.substitutions"),
)
#: Not among the dependencies: only rviz:=true takes it, and a robot does without.
OPTIONAL = {"rviz2"}
SETTINGS = {"segmenter": parameters.Settings, "listener": listener_parameters.Settings}


@dataclass(frozen=True, eq=False)
class Asked:
    """One thing that a launch file has asked launch for."""

    kind: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]

    def perform(self, context: object) -> str:
        """Every launch argument is given, so that nothing is left out for want of a value."""
        return "given"


class LaunchFile:
    """All that a launch file asks for."""

    def __init__(self, name: str) -> None:
        self.asked: list[Asked] = []
        with pytest.MonkeyPatch.context() as patch:
            for module_name in MODULES:
                module = ModuleType(module_name)
                # `from launch.actions import Anything`
                module.__getattr__ = lambda kind: partial(self._ask, kind)  # type: ignore[method-assign]
                patch.setitem(sys.modules, module_name, module)
            runpy.run_path(str(ROOT / "launch" / name))["generate_launch_description"]()
        for action in self.every("OpaqueFunction"):
            action.options["function"](object())

    def _ask(self, kind: str, *arguments: Any, **options: Any) -> Asked:
        self.asked.append(Asked(kind, arguments, options))
        return self.asked[-1]

    def every(self, *kinds: str) -> Iterator[Asked]:
        """Each thing of these kinds."""
        return (asked for asked in list(self.asked) if asked.kind in kinds)

    def names(self, kind: str) -> set[str]:
        """First arguments of the things of this kind."""
        return {asked.arguments[0] for asked in self.every(kind)}

    @property
    def nodes(self) -> Iterator[Asked]:
        """The nodes that are ours."""
        nodes = self.every("Node", "LifecycleNode")
        return (node for node in nodes if node.options["package"] not in OPTIONAL)


def installed_path(path: Asked) -> str:
    """A PathJoinSubstitution in the folder of the package, as the place where setup.py installs it."""
    first, *rest = path.arguments[0]
    start = f"share/{first.arguments[0]}" if first.kind == "FindPackageShare" else installed_path(first)
    return "/".join([start, *rest])


@pytest.fixture(scope="module")
def distribution() -> Distribution:
    """What setup.py says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return run_setup("setup.py", stop_after="init")


@pytest.fixture(scope="module")
def executables(distribution: Distribution) -> dict[str, EntryPoint]:
    lines = (line.split(" = ") for line in distribution.entry_points["console_scripts"])
    return {name: EntryPoint(name, value, "console_scripts") for name, value in lines}


@pytest.fixture(params=FILES)
def launch_file(request: pytest.FixtureRequest) -> LaunchFile:
    return LaunchFile(request.param)


def test_every_executable_can_be_called(executables: dict[str, EntryPoint]) -> None:
    for executable in executables.values():
        assert callable(executable.load()), executable


def test_nodes_are_executables_of_the_package(
    launch_file: LaunchFile, executables: dict[str, EntryPoint], distribution: Distribution
) -> None:
    for node in launch_file.nodes:
        assert node.options["package"] == distribution.get_name()
        assert node.options["executable"] in executables


def test_nodes_know_their_options(launch_file: LaunchFile, executables: dict[str, EntryPoint]) -> None:
    for node in launch_file.nodes:
        words = [word for word in node.options.get("arguments", ()) if isinstance(word, str)]
        options = {word for word in words if word.startswith("-")}
        if not options:
            continue
        command = [sys.executable, "-m", executables[node.options["executable"]].module, "--help"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert options <= set(re.findall(r"--[\w-]+", told))


def test_nodes_have_their_parameters(launch_file: LaunchFile) -> None:
    for node in launch_file.nodes:
        given = {
            name for part in node.options.get("parameters", ()) if isinstance(part, dict) for name in part
        }
        if given:
            known = {field.name for field in fields(SETTINGS[node.options["executable"]])}
            assert given <= known | {"use_sim_time"}


def test_files_are_installed(launch_file: LaunchFile, distribution: Distribution) -> None:
    files = {f"{folder}/{Path(path).name}" for folder, paths in distribution.data_files for path in paths}
    folders = {folder for folder, _ in distribution.data_files}
    for path in launch_file.every("PathJoinSubstitution"):
        assert installed_path(path) in files | folders


def test_arguments_are_declared_and_used(launch_file: LaunchFile) -> None:
    assert launch_file.names("DeclareLaunchArgument") == launch_file.names("LaunchConfiguration")


def test_included_files_take_what_they_are_given(launch_file: LaunchFile) -> None:
    for include in launch_file.every("IncludeLaunchDescription"):
        included = LaunchFile(Path(installed_path(include.arguments[0])).name)
        given = {name for name, _ in include.options["launch_arguments"]}
        assert given <= included.names("DeclareLaunchArgument")


def test_every_argument_says_what_it_is(launch_file: LaunchFile) -> None:
    for argument in launch_file.every("DeclareLaunchArgument"):
        assert argument.options["description"], argument.arguments
