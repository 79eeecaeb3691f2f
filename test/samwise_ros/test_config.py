"""`config/segmenter.yaml` as ROS takes it: names, types and defaults of the parameters that are declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import rclpy
import yaml
from rclpy.node import Node

from samwise_ros.segmenter.parameters import declare_parameters, read_settings, unknown_parameters

pytestmark = pytest.mark.dds

CONFIG = Path(__file__).parents[2] / "config" / "segmenter.yaml"
#: Declared by every node.
OF_ROS = {"use_sim_time", "start_type_description_service"}


@pytest.fixture(params=[[], ["--ros-args", "--params-file", str(CONFIG)]], ids=["defaults", "file"])
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    context = rclpy.Context()
    rclpy.init(args=request.param, context=context)
    node = Node("segmenter", context=context)
    yield node
    node.destroy_node()
    context.try_shutdown()


def declared(node: Node) -> dict[str, Any]:
    """Value by name of every parameter of a segmenter."""
    declare_parameters(node)
    names = {name for name in node.list_parameters([], 0).names if not name.startswith("qos_overrides.")}
    return {name: node.get_parameter(name).value for name in names - OF_ROS}


def test_the_file_holds_every_parameter_at_its_default(node: Node) -> None:
    (written,) = yaml.safe_load(CONFIG.read_text()).values()
    parameters = written["ros__parameters"]
    found = declared(node)
    assert found == parameters == asdict(read_settings(node))
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in parameters.items()
    }
    assert unknown_parameters(node) == []
