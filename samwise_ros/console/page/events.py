"""The strip of what happened, with pictures before and after."""

from __future__ import annotations

import base64
import time

from nicegui import ui

from samwise_ros.console.events import Event
from samwise_ros.console.page.parts import Console, panel

SHOWN = 12


class EventsPanel:
    """The newest event first."""

    def __init__(self, console: Console) -> None:
        self._events = console.watch.events
        self._cards: dict[int, tuple[Event, ui.element]] = {}
        with panel("What happened"):
            self._strip = ui.element("div").classes("events")
            self._strip.props('tabindex=0 role=log aria-label="Events, the newest first"')

    def update(self) -> None:
        """Take over what is known now."""
        events = self._events.list()[:SHOWN]
        current = {event.number for event in events}
        for number in [number for number in self._cards if number not in current]:
            self._cards.pop(number)[1].delete()
        for event in reversed(events):
            known = self._cards.get(event.number)
            if known is not None and known[0] == event:
                continue
            if known is not None:
                card = known[1]
                card.clear()
            else:
                with self._strip:
                    card = ui.element("article").classes("event")
                card.move(target_index=0)
            self._cards[event.number] = (event, card)
            with card:
                _fill(event)


def _fill(event: Event) -> None:
    if event.before is not None or event.after is not None:
        with ui.element("div").classes("pair"):
            for when, data in (("before", event.before), ("after", event.after)):
                if data is not None:
                    _picture(when, data)
    clock = time.strftime("%H:%M:%S", time.localtime(event.at))
    ui.label(f"{clock} · {event.text}").classes("what").props(f"data-name=event-{event.kind.value}")


def _picture(when: str, data: bytes) -> None:
    with ui.element("figure"):
        source = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
        ui.element("img").props(f'src="{source}" alt="{when} the event"')
        with ui.element("figcaption"):
            ui.label(when)
