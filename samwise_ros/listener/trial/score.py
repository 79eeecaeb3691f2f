"""Counts what became of spoken sentences, and false triggers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samwise_ros.listener.interpreter import Status, Verdict
from samwise_ros.listener.listening import sayable
from samwise_ros.listener.phrases import understand
from samwise_ros.listener.trial.sentences import Spoken, target_of


@dataclass(frozen=True)
class Outcome:
    """What became of one spoken sentence.

    Attributes:
        said: the sentence.
        verdict: of the listener.
        voice, decibels: how it was spoken.
    """

    said: Spoken
    verdict: Verdict
    voice: str
    decibels: float

    @property
    def followed(self) -> bool:
        """A sentence arrived at the node that follows."""
        return self.verdict.status == Status.ACCEPTED

    @property
    def word_for_word(self) -> bool:
        """It arrived as it was said."""
        return self.followed and self.verdict.text == self.said.text

    @property
    def same_target(self) -> bool:
        """What arrived names what was meant, whatever its words."""
        return self.followed and self._names_target(self.verdict.text)

    @property
    def asked_rightly(self) -> bool:
        """The listener asked back, and "yes" would make it arrive."""
        return self.verdict.status == Status.UNSURE and self._names_target(self.verdict.text)

    @property
    def other_target(self) -> bool:
        """Something arrived that names something else, nothing, or more than one."""
        return self.followed and not self.same_target

    def _names_target(self, text: str) -> bool:
        if text == self.said.text:
            return True
        meaning = understand(sayable(), text)
        return meaning is not None and target_of(meaning, self.said.facts) == self.said.target


COLUMNS = (
    ("word for word", "word_for_word"),
    ("same target", "same_target"),
    ("asked, rightly", "asked_rightly"),
    ("other target", "other_target"),
)


def table(outcomes: Sequence[Outcome]) -> str:
    """Shares in percent, one row a voice and loudness of noise, and one for all, as Markdown."""
    rows = ["| voice | speech over noise | sentences | " + " | ".join(name for name, _ in COLUMNS) + " |"]
    rows.append("|---|--:|--:|" + "--:|" * len(COLUMNS))
    groups = dict.fromkeys((outcome.voice, outcome.decibels) for outcome in outcomes)
    for voice, decibels in groups:
        group = [outcome for outcome in outcomes if (outcome.voice, outcome.decibels) == (voice, decibels)]
        rows.append(_row(f"| {voice} | {decibels:g} dB", group))
    rows.append(_row("| all | ", outcomes))
    return "\n".join(rows)


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    shares = [100 * sum(getattr(o, column) for o in outcomes) / len(outcomes) for _, column in COLUMNS]
    return f"{name} | {len(outcomes)} | " + " | ".join(f"{share:.1f} %" for share in shares) + " |"


def misses(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each sentence that did not arrive word for word: how it was said, and what was heard."""
    return [
        f"{o.voice}, {o.decibels:g} dB: {o.said.text!r}: {o.verdict.status.name.lower()} {o.verdict.text!r}"
        f"{', same target' if o.same_target or o.asked_rightly else ''} ({o.verdict.confidence:.2f})"
        for o in outcomes
        if not o.word_for_word
    ]


def triggers(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Verdicts that would have changed what is followed."""
    return [verdict for verdict in verdicts if verdict.status in (Status.ACCEPTED, Status.COMMAND)]
