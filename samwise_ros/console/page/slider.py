"""A slider as browsers make it: with keyboard, screen reader and touch as the system has them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from samwise_ros.console.knobs import Knob

#: While it is dragged, it reports at most once in this many seconds.
EVERY_S = 0.2
STEPS = 100


class Slider(ui.element):
    """A native range input, with its name and its value above.

    Args:
        label: the name.
        knob: its range and value.
        turn: called with a value that somebody chose.
    """

    def __init__(self, label: str, knob: Knob, turn: Callable[[float], Awaitable[None]]) -> None:
        with ui.element("div").classes("name").props("aria-hidden=true"):
            ui.label(label)
            self._shown = ui.label().classes("value")
        super().__init__("input")
        self._value: object = None
        self._turn = turn
        step = knob.step or (knob.high - knob.low) / STEPS
        self.props(f'type=range min={knob.low} max={knob.high} step={step} aria-label="{label}"')
        self.on("input", self._moved, throttle=EVERY_S, js_handler="(event) => emit(event.target.value)")
        self.value = knob.value

    @property
    def value(self) -> object:
        """The value that it shows."""
        return self._value

    @value.setter
    def value(self, value: object) -> None:
        self._value = value
        self._props["value"] = value
        self._shown.set_text(f"{value:.3g}" if isinstance(value, float) else str(value))
        self.update()

    async def _moved(self, event: events.GenericEventArguments) -> None:
        try:
            chosen = float(event.args)
        except (TypeError, ValueError):
            return
        self._value = chosen
        self._shown.set_text(f"{chosen:.3g}")
        await self._turn(chosen)
