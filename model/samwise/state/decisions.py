"""Who decides about rewriting the memory, and when the decision is due."""

from __future__ import annotations

from dataclasses import dataclass

from samwise.errors import ConfigurationError


@dataclass(frozen=True)
class DecisionPolicy:
    """Who decides about rewriting the memory (paper table on the CME).

    Attributes:
        learned: whether the CME is asked; otherwise the memory is rewritten at fixed frames.
        period: frames between rewrites at fixed frames; 0: never.
    """

    learned: bool = True
    period: int = 0

    @staticmethod
    def parse(text: str) -> DecisionPolicy:
        """From `learned`, `never`, `always` or `every:N`.

        Raises:
            ConfigurationError: for anything else.
        """
        fixed = {
            "learned": DecisionPolicy(),
            "never": DecisionPolicy(False, 0),
            "always": DecisionPolicy(False, 1),
        }
        if text in fixed:
            return fixed[text]
        word, _, number = text.partition(":")
        if word == "every" and number.isdecimal() and int(number) > 0:
            return DecisionPolicy(False, int(number))
        raise ConfigurationError(f"cme is {text!r}; choose learned, never, always or every:N with N > 0")


def checked_policy(text: str) -> str:
    """Return a text that `DecisionPolicy.parse` understands. Raises as it does."""
    DecisionPolicy.parse(text)
    return text


@dataclass
class DecisionSchedule:
    """When the memory-less branch is worth running, for one sentence.

    Attributes:
        policy: who decides.
        window: W, frames between decisions of the learned policy.
        last_switch: number of the frame whose memory was last rewritten.
    """

    policy: DecisionPolicy
    window: int = 4
    last_switch: int = 0

    def due(self, frame: int) -> bool:
        """Whether to decide at this frame: there is enough memory, and the last switch has settled."""
        if self.policy.learned:
            return frame > self.window and frame - self.last_switch >= self.window - 1
        return frame > 0 and self.policy.period > 0 and frame % self.policy.period == 0
