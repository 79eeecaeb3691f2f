"""What there is of a listener without ROS: sound in, verdicts out, in a thread of its own."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from samwise_ros.listener.commands import answer_phrases, command_phrases
from samwise_ros.listener.engines import WITH_GRAMMAR
from samwise_ros.listener.interpreter import Interpreter, Verdict
from samwise_ros.listener.phrases import OneOf, Phrase, in_order, understand
from samwise_ros.listener.recogniser import Samples
from samwise_ros.listener.world_sentences import world_target

#: Utterances that wait while one is being recognised. A person says no more before listening for an answer.
WAITING = 4
#: How much likelier it is that somebody speaks to the robot while holding its button than otherwise.
BUTTON_ODDS = 30.0


def sayable(wake_word: str = "") -> Phrase:
    """All that can be said to the listener.

    Args:
        wake_word: words that have to come first, but for the answers "yes" and "no"; empty: none.
    """
    said = OneOf((world_target(asked=True), command_phrases(world_target())), (0.9, 0.1))
    if not wake_word:
        return said
    return OneOf((in_order(wake_word, said), answer_phrases()), (0.95, 0.05))


def interpreter(engine: str, wake_word: str = "", button: bool = False) -> Interpreter:
    """Who judges what an engine of that name recognises.

    Args:
        engine: its name.
        wake_word: see `sayable`.
        button: somebody holds a button while speaking, so that it is hardly ever anything else.
    """
    said = sayable()

    def meaning_in_grammar(text: str) -> Hashable | None:
        meant = understand(said, text)
        return None if meant is None else frozenset(meant.items())

    return Interpreter(
        meaning_in_grammar if engine in WITH_GRAMMAR else str, wake_word, BUTTON_ODDS if button else 1.0
    )


@dataclass(frozen=True)
class Utterance:
    """Sound that somebody made.

    Attributes:
        samples: at `sound.RATE`.
        header: std_msgs/Header of its beginning; None: not known.
    """

    samples: Samples
    header: Any = None


class Listening:
    """Judges utterances one after the other, in a thread of its own.

    Args:
        judge: of the sound of an utterance.
        tell: what came out; called in that thread.
        fail: told of exceptions of both; called in that thread.
    """

    def __init__(
        self,
        judge: Callable[[Samples], Verdict],
        tell: Callable[[Utterance, Verdict], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self._judge, self._tell, self._fail = judge, tell, fail
        self._waiting: queue.Queue[Utterance | None] = queue.Queue(WAITING)
        self._ended = threading.Event()
        # A daemon: an engine deep in its work cannot keep the process from ending.
        self._thread = threading.Thread(target=self._run, name="listener-worker", daemon=True)
        self._thread.start()

    def put(self, utterance: Utterance) -> bool:
        """Take an utterance. Returns False if too many wait already, and this one is lost."""
        try:
            self._waiting.put_nowait(utterance)
        except queue.Full:
            return False
        return True

    def stop(self, timeout: float) -> bool:
        """Begin no other utterance. Returns False if the one in work takes longer than `timeout` seconds."""
        self._ended.set()
        # If there is no room, it wakes up for one of those that wait, and sees that it has ended.
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (utterance := self._waiting.get()) is not None and not self._ended.is_set():
            try:
                self._tell(utterance, self._judge(utterance.samples))
            except Exception as error:  # One bad utterance must not make it deaf: the owner reports it.
                self._fail(error)
