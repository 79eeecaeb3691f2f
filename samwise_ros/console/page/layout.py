"""Puts the panels together, and keeps them up to date."""

from __future__ import annotations

from pathlib import Path

from nicegui import ui

from samwise_ros.console.page.controls import LifecyclePanel, RecordingPanel
from samwise_ros.console.page.events import EventsPanel
from samwise_ros.console.page.parameters import ParametersPanel
from samwise_ros.console.page.parts import Console
from samwise_ros.console.page.picture import PicturePanel
from samwise_ros.console.page.sentence import SentencePanel
from samwise_ros.console.page.status import HealthPanel, NumbersPanel, PlotsPanel, WordsPanel

CSS = Path(__file__).parents[1] / "assets" / "console.css"
#: Words follow within this, plots and parameters within the slower one, in seconds.
QUICK_S, SLOW_S = 0.25, 1.0


def serve_page(console: Console) -> None:
    """Add the page to NiceGUI's application."""

    @ui.page("/", title="samwise", dark=True, language="en-US")
    def page() -> None:
        build(console)


def build(console: Console) -> None:
    """Build the page for one browser."""
    ui.add_css(CSS)
    ui.colors(primary="#56b4e9", positive="#1f7a57", warning="#8a5a00", negative="#a8322a", dark="#101318")
    with ui.element("div").classes("console"):
        with ui.element("header").classes("console-head"):
            ui.html("<h1>samwise</h1>", sanitize=False)
            ui.label(console.watch.name).classes("muted")
        with ui.element("div").classes("console-main"):
            picture = PicturePanel(console)
            sentence = SentencePanel(console)
            happened = EventsPanel(console)
        with ui.element("aside").classes("console-side").props('aria-label="State and controls"'):
            health = HealthPanel(console)
            scene = ParametersPanel("Scene", console.scene, lambda: True)
            lifecycle = LifecyclePanel(console)
            numbers = NumbersPanel(console)
            plots = PlotsPanel(console)
            parameters = ParametersPanel("Parameters", console.parameters, lambda: console.watch.answers)
            recording = RecordingPanel(console)
            words = WordsPanel(console)

    def quickly() -> None:
        for panel in (picture, sentence, happened, health, lifecycle, numbers, recording, words):
            panel.update()

    async def slowly() -> None:
        plots.update()
        await scene.update()
        await parameters.update()

    quickly()
    ui.timer(QUICK_S, quickly)
    ui.timer(SLOW_S, slowly)
