from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import rclpy
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise_ros.errors import InputError
from samwise_ros.segmenter.parameters import (
    check_change,
    declare_parameters,
    unknown_parameters,
)

pytestmark = pytest.mark.dds

OpenNode = Callable[..., Node]


@pytest.fixture
def open_node() -> Iterator[OpenNode]:
    """Opens a node with parameters as YAML writes them."""
    context, nodes = rclpy.Context(), []

    def start(**given: str) -> Node:
        arguments = [word for name, value in given.items() for word in ("-p", f"{name}:={value}")]
        rclpy.init(args=["--ros-args", *arguments] if arguments else [], context=context)
        nodes.append(Node("segmenter", context=context))
        return nodes[-1]

    yield start
    for node in nodes:
        node.destroy_node()
    context.try_shutdown()


@pytest.mark.parametrize("name", ["mask_threshold", "cme_threshold", "image_timeout", "restart_threshold"])
@pytest.mark.parametrize(
    "value", [".nan", ".inf", "-.inf", "-1.0", "1.0e+300", "1", "often", "true", "[0.5]"]
)
def test_no_number_from_outside_is_taken(open_node: OpenNode, name: str, value: str) -> None:
    node = open_node(**{name: value})
    with pytest.raises((InvalidParameterTypeException, InvalidParameterValueException), match=name):
        declare_parameters(node)


@pytest.mark.parametrize("name", ["mask_threshold", "cme_threshold", "image_timeout", "restart_threshold"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 1e300, 1, "0.5", True])
def test_no_number_from_outside_is_set(open_node: OpenNode, name: str, value: object) -> None:
    node = open_node()
    declare_parameters(node)
    before = node.get_parameter(name).value
    (result,) = node.set_parameters([Parameter(name, value=value)])
    assert not result.successful and result.reason
    assert node.get_parameter(name).value == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("device", "meta"), ("precision", "int8"), ("expression", "'...'"), ("checkpoint", "' '")],
)
def test_no_text_from_outside_is_taken(open_node: OpenNode, name: str, value: str) -> None:
    node = open_node(**{name: value})
    with pytest.raises(InputError, match=value.strip("'").replace(".", r"\.")):
        declare_parameters(node)


def test_a_parameter_that_is_not_there_is_told(open_node: OpenNode) -> None:
    node = open_node(mask_treshold="0.5", use_sim_time="true", expression="dog")
    declare_parameters(node)
    (line,) = unknown_parameters(node)
    assert "'mask_treshold'" in line and "perhaps mask_threshold is meant" in line


@pytest.mark.parametrize(
    ("name", "value"), [("checkpoint", "a.pth"), ("device", "cuda:1"), ("precision", "float16")]
)
def test_what_the_model_is_made_of_is_fixed_while_it_is_loaded(name: str, value: str) -> None:
    change = [Parameter(name, value=value)]
    refusal = check_change(change, configured=True)
    assert not refusal.successful
    assert name in refusal.reason
    assert "configure again" in refusal.reason
    assert check_change(change, configured=False).successful


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("precision", "int8", "'int8'"),
        ("precision", "", "''"),
        ("device", "", "''"),
        ("device", "meta", "'meta'"),
        ("device", "gpu", "cpu, cuda, cuda:N"),
        ("checkpoint", " ", "' '"),
        ("expression", "  ", "blank"),
        ("expression", "?!", "'?!' is blank"),
        ("expression", "x" * 10_000, "10000"),
    ],
)
def test_refusal_names_the_value(name: str, value: str, named: str) -> None:
    refusal = check_change([Parameter(name, value=value)], configured=False)
    assert not refusal.successful
    assert named in refusal.reason


@pytest.mark.parametrize(
    ("name", "value"), [("mask_threshold", 0.25), ("expression", "the dog"), ("expression", "")]
)
def test_what_may_change_at_any_time(name: str, value: object) -> None:
    assert check_change([Parameter(name, value=value)], configured=True).successful


def test_one_bad_change_among_good_ones_is_found() -> None:
    changes = [Parameter("mask_threshold", value=0.25), Parameter("expression", value=" ")]
    assert not check_change(changes, configured=True).successful
