"""What is to be done about an utterance: follow it, carry it out, ask back, or ignore it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum

from samwise_ros.listener.commands import Command, read_command
from samwise_ros.listener.recogniser import Guess, Recognition

#: Alternatives offered when it is not clear what was said.
MOST_ALTERNATIVES = 3


class Status(IntEnum):
    """What an utterance is taken for; the values are those of samwise_msgs/Heard."""

    NOTHING = 0
    ACCEPTED = 1
    UNSURE = 2
    COMMAND = 3


@dataclass(frozen=True)
class Verdict:
    """What an utterance is taken for.

    Attributes:
        status: see `Status`.
        text: the sentence; for a command, the one that it is about.
        confidence: from 0 to 1.
        command: set for COMMAND.
        alternatives: set for UNSURE, the likeliest first.
        withdrawn: the sentence that was asked about and is dropped by this, if there was one.
    """

    status: Status
    text: str = ""
    confidence: float = 0.0
    command: str = ""
    alternatives: tuple[str, ...] = ()
    withdrawn: str = ""


@dataclass(frozen=True)
class Thresholds:
    """How sure one has to be, from 0 to 1.

    Attributes:
        accept: to do what was said.
        ask: to ask back; below, an utterance is nothing. Not above `accept`.
    """

    accept: float
    ask: float


@dataclass
class Interpreter:
    """Judges utterances, and remembers what it has asked.

    Attributes:
        meaning: of a text. Texts with the same meaning count as one; None for a text that means nothing.
        wake_word: words that an utterance has to begin with, but for an answer; empty: none.
        addressed: odds that an utterance is meant for the listener, against noise and other speech, before it
            is heard. The fit is what the sound alone says, with even odds.
    """

    meaning: Callable[[str], Hashable | None]
    wake_word: str = ""
    addressed: float = 1.0
    _asked: tuple[str, ...] = field(default=(), init=False)

    def judge(self, recognition: Recognition, thresholds: Thresholds) -> Verdict:
        """Decide about what was recognised."""
        meant = self._by_meaning(recognition)
        if not meant:
            return Verdict(Status.NOTHING, confidence=0.0)
        best = meant[0]
        meant_for_us = self._addressed(recognition.fit)
        confidence = meant_for_us * best.share
        # How sure it is that one of the guesses was said decides about asking; how sure it is of the best,
        # about doing.
        if meant_for_us < thresholds.ask:
            return Verdict(Status.NOTHING, best.text, confidence)
        if confidence >= thresholds.accept:
            return self._accepted(best.text, confidence)
        self._asked = tuple(guess.text for guess in meant[:MOST_ALTERNATIVES])
        return Verdict(Status.UNSURE, best.text, confidence, alternatives=self._asked)

    def _addressed(self, fit: float) -> float:
        """How sure it is that the words were said, and to the listener."""
        return fit * self.addressed / (fit * self.addressed + 1 - fit)

    def _by_meaning(self, recognition: Recognition) -> list[Guess]:
        """Guesses that mean something, each meaning once, in the words that are likeliest for it."""
        shares: dict[Hashable, float] = {}
        texts: dict[Hashable, str] = {}
        for guess in recognition.guesses:
            text = self._awake(guess.text)
            meaning = self.meaning(text) if text else None
            if meaning is not None:
                shares[meaning] = shares.get(meaning, 0.0) + guess.share
                texts.setdefault(meaning, text)
        return sorted((Guess(texts[m], share) for m, share in shares.items()), key=lambda guess: -guess.share)

    def _awake(self, text: str) -> str:
        if not self.wake_word:
            return text
        if text.startswith(f"{self.wake_word} "):
            return text[len(self.wake_word) + 1 :]
        answer = read_command(text)
        return text if self._asked and answer in (Command("yes"), Command("no")) else ""

    def _accepted(self, text: str, confidence: float) -> Verdict:
        asked, self._asked = self._asked, ()
        command = read_command(text)
        if command == Command("yes") and asked:
            return self._accepted(asked[0], confidence)
        if command is not None:
            withdrawn = asked[0] if asked and command.name in ("no", "forget") else ""
            return Verdict(Status.COMMAND, command.target, confidence, command.name, withdrawn=withdrawn)
        return Verdict(Status.ACCEPTED, text, confidence)
