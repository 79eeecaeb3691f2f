"""What a training run consists of: a list of stages, read from YAML.

The paper's recipe and the miniature's differ only in these values: which parameters a stage trains, on
clips of what length, with which losses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from samwise.checkpoint.pretrained import Foundation
from samwise.data.layouts import DataSet
from samwise.errors import ConfigurationError
from samwise.shell.building import build, listed, mapping
from samwise.shell.spans import (
    Count,
    CountFrom0,
    Factor,
    Filled,
    FrameRate,
    Processes,
    Seed,
    Share,
    Span,
    Text,
    Texts,
    check,
)
from samwise.shell.yaml_files import read_yaml
from samwise.train.optimise.blend import Blend
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.recipe.validation import Frames, Validation
from samwise.world.generate import SMALLEST_SIDE
from samwise.world.scene.splits import TRAINING_SPLITS

OPTIMIZERS = ("adamw", "muon")
PRECISIONS = ("float32", "bfloat16")
EARLY = 3
"""Frames of a clip before anybody could tell how something moves."""
Side = Annotated[int, Span(SMALLEST_SIDE, 4096)]


@dataclass(frozen=True)
class Stage:
    """One stage of training. The defaults are the official recipe's where it has a value.

    Attributes:
        name: for logs.
        steps: optimiser steps.
        epochs: passes through the data, in place of `steps`; an item is a sentence and every `clip_length`-th
            frame of its video.
        data: data sets on disk to train on; none: the synthetic world. They are mixed by their numbers of
            items, and `video_length` and `fps` have no say in them.
        splits: of the world, of `train`, `crowd`, `parade` and `arrivals`; each video is of one of them,
            drawn evenly.
        clip_length: frames of a sample; 1 trains on single images.
        video_length: frames of the videos that samples are cut from; at least `clip_length`. The world speaks
            of motion from 4 on.
        fps: lowest and highest frame rate of the videos; one is drawn for each. The lower, the further
            things move between frames, as if frames had been left out.
        videos: videos in a batch.
        uses: samples made of each video of the world, some thousand frames apart; drawing a picture takes a
            third as long as learning from it.
        sentences: sentences drawn for each video; the batch size is `videos * sentences`.
        optimizer: `adamw` (official recipe), or `muon`, which takes the matrices of a network that starts
            from nothing further in the same number of steps.
        learning_rate: peak of the schedule.
        warmup: steps of linear warm-up from 0.
        final_share: learning rate at the last step as a share of the peak, reached by a half cosine.
        weight_decay: on matrices only.
        clip_norm: largest gradient norm.
        trainable: shell patterns of the names of the parameters to train; the others are frozen.
        blends: what is taken over from the ends of earlier stages before the first step. A memory trained
            together with sentences gives way to them, and the CME has nothing to correct; one that was taught
            by `follow` alone holds out, as SAM 2's does.
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
        losses: their weights.
    """

    name: Text
    steps: CountFrom0 = 0
    epochs: Factor = 0.0
    data: tuple[DataSet, ...] = ()
    splits: tuple[str, ...] = ("train",)
    clip_length: Frames = 8
    video_length: Frames = 8
    fps: tuple[FrameRate, FrameRate] = (15.0, 15.0)
    videos: Count = 4
    uses: Count = 1
    sentences: Count = 1
    optimizer: str = "adamw"
    learning_rate: Annotated[float, Span(0, 10, above=True)] = 1e-5
    warmup: CountFrom0 = 0
    final_share: Share = 1.0
    weight_decay: Annotated[float, Span(0, 10)] = 0.0
    clip_norm: Annotated[float, Span(0, 10**6, above=True)] = 1.0
    trainable: Texts = ("*adapter*", "*project_text*")
    blends: tuple[Blend, ...] = ()
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
    losses: LossWeights = field(default_factory=LossWeights)

    def __post_init__(self) -> None:
        """Reject values that cannot be run."""
        check(self, f"stage {self.name!r}")
        if (self.steps >= 1) == (self.epochs > 0):
            raise ConfigurationError(
                f"stage {self.name!r}: steps is {self.steps} and epochs is {self.epochs}; give one of them"
            )
        if not self.data and self.epochs:
            raise ConfigurationError(f"stage {self.name!r}: the world has no epochs; give steps, or data")
        if not self.splits or set(self.splits) - set(TRAINING_SPLITS):
            raise ConfigurationError(
                f"stage {self.name!r}: splits is {self.splits!r}; list some of {', '.join(TRAINING_SPLITS)}, "
                "the others are for tests"
            )
        if self.optimizer not in OPTIMIZERS:
            raise ConfigurationError(
                f"stage {self.name!r}: optimizer is {self.optimizer!r}; choose {' or '.join(OPTIMIZERS)}"
            )
        if self.data and self.losses.know_pixels:
            raise ConfigurationError(
                f"stage {self.name!r}: the losses `semantics`, `shift` and `motion` need to know every "
                "pixel's kind, colour and way, as only the synthetic world does; leave them out, or the data"
            )
        if self.losses.know_movement and not (self.adapters and self.hsa and self.clip_length > EARLY):
            raise ConfigurationError(
                f"stage {self.name!r}: `shift` and `motion` ask HSA from frame {EARLY} of a clip on; "
                f"leave adapters and hsa on and make clip_length, which is {self.clip_length}, larger"
            )
        if self.precision not in PRECISIONS:
            raise ConfigurationError(
                f"stage {self.name!r}: precision is {self.precision!r}; train with {' or '.join(PRECISIONS)}"
            )
        if self.video_length < self.clip_length:
            raise ConfigurationError(
                f"stage {self.name!r}: clips of {self.clip_length} frames cannot be cut from videos of "
                f"{self.video_length}; raise video_length"
            )
        if not self.fps[0] <= self.fps[1]:
            raise ConfigurationError(f"stage {self.name!r}: fps is {list(self.fps)}; give lowest and highest")
        if self.exchange_share and self.sentences < 2:
            raise ConfigurationError(
                f"stage {self.name!r}: one sentence a video has none to exchange its memory with; raise "
                "sentences, or leave exchange_share at 0"
            )
        if self.follow and (not self.memory or self.losses.memoryless or self.clip_length < 2):
            raise ConfigurationError(
                f"stage {self.name!r}: follow needs clips of 2 frames or more, memory, and no memoryless "
                "loss, as its later frames can be told from the memory only"
            )
        if self.losses.decision and self.clip_length <= self.first_decision:
            raise ConfigurationError(
                f"stage {self.name!r}: the CME first decides at frame {self.first_decision}, which clips of "
                f"{self.clip_length} frames do not have; raise clip_length"
            )

    @property
    def trains_masks(self) -> bool:
        """Whether masks, their presence, or the features they are made of are trained."""
        return self.losses.decode or self.losses.know_pixels or self.losses.alignment > 0


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

    def check_shares(self, replicas: int) -> None:
        """Check that every batch can be divided among so many processes.

        Raises:
            ConfigurationError: naming a stage where it cannot.
        """
        for stage in self.stages:
            if stage.videos % replicas:
                raise ConfigurationError(
                    f"stage {stage.name!r}: {stage.videos} videos a batch cannot be shared by {replicas} "
                    "processes; use a multiple, or another number of processes"
                )

    def scaled(self, factor: float) -> TrainingConfig:
        """The same run with every stage's steps and warm-up multiplied, at least one step each."""
        stages = tuple(
            replace(
                s,
                steps=max(1, round(s.steps * factor)) if s.steps else 0,
                epochs=s.epochs * factor,
                warmup=round(s.warmup * factor),
            )
            for s in self.stages
        )
        return replace(self, stages=stages)


