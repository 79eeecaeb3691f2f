from __future__ import annotations

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, ParameterValue
from rclpy.parameter import get_parameter_value

from samwise_ros.console.knobs import Knob, knobs_of, typed

HALF = FloatingPointRange(from_value=0.0, to_value=1.0, step=0.05)


def value_of(value: object) -> ParameterValue:
    if isinstance(value, float):
        return ParameterValue(type=3, double_value=value)
    return get_parameter_value(str(value).lower() if isinstance(value, bool) else str(value))


def knobs(*parameters: tuple[ParameterDescriptor, object]) -> list[Knob]:
    return knobs_of([d for d, _ in parameters], [value_of(v) for _, v in parameters])


def test_numbers_with_a_range_become_controls_with_that_range() -> None:
    whole = IntegerRange(from_value=1, to_value=8, step=1)
    made = knobs(
        (ParameterDescriptor(name="threshold", description="how sure", floating_point_range=[HALF]), 0.5),
        (ParameterDescriptor(name="threads", integer_range=[whole]), 2),
    )
    assert made == [
        Knob("threshold", 0.5, "how sure", 0.0, 1.0, 0.05),
        Knob("threads", 2, "", 1.0, 8.0, 1.0),
    ]
    assert all(knob.slides for knob in made)


def test_a_range_too_wide_for_a_hand_is_no_slider() -> None:
    hour = FloatingPointRange(from_value=0.5, to_value=3600.0)
    (knob,) = knobs((ParameterDescriptor(name="timeout", floating_point_range=[hour]), 5.0))
    assert not knob.slides


def test_what_may_not_change_or_has_no_bounds_has_no_control() -> None:
    assert not knobs(
        (ParameterDescriptor(name="autostart", read_only=True), True),
        (ParameterDescriptor(name="use_sim_time"), False),
        (ParameterDescriptor(name="anything"), 1.0),
        (ParameterDescriptor(name="checkpoint"), "weights.pth"),
        (
            ParameterDescriptor(
                name="precision",
                description="Of the products. Fixed while configured.",
                additional_constraints="one of float32, float16",
            ),
            "float32",
        ),
    )


def test_switches_and_choices() -> None:
    speaks, scene = knobs(
        (ParameterDescriptor(name="speaks"), True),
        (ParameterDescriptor(name="scene", additional_constraints="one of demo, world"), "demo"),
    )
    assert speaks.value is True and not speaks.slides
    assert scene.choices == ("demo", "world") and not scene.slides


def test_a_slider_knows_no_whole_numbers() -> None:
    assert typed(Knob("threads", 2, ""), 3.0) == 3 and isinstance(typed(Knob("threads", 2, ""), 3.0), int)
    assert isinstance(typed(Knob("threshold", 0.5, ""), 1), float)
    assert typed(Knob("speaks", True, ""), 0) is False
