"""A whole training run: its stages, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated

from samwise.checkpoint.pretrained import Foundation
from samwise.errors import ConfigurationError
from samwise.shell.spans import Count, Filled, Processes, Seed, Span, Text, check
from samwise.train.recipe.stage import Stage
from samwise.train.recipe.validation import Validation
from samwise.world.generate import SMALLEST_SIDE

Side = Annotated[int, Span(SMALLEST_SIDE, 4096)]


@dataclass(frozen=True)
class TrainingConfig:
    """A whole run.

    Attributes:
        stages: in order; each starts from the averaged weights of the one before.
        seed: of weights, data and every random choice.
        initial: checkpoint to start from, or pre-trained encoders; None: a miniature with fresh weights.
        frame_sizes: heights and widths of the world's frames, pixels; one is drawn for each sample. Frames
            drawn larger than the network's input and reduced look different from ones drawn small.
        average_decay: of the moving average of the weights, in [0, 1); 0: none.
        checkpoint_every: steps between two checkpoints to resume from.
        workers: processes that make data; 0: the training process itself.
        threads: of torch in the training process; 0: torch's own choice.
        validation: how to watch.
    """

    stages: tuple[Stage, ...]
    seed: Seed = 0
    initial: Text | Foundation | None = None
    frame_sizes: Annotated[tuple[tuple[Side, Side], ...], Filled()] = ((192, 256),)
    average_decay: Annotated[float, Span(0, 1, below=True)] = 0.0
    checkpoint_every: Count = 100
    workers: Processes = 1
    threads: Processes = 0
    validation: Validation = field(default_factory=Validation)

    def __post_init__(self) -> None:
        """Reject a run without stages, and a stage that blends with none."""
        check(self)
        if not self.stages:
            raise ConfigurationError("the run has no stages; list at least one")
        for index, stage in enumerate(self.stages):
            earlier = [s.name for s in self.stages[:index]]
            for blend in stage.blends:
                if earlier.count(blend.stage) != 1:
                    raise ConfigurationError(
                        f"stage {stage.name!r} blends with {blend.stage!r}; name one of the "
                        f"stages before it: {', '.join(earlier) or 'it has none'}"
                    )

    @property
    def frame_rate(self) -> float | None:
        """Frames per second of the fastest videos of the world that it trains on; None if there are none."""
        rates = [s.data.fps[1] for s in self.stages if not s.data.sets and s.data.clip_length > 1]
        return max(rates, default=None)

    def check_shares(self, replicas: int) -> None:
        """Check that every batch can be divided among that many processes.

        Raises:
            ConfigurationError: naming a stage where it cannot.
        """
        for stage in self.stages:
            if stage.data.videos % replicas:
                raise ConfigurationError(
                    f"stage {stage.name!r}: {stage.data.videos} videos per batch cannot be shared by "
                    f"{replicas} processes; use a multiple, or another number of processes"
                )

    def scaled(self, factor: float) -> TrainingConfig:
        """The same run with every stage's steps and warm-up multiplied, at least one step each."""
        stages = tuple(
            replace(
                s,
                steps=max(1, round(s.steps * factor)) if s.steps else 0,
                epochs=s.epochs * factor,
                optimiser=replace(s.optimiser, warmup=round(s.optimiser.warmup * factor)),
            )
            for s in self.stages
        )
        return replace(self, stages=stages)