def read_config(path: str | Path) -> TrainingConfig:
    """Read a run from a YAML file whose keys are the attributes of the classes above.

    Raises:
        ConfigurationError: naming the file and the key or value that is wrong.
    """
    values = read_yaml(Path(path), "configuration")
    try:
        return config_from_dict(values)
    except ConfigurationError as error:
        raise ConfigurationError(f"{str(path)!r}: {error}") from error


def config_from_dict(values: Any) -> TrainingConfig:
    """Build a run from plain values as YAML gives them. Raises like `read_config`."""
    top = dict(mapping(values, "the configuration"))
    stages = top.pop("stages", [])
    if not isinstance(stages, list):
        raise ConfigurationError(f"stages is {stages!r}; give a list")
    if isinstance(top.get("initial"), Mapping):
        top["initial"] = build(Foundation, top["initial"], "initial")
    watch = dict(mapping(top.get("validation", {}), "validation"))
    if watch.get("data") is not None:
        watch["data"] = build(DataSet, watch["data"], "validation, data")
    top["validation"] = build(Validation, watch, "validation")
    built = tuple(_stage(number, stage) for number, stage in enumerate(stages, 1))
    return build(TrainingConfig, top | {"stages": built})


def _stage(number: int, values: Any) -> Stage:
    own = dict(mapping(values, f"stage number {number}"))
    where = f"stage {own['name']!r}" if isinstance(own.get("name"), str) else f"stage number {number}"
    own["losses"] = build(LossWeights, own.get("losses", {}), f"{where}, losses")
    own["data"] = tuple(build(DataSet, d, f"{where}, data") for d in listed(own.get("data", [])))
    own["blends"] = tuple(build(Blend, b, f"{where}, blends") for b in listed(own.get("blends", [])))
    return build(Stage, own, where)
