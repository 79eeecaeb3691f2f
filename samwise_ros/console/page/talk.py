"""The button to hold while speaking, and what was heard."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from nicegui.element import Element

from samwise_ros.console.errors import Refused
from samwise_ros.console.page.parts import Console, refuse, warn
from samwise_ros.console.talk import PATH


class Microphone(Element, component="../assets/microphone.js"):
    """Records while it is held, or while the space bar is, outside of text boxes."""

    def __init__(self) -> None:
        super().__init__()
        self._props["path"] = PATH


class TalkButton:
    """Shown while a listener is there."""

    def __init__(self, console: Console) -> None:
        self._talk, self._commands = console.talk, console.commands
        self._seen = console.talk.words.total
        self._button = Microphone()
        self._button.set_visibility(False)
        self._button.on("trouble", lambda event: warn(str(event.args)[:300]))

    def update(self) -> None:
        """Take over what is known now."""
        self._button.set_visibility(self._talk.offered)
        if self._talk.words.total == self._seen:
            return
        self._seen = self._talk.words.total
        self._show(self._talk.heard)

    def _show(self, heard: Any) -> None:
        text = str(heard.text)[:300]
        if heard.status == heard.UNSURE:
            self._ask([str(alternative)[:300] for alternative in heard.alternatives][:5] or [text])
        elif heard.status == heard.COMMAND:
            ui.notify(f"Heard the command “{heard.command} {text}”. {heard.reply}", type="info")
        elif heard.status == heard.NOTHING:
            hint = "speak near the microphone while you hold the button, or type the sentence"
            warn(heard.reply or f"Nothing was understood: {hint}")
        else:
            ui.notify(f"Heard “{text}”. {heard.reply}", type="positive")

    def _ask(self, sentences: list[str]) -> None:
        """Did you say ...?"""
        with ui.dialog(value=True) as dialog, ui.card():
            ui.label("Did you say …?").classes("text-h6")
            for sentence in sentences:
                ui.button(sentence, on_click=lambda _, said=sentence: self._take(dialog, said)).props(
                    "flat no-caps"
                )
            ui.button("None of these", on_click=dialog.close).props("flat no-caps")

    def _take(self, dialog: ui.dialog, sentence: str) -> None:
        dialog.close()
        try:
            self._commands.say(sentence)
        except Refused as refusal:
            refuse(refusal)
