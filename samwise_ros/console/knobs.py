"""Parameters as controls: what can be turned while the node runs, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rcl_interfaces.msg import ParameterDescriptor, ParameterType, ParameterValue
from rclpy.parameter import parameter_value_to_python

#: A slider over more steps than a hand can tell apart is a box for a number instead.
WIDEST_SLIDER = 100.0
CHOICES = "one of "


@dataclass(frozen=True)
class Knob:
    """A parameter that may change live.

    Attributes:
        name: of the parameter.
        value: now.
        text: what it means, as its node describes it.
        low, high, step: of a number; step is 0.0 for any value in between.
        choices: of a text.
    """

    name: str
    value: bool | int | float | str
    text: str
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    choices: tuple[str, ...] = ()

    @property
    def slides(self) -> bool:
        """Whether a slider is the way to set it."""
        return not isinstance(self.value, bool | str) and self.high - self.low <= WIDEST_SLIDER


def knobs_of(descriptors: Sequence[ParameterDescriptor], values: Sequence[ParameterValue]) -> list[Knob]:
    """Make controls for the parameters that can have one: numbers with a range, switches, lists of choices.

    Args:
        descriptors: of the parameters.
        values: of the same ones.
    """
    found = (_knob(d, v) for d, v in zip(descriptors, values, strict=True) if not d.read_only)
    return [knob for knob in found if knob is not None]


def typed(knob: Knob, value: float | bool | str) -> bool | int | float | str:
    """Return a value from the page as the parameter's own type: a slider knows no whole numbers."""
    if isinstance(knob.value, bool):
        return bool(value)
    if isinstance(knob.value, str):
        return str(value)
    return round(float(value)) if isinstance(knob.value, int) else float(value)


def _knob(descriptor: ParameterDescriptor, value: ParameterValue) -> Knob | None:
    current: Any = parameter_value_to_python(value)
    if value.type == ParameterType.PARAMETER_BOOL:
        # Every node has it, and nothing good comes of switching it in the middle.
        return (
            None
            if descriptor.name == "use_sim_time"
            else Knob(descriptor.name, current, descriptor.description)
        )
    if value.type == ParameterType.PARAMETER_DOUBLE and descriptor.floating_point_range:
        bounds = descriptor.floating_point_range[0]
    elif value.type == ParameterType.PARAMETER_INTEGER and descriptor.integer_range:
        bounds = descriptor.integer_range[0]
    elif value.type == ParameterType.PARAMETER_STRING and _live_choices(descriptor):
        choices = tuple(descriptor.additional_constraints.removeprefix(CHOICES).split(", "))
        return Knob(descriptor.name, current, descriptor.description, choices=choices)
    else:
        return None
    low, high = float(bounds.from_value), float(bounds.to_value)
    return Knob(descriptor.name, current, descriptor.description, low, high, float(bounds.step))


def _live_choices(descriptor: ParameterDescriptor) -> bool:
    # Descriptors have no field for this, so the node says in words what is fixed while a model is loaded.
    fixed = "fixed while configured" in descriptor.description.lower()
    return descriptor.additional_constraints.startswith(CHOICES) and not fixed
