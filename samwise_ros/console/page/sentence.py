"""The panel for what to follow: a box to type in, sentences to click, the target that there is."""

from __future__ import annotations

import time

from nicegui import ui
from rcl_interfaces.msg import Log

from samwise_ros.console.errors import Refused
from samwise_ros.console.limits import MAX_CHARACTERS
from samwise_ros.console.page.parts import Console, ago, refuse
from samwise_ros.console.page.talk import TalkButton
from samwise_ros.console.watch import Line

#: How long the node's words about a sentence stay below the box.
REPLY_S = 20.0
#: What is in the box right now. Half a character, which JavaScript allows and nothing else does, is replaced.
SUBMIT = """(event) => {
    const text = event.target.querySelector("input").value;
    emit(text.toWellFormed ? text.toWellFormed() : text);
}"""


class SentencePanel:
    """Asks for a sentence, and shows what becomes of it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said_at = time.monotonic()
        self._shown: tuple[str, ...] = ()
        with ui.element("section").classes("panel").props('aria-label="What to follow"'):
            form = ui.element("form").classes("say")
            form.on("submit.prevent", lambda event: self._say(str(event.args)), js_handler=SUBMIT)
            with form:
                # A plain box: what is typed is nobody's business before it is sent.
                with ui.element("label").classes("box"):
                    ui.label("What should it follow?")
                    ui.element("input").props(
                        f'type=text placeholder="the red car" maxlength={MAX_CHARACTERS} autofocus '
                        "autocomplete=off enterkeyhint=go"
                    )
                with ui.element("div").classes("line"):
                    ui.button("Follow", icon="my_location").props(
                        "type=submit unelevated color=primary text-color=dark"
                    ).style("height: 56px")
                    self._talk = TalkButton(console)
            self._reply = ui.label().classes("warning").props("role=status").props("data-name=reply")
            self._suggestions = (
                ui.element("div").classes("line").props('role=group aria-label="Sentences to try"')
            )
            self._target = TargetChip()

    def update(self) -> None:
        """Take over what is known now."""
        watch = self._console.watch
        self._target.update(self._console)
        self._talk.update()
        warnings = [line.text for line in watch.lines if line.level >= Log.WARN and self._concerns_us(line)]
        self._reply.set_text(warnings[-1] if warnings else "")
        self._reply.set_visibility(bool(warnings))
        if watch.suggestions != self._shown:
            self._shown = watch.suggestions
            self._suggestions.clear()
            with self._suggestions:
                for sentence in self._shown:
                    ui.button(sentence, on_click=lambda _, text=sentence: self._say(text)).props(
                        "flat dense no-caps color=primary padding='2px 12px'"
                    ).classes("suggestion")

    def _concerns_us(self, line: Line) -> bool:
        return line.at > self._said_at and time.monotonic() - line.at < REPLY_S

    def _say(self, sentence: str) -> None:
        try:
            self._console.commands.say(sentence)
        except Refused as refusal:
            refuse(refusal)
        else:
            self._said_at = time.monotonic()


class TargetChip:
    """The target: its number and colour, its sentence, and how it stands."""

    def __init__(self) -> None:
        with ui.element("div").classes("target").props("role=status") as self._chip:
            ui.label("1").classes("number").props("aria-hidden=true")
            self._name = ui.label().classes("name").props("data-name=target")
            self._state = ui.label().classes("muted").props("data-name=state")

    def update(self, console: Console) -> None:
        """Take over what is known now."""
        target = console.watch.target
        self._chip.set_visibility(target is not None)
        if target is None:
            return
        self._name.set_text(target.expression)
        state = "in view" if target.present else "lost" if target.lost else "not in view"
        since = ago(time.monotonic() - target.since)
        self._state.set_text(f"{state} for {since}, {target.score:.0%} sure")
        self._chip.classes(add="" if target.present else "absent", remove="absent" if target.present else "")
