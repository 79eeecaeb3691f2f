"""Panels that change something: lifecycle and recording."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import run, ui

from samwise_ros.console.commands import POSSIBLE, TRANSITIONS
from samwise_ros.console.errors import Refused
from samwise_ros.console.page.parts import Console, ago, attempt, panel, refuse


class LifecyclePanel:
    """Pause, resume, reset, and the transitions that are possible now."""

    def __init__(self, console: Console) -> None:
        self._watch, commands = console.watch, console.commands
        with panel("The node"):
            self._state = ui.label().classes("muted").props("data-name=lifecycle")
            with ui.element("div").classes("line"):
                self._pause = _button("Pause", "pause", lambda: commands.pause(True))
                self._resume = _button("Resume", "play_arrow", lambda: commands.pause(False))
                self._reset = _button("Reset", "restart_alt", commands.reset, "it forgot what it saw")
                self._transitions = {
                    name: _button(name.capitalize(), "", lambda name=name: commands.transition(name))  # type: ignore[misc]
                    for name in TRANSITIONS
                }

    def update(self) -> None:
        """Take over what is known now."""
        watch = self._watch
        there = watch.offer.present and watch.answers
        state = watch.state if there else "not there"
        self._state.set_text(f"{watch.name}: {state}")
        active = there and watch.state == "active"
        self._pause.set_visibility(active)
        self._reset.set_visibility(active)
        self._resume.set_visibility(there and watch.state == "inactive")
        for name, button in self._transitions.items():
            # Activate and deactivate are Resume and Pause already.
            shown = there and name in POSSIBLE.get(watch.state, ()) and name in ("configure", "cleanup")
            button.set_visibility(shown)


class RecordingPanel:
    """Record on and off."""

    def __init__(self, console: Console) -> None:
        self._recording = console.recording
        with panel("Recording"):
            with ui.element("div").classes("line"):
                self._start = ui.button("Record", icon="fiber_manual_record", on_click=self._begin)
                self._start.props("outline no-caps color=primary")
                self._stop = ui.button("Stop", icon="stop", on_click=self._end)
                self._stop.props("unelevated no-caps color=negative")
            self._text = ui.label().classes("muted said").props("role=status").props("data-name=recording")

    def update(self) -> None:
        """Take over what is known now."""
        recording = self._recording
        self._start.set_visibility(not recording.running)
        self._stop.set_visibility(recording.running)
        if recording.file is None:
            self._text.set_text("Pictures, masks, states and sentences, as a bag on the robot")
        elif recording.running:
            self._text.set_text(f"Recording {recording.file} for {ago(recording.seconds)}")
        else:
            self._text.set_text(f"Recorded {recording.file}")

    def _begin(self) -> None:
        try:
            self._recording.start()
        except Refused as refusal:
            refuse(refusal)

    async def _end(self) -> None:
        async def stop() -> None:
            await run.io_bound(self._recording.stop)

        await attempt(stop(), "The recording is whole")


def _button(text: str, icon: str, action: Callable[[], Awaitable[None]], done: str = "") -> ui.button:
    async def press() -> None:
        button.disable()
        try:
            await attempt(action(), done and f"Done: {done}")
        finally:
            button.enable()

    button = ui.button(text, icon=icon or None, on_click=press).props("outline no-caps color=primary")
    return button
