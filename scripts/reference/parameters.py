"""The page of parameters, out of the declarations of the nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from rcl_interfaces.msg import ParameterDescriptor
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise_ros.listener.parameters import declare_parameters as declare_of_listener
from samwise_ros.segmenter.parameters import declare_parameters as declare_of_segmenter

INTRODUCTION = """# Parameters

As the nodes declare them; `ros2 param describe /segmenter NAME` says the same of a running node. A value
of the wrong type or out of range is refused with the reason, at start and later. A parameter that is not
"fixed" or "set at start" may be changed at any time, with `ros2 param set` or in the
[console](../console.md), and takes effect with the next frame.
"""

NODES: dict[str, Callable[[Node], None]] = {
    "segmenter": declare_of_segmenter,
    "listener": declare_of_listener,
}


@dataclass(frozen=True)
class Declared:
    """A parameter as a node declares it."""

    name: str
    default: object
    descriptor: ParameterDescriptor


def page() -> str:
    """Write the page in Markdown."""
    return "\n".join([INTRODUCTION, *(_section(node, declare) for node, declare in NODES.items())])


def declared_by(declare: Callable[[Node], None]) -> list[Declared]:
    """What a function declares on the node that it is given, without a node or a ROS context."""
    notebook = _Notebook()
    declare(cast(Node, notebook))
    return notebook.declared


class _Notebook:
    """Stands in for a node: notes what is declared."""

    def __init__(self) -> None:
        self.declared: list[Declared] = []

    def declare_parameter(self, name: str, default: Any, descriptor: ParameterDescriptor) -> Parameter[Any]:
        self.declared.append(Declared(name, default, descriptor))
        return Parameter(name, value=default)


def _section(node: str, declare: Callable[[Node], None]) -> str:
    rows = [
        f"| `{each.name}` | {_default(each.default)} | {_values(each)} | {each.descriptor.description} |"
        for each in declared_by(declare)
    ]
    return "\n".join([f"## {node}\n", "| name | default | values | |", "|---|---|---|---|", *rows, ""])


def _default(value: object) -> str:
    return "empty" if value == "" else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _values(parameter: Declared) -> str:
    descriptor = parameter.descriptor
    for span in (*descriptor.floating_point_range, *descriptor.integer_range):
        return f"{span.from_value:g} to {span.to_value:g}"
    if descriptor.additional_constraints:
        return str(descriptor.additional_constraints)
    return {bool: "`true`, `false`", str: "text"}.get(
        type(parameter.default), type(parameter.default).__name__
    )
