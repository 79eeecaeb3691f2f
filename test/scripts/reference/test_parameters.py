from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor
from rclpy.node import Node

from samwise_ros.segmenter import parameters as segmenter
from scripts.reference.parameters import declared_by, page


def declare(node: Node) -> None:
    span = FloatingPointRange(from_value=0.25, to_value=2.0, step=0.0)
    node.declare_parameter(
        "wait", 0.5, ParameterDescriptor(description="How long.", floating_point_range=[span])
    )


def test_a_declaration_is_noted_without_a_node() -> None:
    (parameter,) = declared_by(declare)
    assert (parameter.name, parameter.default, parameter.descriptor.description) == ("wait", 0.5, "How long.")


def test_a_row_has_default_range_and_description(monkeypatch) -> None:
    monkeypatch.setattr("scripts.reference.parameters.NODES", {"some_node": declare})
    assert "## some_node\n" in page() and "| `wait` | `0.5` | 0.25 to 2 | How long. |" in page()


def test_every_parameter_of_the_segmenter_is_there() -> None:
    names = [parameter.name for parameter in declared_by(segmenter.declare_parameters)]
    assert len(names) >= 9 and all(f"| `{name}` |" in page() for name in names)
