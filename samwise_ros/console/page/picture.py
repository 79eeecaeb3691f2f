"""The panel with the live picture."""

from __future__ import annotations

from typing import Any

from nicegui import events, ui
from nicegui.element import Element

from samwise_ros.console.page.parts import Console
from samwise_ros.console.video import PATH

FOLLOWED = "what the node sees"


class LivePicture(Element, component="../assets/live_picture.js"):
    """The canvas that shows what the video socket sends."""

    def __init__(self) -> None:
        super().__init__()
        self._props["path"] = PATH
        self._props["label"] = "Live picture"

    def describe(self, text: str) -> None:
        """Say what there is to see, for those who cannot."""
        if self._props["label"] != text:
            self._props["label"] = text
            self.update()


class PicturePanel:
    """Picture, what is under the finger, and the choice of the topic."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._picture = LivePicture()
        self._picture.on("point", self._point)
        with ui.element("div").classes("line"):
            self._rate = ui.label().classes("muted").props("data-name=rate")
            self._pointed = ui.label().classes("muted").props("role=status").props("data-name=pointed")
            ui.space()
            self._topics = ui.select(
                {"": FOLLOWED}, value="", label="Image topic", on_change=self._choose
            ).props("dense outlined options-dense")
            self._topics.style("min-width: 15rem")

    def update(self) -> None:
        """Take over what is known now."""
        watch = self._console.watch
        shown = self._console.video.shown_after.last()
        delay = f", on this screen {shown:.0f} ms after the camera" if shown is not None else ""
        self._rate.set_text(f"{watch.masks.per_second():.1f} masks/s{delay}")
        options = {"": FOLLOWED, **{topic: topic for topic in sorted(watch.offer.image_topics)}}
        if self._topics.value and self._topics.value not in options:
            options[self._topics.value] = f"{self._topics.value} (gone)"
        if options != self._topics.options:
            self._topics.set_options(options)
        target = watch.target
        if target is None:
            self._picture.describe("Live picture, nothing is followed")
        else:
            state = "lit up" if target.present else "not in view"
            self._picture.describe(f"Live picture: {target.expression}, {state}")

    def _choose(self, event: events.ValueChangeEventArguments[Any]) -> None:
        self._console.watch.choose(event.value or None)

    def _point(self, event: events.GenericEventArguments) -> None:
        try:
            (x, y), (x2, y2) = (tuple(map(float, event.args[end])) for end in ("from", "to"))
        except (KeyError, TypeError, ValueError):
            return
        at = f"Point at {100 * x:.0f} % from the left, {100 * y:.0f} % from the top"
        box = f"Box from {100 * x:.0f} %, {100 * y:.0f} % to {100 * x2:.0f} %, {100 * y2:.0f} %"
        self._pointed.set_text(at if max(abs(x - x2), abs(y - y2)) < 0.01 else box)
