"""The synthetic world as a data set on disk, in the layout of a published one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from tqdm import tqdm

from samwise.data.annotated_video import AnnotatedVideo, DataSetWriter, Sentence
from samwise.data.write_mevis import MevisWriter
from samwise.data.write_ref_youtube_vos import RefYoutubeVosWriter
from samwise.world.generate import Take, film
from samwise.world.words.query import ABSENT

LAYOUTS: Mapping[str, Callable[[Path, str], DataSetWriter]] = {
    "ref-youtube-vos": RefYoutubeVosWriter,
    "mevis": MevisWriter,
}


def export(
    root: Path,
    layout: str,
    split: str,
    seeds: Sequence[int],
    num_frames: int,
    size: tuple[int, int],
    fps: float,
) -> None:
    """Write videos as the split of that name, with all objects and sentences: all of them, or nothing.

    Masks are exact, frames are JPEG.

    Args:
        root: folder of the data set.
        layout: one of `LAYOUTS`.
        split: of the world.
        seeds: of the videos, at least one.
        num_frames: of each video.
        size: height and width, pixels.
        fps: frames a second.

    Raises:
        DataError: if the split is there already or cannot be written.
        ConfigurationError: an argument is out of range.
    """
    videos = (_annotated(film(seed, split, num_frames, size, fps), f"{split}_{seed:06d}") for seed in seeds)
    # The first is made before anything is written: a wrong argument leaves no folder behind.
    first = next(videos)
    writer = LAYOUTS[layout](root, split)
    try:
        for video in tqdm(
            chain([first], videos), total=len(seeds), desc=f"{root.name}/{split}", unit="video"
        ):
            writer.add(video)
        writer.close()
    finally:
        writer.discard()


def _annotated(take: Take, name: str) -> AnnotatedVideo:
    """A scene as the exporters want it; object n is actor n - 1, as in the footage."""
    return AnnotatedVideo(
        name,
        take.footage.frames,
        take.footage.owners,
        tuple(actor.role.kind for actor in take.stage.actors),
        tuple(Sentence(n.sentence, () if n.target == ABSENT else (n.target + 1,)) for n in take.named),
    )
