"""What the panels have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui import ui

from samwise_ros.console.commands import Commands
from samwise_ros.console.errors import Refused
from samwise_ros.console.parameter_link import ParameterLink
from samwise_ros.console.recording import Recording
from samwise_ros.console.talk import Talk
from samwise_ros.console.video import Video
from samwise_ros.console.watch import Watch


@dataclass(frozen=True)
class Console:
    """All that the page reads and asks.

    Attributes:
        watch: what the node says.
        commands: what can be asked of it.
        parameters: of the node.
        scene: parameters of the scene, where one is running.
        video: the pictures' socket.
        recording: on and off.
        talk: the microphone's socket.
    """

    watch: Watch
    commands: Commands
    parameters: ParameterLink
    scene: ParameterLink
    video: Video
    recording: Recording
    talk: Talk


@contextmanager
def panel(title: str) -> Iterator[ui.element]:
    """A part of the page under a heading."""
    with ui.element("section").classes("panel").props(f'aria-label="{title}"') as section:
        ui.html(f"<h2>{title}</h2>", sanitize=False)
        yield section


async def attempt(action: Awaitable[None], done: str = "") -> None:
    """Do something that may be refused, and say what came of it."""
    try:
        await action
    except Refused as refusal:
        refuse(refusal)
    else:
        if done:
            ui.notify(done, type="positive")


def refuse(refusal: Refused) -> None:
    """Say why something is not done."""
    text = str(refusal)
    warn(text[:1].upper() + text[1:])


def warn(text: str) -> None:
    """Say what is the matter, long enough to be read."""
    # White on brown: Quasar's own dark letters are hard to read there.
    close = [{"label": "Close", "color": "white"}]
    ui.notify(text, type="warning", textColor="white", timeout=8000, actions=close, multi_line=True)


def ago(seconds: float) -> str:
    """Say how long something lasts, or is past, in a few letters."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
