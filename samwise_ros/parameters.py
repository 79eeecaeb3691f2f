"""The parameters of the segmenter: what they mean, which values they take, and when they may change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise_ros.errors import InputError
from samwise_ros.expression_input import clean_sentence

PRECISIONS = ("float32", "bfloat16", "float16")

#: What the model is built of: free to change while no model is loaded, fixed while one is.
FIXED_WHILE_CONFIGURED = ("checkpoint", "device", "precision")


@dataclass(frozen=True)
class Settings:
    """Values of the parameters, under their names."""

    checkpoint: str
    device: str
    precision: str
    expression: str
    mask_threshold: float
    cme_threshold: float
    image_timeout: float
    autostart: bool


def declare_parameters(node: Node) -> None:
    """Declare every parameter with its default, description and range.

    Raises:
        rclpy.exceptions.ParameterException: a value given at start is of the wrong type or out of range.
    """
    probability = FloatingPointRange(from_value=0.0, to_value=1.0, step=0.0)
    declare = [
        (
            "checkpoint",
            "",
            ParameterDescriptor(
                description="File with the weights: a samwise .safetensors or an official SAMWISE .pth. "
                "Empty: the miniature that ships with the library. Fixed while configured.",
            ),
        ),
        (
            "device",
            "cpu",
            ParameterDescriptor(
                description="Where the model runs, as torch names it. Fixed while configured.",
                additional_constraints="cpu, cuda, cuda:0, ...",
            ),
        ),
        (
            "precision",
            "float32",
            ParameterDescriptor(
                description="Floating point type of the model's matrix products. Fixed while configured.",
                additional_constraints=f"one of {', '.join(PRECISIONS)}",
            ),
        ),
        (
            "expression",
            "",
            ParameterDescriptor(
                description="Sentence to begin with; empty: wait for one on the topic `expression`. "
                "Setting it later is the same as publishing it.",
            ),
        ),
        (
            "mask_threshold",
            0.5,
            ParameterDescriptor(
                description="A pixel belongs to the mask where its probability exceeds this.",
                floating_point_range=[probability],
            ),
        ),
        (
            "cme_threshold",
            0.5,
            ParameterDescriptor(
                description="The model switches to another target where the probability of its decision "
                "exceeds this. 1.0: never.",
                floating_point_range=[probability],
            ),
        ),
        (
            "image_timeout",
            5.0,
            ParameterDescriptor(
                description="Warn when no image has arrived for this long, in seconds.",
                floating_point_range=[FloatingPointRange(from_value=0.5, to_value=3600.0, step=0.0)],
            ),
        ),
        (
            "autostart",
            True,
            ParameterDescriptor(
                description="Configure and activate at start. False: wait for a lifecycle manager.",
                read_only=True,
            ),
        ),
    ]
    for name, default, descriptor in declare:
        node.declare_parameter(name, default, descriptor)


def read_settings(node: Node) -> Settings:
    """Read what `declare_parameters` declared.

    Raises:
        InputError: a combination that the ranges cannot express is not valid.
    """
    settings = Settings(**{field.name: node.get_parameter(field.name).value for field in fields(Settings)})
    if settings.precision not in PRECISIONS:
        raise InputError(_precision_refused(settings.precision))
    return settings


def check_change(parameters: Iterable[Parameter[Any]], configured: bool) -> SetParametersResult:
    """Accept or refuse a change, without acting on it.

    Types, ranges and read-only parameters are checked by rclpy before.

    Args:
        parameters: that someone wants to set.
        configured: whether a model is loaded.
    """
    for parameter in parameters:
        if configured and parameter.name in FIXED_WHILE_CONFIGURED:
            return _refuse(
                f"{parameter.name} cannot change while the model is loaded; deactivate and clean it up, "
                "set it, and configure again"
            )
        if parameter.name == "precision" and parameter.value not in PRECISIONS:
            return _refuse(_precision_refused(parameter.value))
        if parameter.name == "expression" and parameter.value != "":
            try:
                clean_sentence(str(parameter.value))
            except InputError as error:
                return _refuse(str(error))
    return SetParametersResult(successful=True)


def _precision_refused(value: object) -> str:
    return f"precision {value!r} is not one of {', '.join(PRECISIONS)}"


def _refuse(reason: str) -> SetParametersResult:
    return SetParametersResult(successful=False, reason=reason)
