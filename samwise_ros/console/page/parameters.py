"""The panel with a control for each parameter that may change live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import events, ui

from samwise_ros.console.errors import Refused
from samwise_ros.console.knobs import Knob
from samwise_ros.console.page.parts import panel, refuse
from samwise_ros.console.page.slider import Slider
from samwise_ros.console.parameter_link import ParameterLink


class ParametersPanel:
    """Controls made of what a node says of its parameters. Not shown where there is none.

    Args:
        title: of the panel.
        link: to the node whose parameters they are.
        there: whether it is worth asking.
    """

    def __init__(self, title: str, link: ParameterLink, there: Callable[[], bool]) -> None:
        self._link, self._there = link, there
        self._known: dict[str, Knob] = {}
        self._controls: dict[str, Any] = {}
        with panel(title) as self._panel:
            self._box = ui.element("div").classes("knobs")
        self._panel.set_visibility(False)

    async def update(self) -> None:
        """Take over what is known now."""
        if not self._there() or not self._link.there:
            self._panel.set_visibility(False)
            return
        try:
            knobs = {knob.name: knob for knob in await self._link.knobs()}
        except Refused:
            return  # the health panel says what is the matter
        self._known = knobs
        if [*knobs] != [*self._controls]:
            self._build()
        for name, knob in knobs.items():
            if self._controls[name].value != knob.value:
                self._controls[name].value = knob.value
        self._panel.set_visibility(bool(knobs))

    def _build(self) -> None:
        self._box.clear()
        with self._box:
            self._controls = {knob.name: self._control(knob) for knob in self._known.values()}

    def _control(self, knob: Knob) -> Any:
        async def turn(event: events.ValueChangeEventArguments[Any]) -> None:
            await self._turn(knob.name, event.value)

        label = knob.name.replace("_", " ")
        control: Any
        with ui.element("div").classes("knob"):
            if knob.choices:
                control = ui.select(list(knob.choices), value=knob.value, label=label, on_change=turn)
                control.props("dense outlined options-dense")
            elif isinstance(knob.value, bool):
                control = ui.switch(label, value=knob.value, on_change=turn)
            elif knob.slides:
                control = Slider(label, knob, lambda value: self._turn(knob.name, value))
            else:
                control = ui.number(
                    label, min=knob.low, max=knob.high, value=float(knob.value), on_change=turn
                )
                control.props("dense outlined debounce=600")
            if knob.text:
                ui.label(knob.text).classes("muted")
        return control.props(f"data-name=knob-{knob.name}")

    async def _turn(self, name: str, value: float | bool | str | None) -> None:
        knob = self._known.get(name)
        # What comes from the node comes back from the control, and needs no setting.
        if knob is None or value is None or value == knob.value:
            return
        try:
            await self._link.turn(knob, value)
        except Refused as refusal:
            refuse(refusal)
