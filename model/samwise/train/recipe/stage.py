"""One stage of a training run.

The paper's recipe and the miniature's differ only in these values: which parameters a stage trains, on
clips of what length, with which losses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from samwise.errors import ConfigurationError
from samwise.shell.spans import CountFrom0, Factor, Text, Texts, check
from samwise.train.optimise.blend import Blend
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser
from samwise.train.recipe.stage_data import StageData

EARLY = 3
"""Frames of a clip before anybody could tell how something moves."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is trained, for how long, on what and how. Defaults are the official recipe's where it has any.

    Attributes:
        name: for logs.
        steps: optimiser steps.
        epochs: passes through the data, in place of `steps`; an item is a sentence and every `clip_length`-th
            frame of its video.
        trainable: shell patterns of the names of the parameters to train; the others are frozen.
        blends: what is taken over from the ends of earlier stages before the first step. A memory trained
            together with sentences gives way to them, and the CME has nothing to correct; one that was taught
            by `follow` alone holds out, as SAM 2's does.
        data: what it is trained on.
        optimiser: how the weights change.
        mode: how the network runs.
        losses: their weights.
    """

    name: Text
    steps: CountFrom0 = 0
    epochs: Factor = 0.0
    trainable: Texts = ("*adapter*", "*project_text*")
    blends: tuple[Blend, ...] = ()
    data: StageData = field(default_factory=StageData)
    optimiser: Optimiser = field(default_factory=Optimiser)
    mode: Mode = field(default_factory=Mode)
    losses: LossWeights = field(default_factory=LossWeights)

    def __post_init__(self) -> None:
        """Reject groups that do not fit together."""
        check(self, f"stage {self.name!r}")
        if wrong := self._wrong():
            raise ConfigurationError(f"stage {self.name!r}: {wrong}")

    def _wrong(self) -> str | None:
        data, mode, losses = self.data, self.mode, self.losses
        if (self.steps >= 1) == (self.epochs > 0):
            return f"steps is {self.steps} and epochs is {self.epochs}; give one of them"
        if not data.sets and self.epochs:
            return "the world has no epochs; give steps, or data.sets"
        if data.sets and losses.know_pixels:
            return (
                "the losses `semantics`, `shift` and `motion` need to know every pixel's kind, colour and "
                "way, as only the synthetic world does; leave them out, or data.sets"
            )
        if losses.know_movement and not (mode.adapters and mode.hsa and data.clip_length > EARLY):
            return (
                f"`shift` and `motion` ask HSA from frame {EARLY} of a clip on; leave mode.adapters and "
                f"mode.hsa on and make data.clip_length, which is {data.clip_length}, larger"
            )
        if mode.exchange_share and data.sentences < 2:
            return (
                "one sentence per video has none to exchange its memory with; raise data.sentences, or leave "
                "mode.exchange_share at 0"
            )
        if mode.follow and (losses.memoryless or data.clip_length < 2):
            return (
                "follow needs clips of 2 frames or more and no memoryless loss, as its later frames can be "
                "told from the memory only"
            )
        if losses.decision and data.clip_length <= mode.first_decision:
            return (
                f"the CME first decides at frame {mode.first_decision}, which clips of {data.clip_length} "
                "frames do not have; raise data.clip_length"
            )
        return None

    @property
    def trains_masks(self) -> bool:
        """Whether masks, their presence, or the features they are made of are trained."""
        return self.losses.decode or self.losses.know_pixels or self.losses.alignment > 0
