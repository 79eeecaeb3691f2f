"""Every number on every command line and every parameter has a range: they meet values from outside."""

from __future__ import annotations

import argparse
import copy
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rclpy
from rcl_interfaces.msg import ParameterDescriptor, ParameterType
from rclpy.parameter import Parameter

import samwise.commands.world
import samwise_ros
from samwise import cli
from samwise_ros.segmenter.node import SegmenterNode

#: A bound, not an expectation.
PATIENCE_S = 300.0
#: No option takes any of these for a number.
NO_NUMBERS = ("nan", "-1", "1e400", "x", "", "9" * 30, "-inf")
#: One of them is right for every option that takes a number.
NUMBERS = ("1", "0.5", "64", "1000")
WORD = "nonsense"


class Captured(BaseException):
    """Carries a parser out of a command that was about to use it."""


def main_functions() -> dict[str, Callable[[list[str]], object]]:
    """All of `samwise_ros`, and the one of the model that runs without `samwise`."""
    found = {"samwise.commands.world": samwise.commands.world.main}
    for module in pkgutil.walk_packages(samwise_ros.__path__, "samwise_ros."):
        spec = importlib.util.find_spec(module.name)
        if (
            spec is not None
            and spec.origin
            and "\ndef main(" in Path(spec.origin).read_text(encoding="utf-8")
        ):
            found[module.name] = importlib.import_module(module.name).main
    return found


def captured_parser(
    main: Callable[[list[str]], object], arguments: list[str]
) -> argparse.ArgumentParser | None:
    """The parser that a main function uses; None if it uses none."""

    def capture(parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        raise Captured(parser)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", capture)
        patch.setattr(argparse.ArgumentParser, "parse_known_args", capture)
        try:
            main(arguments)
        except Captured as captured:
            parser = captured.args[0]
            assert isinstance(parser, argparse.ArgumentParser)
            return parser
    return None


def parsers() -> Iterator[argparse.ArgumentParser]:
    for name in cli.commands():
        yield cli.parser_of(name)
    for name, main in main_functions().items():
        # The node has parameters, not options: see below.
        if name not in ("samwise_ros.segmenter", "samwise_ros.listener.node"):
            parser = captured_parser(main, [])
            assert parser is not None, f"{name} does not parse its arguments with argparse"
            yield parser


def actions() -> Iterator[Any]:
    for parser in parsers():
        for action in parser._actions:
            if action.nargs != 0:
                name = max(action.option_strings, key=len, default=action.dest)
                yield pytest.param(parser, action, id=f"{parser.prog} {name}")


def takes_a_number(action: argparse.Action) -> bool:
    for text in NUMBERS:
        try:
            value = action.type(text) if callable(action.type) else text
        except (argparse.ArgumentTypeError, ValueError, TypeError):
            continue
        if isinstance(value, (int, float)):
            return True
    return False


ACTIONS = list(actions())


def said_about(parser: argparse.ArgumentParser, words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The line with which a command line is refused."""
    with pytest.raises(SystemExit) as end:
        parser.parse_args(words)
    assert end.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


SEVERAL = [case for case in ACTIONS if case.values[1].nargs == "+" and case.values[1].option_strings]


@pytest.mark.parametrize(("parser", "action"), SEVERAL)
def test_an_option_given_twice_loses_nothing(
    parser: argparse.ArgumentParser, action: argparse.Action
) -> None:
    alone = argparse.ArgumentParser()
    # What the values mean does not matter here.
    any_words = copy.copy(action)
    any_words.type = any_words.choices = None
    alone._add_action(any_words)
    name = action.option_strings[0]
    given = vars(alone.parse_args([name, "a", "b", name, "c"]))
    assert given[action.dest] == ["a", "b", "c"], f"{parser.prog} {name}"


def test_the_commands_are_all_here() -> None:
    # So that a change that hides them from this file is noticed.
    found = {parameter.values[0].prog for parameter in ACTIONS}
    assert {f"samwise {name}" for name in cli.commands()} <= found
    assert {"play_bag", "record_bag", "video_to_bag", "world_to_bag", "demo"} <= found


@pytest.mark.parametrize(("parser", "action"), ACTIONS)
def test_no_option_takes_a_number_or_a_word_from_outside(
    parser: argparse.ArgumentParser, action: argparse.Action, capsys: pytest.CaptureFixture[str]
) -> None:
    assert action.type not in (int, float), "give it a range: samwise.shell.numbers"
    refused = [WORD] if action.choices else NO_NUMBERS if takes_a_number(action) else []
    for text in refused:
        option = max(action.option_strings, key=len, default=None)
        line = said_about(parser, [f"{option}={text}" if option else text], capsys)
        assert (option or action.dest) in line and repr(text)[:20] in line, line


@pytest.fixture(scope="module")
def node() -> Iterator[SegmenterNode]:
    rclpy.init()
    node = SegmenterNode()
    yield node
    node.destroy_node()
    rclpy.try_shutdown()


def own_parameters(node: SegmenterNode) -> list[tuple[str, ParameterDescriptor]]:
    names = [
        n for n in node.get_parameters_by_prefix("") if not n.startswith(("use_sim_time", "qos_", "start_"))
    ]
    return list(zip(names, node.describe_parameters(names), strict=True))


def values_from_outside(descriptor: ParameterDescriptor) -> list[object]:
    if descriptor.type == ParameterType.PARAMETER_DOUBLE:
        assert descriptor.floating_point_range, "give it a range"
        (span,) = descriptor.floating_point_range
        beyond = [span.from_value - 1, span.to_value + 1, float("nan"), float("inf"), -float("inf")]
        return [*beyond, 1, "x", "", True, [0.5]]
    if descriptor.type == ParameterType.PARAMETER_INTEGER:
        assert descriptor.integer_range, "give it a range"
        (span,) = descriptor.integer_range
        return [span.from_value - 1, span.to_value + 1, 0.5, "x", "", True]
    if descriptor.type == ParameterType.PARAMETER_BOOL:
        return [0, 1, "yes", 0.5]
    assert descriptor.type == ParameterType.PARAMETER_STRING
    return [5, 0.5, True, ["x"], " "]


def test_no_parameter_takes_a_value_from_outside(node: SegmenterNode) -> None:
    found = own_parameters(node)
    assert len(found) >= 9
    for name, descriptor in found:
        before = node.get_parameter(name).value
        for value in values_from_outside(descriptor):
            (result,) = node.set_parameters([Parameter(name, value=value)])
            assert not result.successful and result.reason, f"{name} takes {value!r}"
            assert node.get_parameter(name).value == before
        assert descriptor.description and node.set_parameters([Parameter(name, value=before)])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "value"),
    [
        (["samwise.cli", "evaluate", "--videos", "nan"], 2, "'nan'"),
        (["samwise.commands.world", "--fps", "1e400"], 2, "'1e400'"),
        (["samwise_ros.bags.play", "some.mcap", "--rate", "-1"], 2, "'-1'"),
        (["samwise_ros.demo.run", "--patience", "0"], 2, "'0'"),
        (["samwise_ros.segmenter", "--ros-args", "-p", "restart_threshold:=.nan"], 1, "nan"),
    ],
)
def test_real_processes_say_it_in_a_line(words: list[str], code: int, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == code
    assert value in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr
