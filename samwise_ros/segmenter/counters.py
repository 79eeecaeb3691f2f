"""What became of every frame: the numbers behind the log line, and behind diagnostics."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass
class Counters:
    """Frames since the node was activated. Each one received ends in exactly one of the other five.

    The executor's thread writes `received`, `left_out` and `dropped`, the worker's thread the others, so that
    no two threads write one number.
    """

    received: int = 0
    #: Came sooner than `max_rate` asks for, or during a pause, and left out on purpose.
    left_out: int = 0
    #: Replaced by a newer one before the worker was free to take it.
    dropped: int = 0
    #: Segmented, and the result published.
    processed: int = 0
    #: Unusable, or an error came up.
    failed: int = 0
    #: Not published because there was no sentence, or a new one arrived while the frame was computed.
    unasked: int = 0

    def copy(self) -> Counters:
        """The numbers as they are now."""
        return replace(self)

    def since(self, earlier: Counters) -> Counters:
        """What came on top of the earlier numbers."""
        return Counters(*(getattr(self, name) - getattr(earlier, name) for name in vars(self)))

    def __str__(self) -> str:
        """One line for the log."""
        return ", ".join(f"{name} {count}" for name, count in vars(self).items())
