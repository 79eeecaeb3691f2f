"""Videos of data sets on disk, for a model to be tested on."""

from __future__ import annotations

import functools

from samwise.data.layouts import DataSet
from samwise.evaluate.records import Job
from samwise.video.labelled import LabelledVideo


def data_set_jobs(
    data: DataSet,
    videos: int | None = None,
    frames: int | None = None,
    cme: str = "learned",
    mode: str = "causal",
    *,
    official: bool = False,
    protocol: str = "sentences",
    annotated: bool = True,
) -> list[Job]:
    """The videos of a split of a data set; frames and masks are read by the process that follows them.

    Args:
        data: data set and split.
        videos: how many, from the first on; None: all.
        frames: how many of each video, from the first on; None: all.
        cme: see `Job`, like `mode`, `official` and `protocol`.
        mode: see above.
        official: see above.
        protocol: see above.
        annotated: False: also sentences whose truth is not published.

    Raises:
        DataError: for a file or folder that is missing or of another layout.
    """
    chosen = data.read(annotated=annotated)[:videos]
    cut = chosen if frames is None else [video.first(frames) for video in chosen]
    return [
        Job(data.split, video.name, functools.partial(_itself, video), cme, mode, official, protocol)
        for video in cut
    ]


def _itself(video: LabelledVideo) -> LabelledVideo:
    return video
