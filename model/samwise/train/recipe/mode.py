"""How the network runs while a stage trains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from samwise.errors import ConfigurationError
from samwise.shell.spans import Share, Span, check
from samwise.train.recipe.validation import Frames

PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True, kw_only=True)
class Mode:
    """Which parts take part, what a frame sees of the others, and in what precision.

    Attributes:
        freeze_statistics: whether batch normalisation uses its running statistics instead of the batch's
            and leaves them as they are; right where a batch is few scenes seen several times.
        adapters: whether the adapters take part. Without them the encoders meet in the decoder only ("MLP
            only" in the paper's ablation), and what is computed of a frame serves all sentences about it: the
            cheap way to teach the stand-ins of the miniature what SAM 2 and RoBERTa bring along.
        hsa: whether HSA takes part; if not, its parameters stay as they are.
        causal_share: share of steps in causal mode, in [0, 1]; the others are in clip mode.
        memory: whether frames read the memory bank (else each is segmented on its own).
        follow: whether to learn what SAM 2 brings along, to follow what was pointed out once: the true mask
            of the first frame is remembered, and the later frames are segmented without their sentence. A
            memory that was never the only witness is never listened to, and the CME has nothing to correct.
        precision: of matrix products, `float32` or `bfloat16`; weights and losses stay float32.
        mask_stride: pixels between the points where masks are compared; 2 saves a tenth of the time.
        first_decision: first frame of a clip the CME decides at (window 4 of the paper, and one more).
        exchange_share: share of the steps, in [0, 1], in which the sentences about a video exchange their
            memories before the first decision, so that each follows another's target. In a small world the
            wrong thing is otherwise followed too seldom for the CME to learn what that looks like.
    """

    freeze_statistics: bool = False
    adapters: bool = True
    hsa: bool = True
    causal_share: Share = 0.0
    memory: bool = True
    follow: bool = False
    precision: str = "float32"
    mask_stride: Annotated[int, Span(1, 256)] = 1
    first_decision: Frames = 5
    exchange_share: Share = 0.0

    def __post_init__(self) -> None:
        """Reject values out of range, and following without a memory."""
        check(self, "mode")
        if self.precision not in PRECISIONS:
            raise ConfigurationError(
                f"mode: precision is {self.precision!r}; train with {' or '.join(PRECISIONS)}"
            )
        if self.follow and not self.memory:
            raise ConfigurationError(
                "mode: follow needs memory, as its later frames can be told from that only"
            )
