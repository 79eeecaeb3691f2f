"""What a stage is trained on."""

from __future__ import annotations

from dataclasses import dataclass

from samwise.data.layouts import DataSet
from samwise.errors import ConfigurationError
from samwise.shell.spans import Count, FrameRate, check
from samwise.train.recipe.validation import Frames
from samwise.world.scene.splits import TRAINING_SPLITS


@dataclass(frozen=True, kw_only=True)
class StageData:
    """Videos, and what is cut out of them for a sample and a batch.

    Attributes:
        sets: data sets on disk to train on; none: the synthetic world. They are mixed by their numbers of
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
    """

    sets: tuple[DataSet, ...] = ()
    splits: tuple[str, ...] = ("train",)
    clip_length: Frames = 8
    video_length: Frames = 8
    fps: tuple[FrameRate, FrameRate] = (15.0, 15.0)
    videos: Count = 4
    uses: Count = 1
    sentences: Count = 1

    def __post_init__(self) -> None:
        """Reject videos that cannot be drawn, or cut as asked for."""
        check(self, "data")
        if not self.splits or set(self.splits) - set(TRAINING_SPLITS):
            raise ConfigurationError(
                f"data: splits is {self.splits!r}; list some of {', '.join(TRAINING_SPLITS)}, "
                "the others are for tests"
            )
        if self.video_length < self.clip_length:
            raise ConfigurationError(
                f"data: clips of {self.clip_length} frames cannot be cut from videos of "
                f"{self.video_length}; raise video_length"
            )
        if not self.fps[0] <= self.fps[1]:
            raise ConfigurationError(f"data: fps is {list(self.fps)}; give lowest and highest")
