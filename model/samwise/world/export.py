"""The synthetic world as a data set on disk, in the layout of a published one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from tqdm import tqdm

from samwise.data.write_files import DataSetWriter
from samwise.data.write_mevis import MevisWriter
from samwise.data.write_ref_youtube_vos import RefYoutubeVosWriter
from samwise.world.generate import generate

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
        fps: frames per second.

    Raises:
        DataError: if the split is there already or cannot be written.
        ConfigurationError: if an argument is out of range.
    """
    videos = (generate(seed, split, num_frames, size, fps) for seed in seeds)
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
