"""Panels that change something: lifecycle and recording."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import run, ui

from samwise_ros.console.commands import POSSIBLE, TRANSITIONS
from samwise_ros.console.errors import Refused
from samwise_ros.console.page.parts import Console, ago, attempt, panel, refuse
from samwise_ros.console.recording import PATH
from samwise_ros.console.report import RESULTS


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
    """Record on and off, and the report of what was recorded."""

    def __init__(self, console: Console) -> None:
        self._recording = console.recording
        with panel("Recording"):
            with ui.element("div").classes("line"):
                self._start = ui.button("Record", icon="fiber_manual_record", on_click=self._begin)
                self._start.props("outline no-caps color=primary")
                self._stop = ui.button("Stop", icon="stop", on_click=self._end)
                self._stop.props("unelevated no-caps color=negative")
                self._report = ui.button("Make its report", icon="insights", on_click=self._draw)
                self._report.props("outline no-caps color=primary")
            self._text = ui.label().classes("muted said").props("role=status data-name=recording")
            with ui.element("div").classes("line"):
                self._links = {name: _link(name) for name in RESULTS}

    def update(self) -> None:
        """Take over what is known now."""
        recording = self._recording
        busy, results = recording.running or recording.reporting, recording.results
        self._start.set_visibility(not busy)
        self._stop.set_visibility(recording.running)
        self._report.set_visibility(recording.place is not None and not busy and not results)
        for name, link in self._links.items():
            link.set_visibility(name in results)
        self._text.set_text(self._say())

    def _say(self) -> str:
        recording = self._recording
        if recording.place is None:
            return "Pictures, masks, states and sentences, as a bag on the robot"
        if recording.running:
            return f"Recording in {recording.place} for {ago(recording.seconds)}"
        if recording.reporting:
            return "Drawing the report …"
        if trouble := recording.trouble():
            return f"There is no report:{trouble}"
        return f"Recorded in {recording.place}"

    def _begin(self) -> None:
        try:
            self._recording.start()
        except Refused as refusal:
            refuse(refusal)

    def _draw(self) -> None:
        try:
            self._recording.report()
        except Refused as refusal:
            refuse(refusal)

    async def _end(self) -> None:
        async def stop() -> None:
            await run.io_bound(self._recording.stop)

        await attempt(stop(), "The recording is whole")


def _link(name: str) -> ui.link:
    link = ui.link(RESULTS[name], f"{PATH}/{name}", new_tab=True)
    link.set_visibility(False)
    return link


def _button(text: str, icon: str, action: Callable[[], Awaitable[None]], done: str = "") -> ui.button:
    async def press() -> None:
        button.disable()
        try:
            await attempt(action(), done and f"Done: {done}")
        finally:
            button.enable()

    button = ui.button(text, icon=icon or None, on_click=press).props("outline no-caps color=primary")
    return button
