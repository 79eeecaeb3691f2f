"""The parameters of the listener."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise_ros.listener.engines import ENGINES
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.sources import SOURCES

CUTTINGS = ("push_to_talk", "voice")


@dataclass(frozen=True)
class Settings:
    """Values of the parameters, under their names."""

    engine: str
    model: str
    threads: int
    source: str
    device: str
    file: str
    cutting: str
    wake_word: str
    target_node: str
    accept: float
    ask: float

    @property
    def button(self) -> bool:
        """Whether somebody holds a button while speaking."""
        return self.cutting == "push_to_talk"

    @property
    def spoken_first(self) -> str:
        """The wake word, if one is needed."""
        return "" if self.button else self.wake_word


def declare_parameters(node: Node) -> None:
    """Declare every parameter with its default, description and range.

    Raises:
        rclpy.exceptions.ParameterException: if a value given at start is of the wrong type or out of range.
    """
    _fixed(node, "engine", "pocketsphinx", "What recognises speech.", one_of=tuple(ENGINES))
    _fixed(
        node,
        "model",
        "",
        "File or folder with the engine's model; empty: the one that PocketSphinx brings along.",
    )
    _fixed(
        node,
        "threads",
        1,
        "Threads of faster-whisper and sherpa-onnx; PocketSphinx takes one.",
        integer_range=[IntegerRange(from_value=1, to_value=64, step=0)],
    )
    _fixed(
        node,
        "source",
        "topic",
        "Where sound comes from: the topic `audio` as samwise_msgs/AudioChunk or as "
        "audio_common_msgs/AudioData, a "
        "microphone of this machine, or a WAV file.",
        one_of=SOURCES,
    )
    _fixed(node, "device", "", "Microphone, by number or a part of its name; empty: the usual one.")
    _fixed(node, "file", "", "WAV file for the source `file`, heard once at start.")
    _fixed(
        node,
        "cutting",
        "push_to_talk",
        "What an utterance is: what comes until a piece says that it is the last, or what comes while "
        "somebody speaks.",
        one_of=CUTTINGS,
    )
    _fixed(
        node,
        "wake_word",
        "hey robot",
        "Words that every utterance has to begin with when it is cut by `voice`; empty: none, and then other "
        "talk is taken for sentences now and then.",
    )
    _fixed(node, "target_node", "segmenter", "Name of the node that commands like `pause` are for.")
    for name, default, description in (
        ("accept", 0.5, "Do what was heard from this confidence on."),
        (
            "ask",
            0.3,
            "Ask back where the words fit the sound this well, but what was meant is less sure than "
            "`accept`.",
        ),
    ):
        probability = FloatingPointRange(from_value=0.0, to_value=1.0, step=0.0)
        descriptor = ParameterDescriptor(description=description, floating_point_range=[probability])
        node.declare_parameter(name, default, descriptor)


def _fixed(
    node: Node, name: str, default: object, description: str, one_of: tuple[str, ...] = (), **more: Any
) -> None:
    """Declare a parameter that is set at start only."""
    constraints = f"one of {', '.join(one_of)}" if one_of else ""
    descriptor = ParameterDescriptor(
        description=f"{description} Set at start.", additional_constraints=constraints, read_only=True, **more
    )
    node.declare_parameter(name, default, descriptor)


def read_settings(node: Node) -> Settings:
    """Read what `declare_parameters` declared.

    Raises:
        SpeechError: if a value that no range can rule out is not valid.
    """
    settings = Settings(**{field.name: node.get_parameter(field.name).value for field in fields(Settings)})
    for name, known in (("engine", tuple(ENGINES)), ("source", SOURCES), ("cutting", CUTTINGS)):
        if getattr(settings, name) not in known:
            raise SpeechError(f"{name} {getattr(settings, name)!r} is not one of {', '.join(known)}")
    if settings.ask > settings.accept:
        raise SpeechError(_ask_refused(settings.ask, settings.accept))
    return settings


def check_change(parameters: Iterable[Parameter[Any]], settings: Settings) -> SetParametersResult:
    """Accept or refuse a change. Types, ranges and read-only parameters are checked by rclpy before."""
    new = {parameter.name: parameter.value for parameter in parameters}
    ask, accept = new.get("ask", settings.ask), new.get("accept", settings.accept)
    if ask > accept:
        return SetParametersResult(successful=False, reason=_ask_refused(ask, accept))
    return SetParametersResult(successful=True)


def _ask_refused(ask: float, accept: float) -> str:
    return f"ask {ask:g} is above accept {accept:g}; set it to at most that"
