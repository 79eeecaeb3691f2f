"""The parameters of the segmenter: what they mean, which values they take, and when they may change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise_ros.errors import InputError
from samwise_ros.messages.sentences import clean_sentence

PRECISIONS = ("float32", "bfloat16", "float16")
#: More than any machine has cores for one model.
MAX_THREADS = 1024

#: More than a camera sends in half a minute.
MAX_FRAMES = 1000

#: Of `max_rate`: the rate that the model was trained at.
OF_THE_MODEL = -1.0
HIGHEST_RATE = 240.0

#: Beginnings of the names that ROS declares itself, some of them later.
_OF_ROS = ("qos_overrides.", "use_sim_time", "start_type_description_service")

#: What the model is built of: free to change while no model is loaded, fixed while one is.
FIXED_WHILE_CONFIGURED = ("checkpoint", "device", "precision", "threads")


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
    restart_threshold: float = 1.0
    threads: int = 0
    max_rate: float = OF_THE_MODEL
    found_frames: int = 1
    lost_frames: int = 3
    found_score: float = 0.5
    lost_score: float = 0.5


def declare_parameters(node: Node) -> None:
    """Declare every parameter with its default, description and range.

    Raises:
        rclpy.exceptions.ParameterException: if a value given at start is of the wrong type or out of range.
        InputError: if it breaks a rule that the range cannot express.
    """
    probability = FloatingPointRange(from_value=0.0, to_value=1.0, step=0.0)
    frames = IntegerRange(from_value=1, to_value=MAX_FRAMES, step=1)
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
            "threads",
            0,
            ParameterDescriptor(
                description="Threads that compute where the device is a CPU. 0: what suits the size of the "
                "model and the cores there are. Fixed while configured.",
                integer_range=[IntegerRange(from_value=0, to_value=MAX_THREADS, step=1)],
            ),
        ),
        (
            "max_rate",
            OF_THE_MODEL,
            ParameterDescriptor(
                description="Images per second that are segmented at most, in Hz, evenly by their stamps; "
                "what comes sooner is left out. 0: every image. Below 0: the rate that the model was trained "
                "at, if its file says so: at another, everything moves faster or slower than it has learned.",
                floating_point_range=[
                    FloatingPointRange(from_value=OF_THE_MODEL, to_value=HIGHEST_RATE, step=0.0)
                ],
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
            "found_frames",
            1,
            ParameterDescriptor(
                description="Frames in a row that have to show a target before it is tracked. Until then its "
                "mask is empty.",
                integer_range=[frames],
            ),
        ),
        (
            "lost_frames",
            3,
            ParameterDescriptor(
                description="Frames in a row that must not show a target before it counts as lost.",
                integer_range=[frames],
            ),
        ),
        (
            "found_score",
            0.5,
            ParameterDescriptor(
                description="A frame shows a target that is not tracked where the model sees it and its "
                "score is at least this.",
                floating_point_range=[probability],
            ),
        ),
        (
            "lost_score",
            0.5,
            ParameterDescriptor(
                description="A frame shows a target that is tracked where the model sees it and its score is "
                "at least this.",
                floating_point_range=[probability],
            ),
        ),
        (
            "restart_threshold",
            1.0,
            ParameterDescriptor(
                description="Forget the target where an image is stamped more than this before the newest "
                "one, in seconds: a recording began again. By less, images have only overtaken each other.",
                floating_point_range=[FloatingPointRange(from_value=0.0, to_value=3600.0, step=0.0)],
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
        given: Parameter[Any] = node.declare_parameter(name, default, descriptor)
        if given.value != default:
            checked = check_change([given], configured=False)
            if not checked.successful:
                raise InputError(checked.reason)


def unknown_parameters(node: Node) -> list[str]:
    """Return a line for each parameter that was given at start and that the node does not have: a typo."""
    # ROS sets no such values and says nothing, and rclpy has no public way to ask for them.
    given: Iterable[str] = getattr(node, "_parameter_overrides", ())
    known = [field.name for field in fields(Settings)]
    unknown = [name for name in given if not node.has_parameter(name) and not name.startswith(_OF_ROS)]
    return [
        f"there is no parameter {name!r}, its value is not used"
        + "".join(f"; perhaps {near} is meant" for near in get_close_matches(name, known, 1))
        for name in unknown
    ]


def read_settings(node: Node) -> Settings:
    """Read what `declare_parameters` declared.

    Raises:
        InputError: if a combination that the ranges cannot express is not valid.
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
        configured: whether a model is loaded, or being loaded.
    """
    for parameter in parameters:
        if configured and parameter.name in FIXED_WHILE_CONFIGURED:
            return _refuse(
                f"{parameter.name} cannot change while the model is loaded; deactivate and clean it up, "
                "set it, and configure again"
            )
        try:
            _check_value(parameter.name, parameter.value)
        except InputError as error:
            return _refuse(str(error))
        except ImportError:
            # Only the library can judge this value, and it is not there: configure will say so.
            continue
    return SetParametersResult(successful=True)


def _check_value(name: str, value: Any) -> None:
    """Raise InputError for a text that the node has no use for."""
    if name == "precision" and value not in PRECISIONS:
        raise InputError(_precision_refused(value))
    if name == "device":
        _check_device(value)
    if name == "checkpoint" and value and not value.strip():
        raise InputError(f"checkpoint {value!r} is blank; name a file, or set it to '' for the miniature")
    if name == "expression" and value:
        clean_sentence(value)


def _check_device(name: str) -> None:
    from samwise.errors import ConfigurationError
    from samwise.shell.devices import checked_device

    try:
        checked_device(name)
    except ConfigurationError as error:
        raise InputError(str(error)) from error


def _precision_refused(value: object) -> str:
    return f"precision {value!r} is not one of {', '.join(PRECISIONS)}"


def _refuse(reason: str) -> SetParametersResult:
    return SetParametersResult(successful=False, reason=reason)
