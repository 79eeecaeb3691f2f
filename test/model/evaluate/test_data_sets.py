"""A video scores the same wherever it comes from."""

from dataclasses import replace

import numpy as np
import pytest

from samwise.data.layouts import DataSet
from samwise.errors import DataError
from samwise.evaluate.data_sets import data_set_jobs
from samwise.evaluate.records import judge
from samwise.evaluate.world_videos import Format, world_jobs
from samwise.world.export import export

FORM = Format(frames=6, size=(72, 96), fps=10.0)
LAYOUTS = ("ref-youtube-vos", "mevis")


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    for layout in LAYOUTS:
        export(root / layout, layout, "absent", range(2), FORM.frames, FORM.size, FORM.fps)
    return root


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("mode", ["causal", "clip"])
def test_scores_of_the_world_and_of_what_it_exports_are_the_same(segmenter, roots, layout, mode):
    stored = data_set_jobs(DataSet(layout, str(roots / layout), "absent"), cme="always", mode=mode)
    drawn = world_jobs("absent", 0, 2, FORM, "always", mode)
    assert [(job.split, job.name) for job in stored] == [(job.split, job.name) for job in drawn]
    for on_disk, of_world in zip(stored, drawn, strict=True):
        # What is on disk is JPEG: the world's own sentences and masks, but the frames that both see.
        video = replace(of_world.video(), frames=np.asarray(on_disk.video().frames))
        expected = judge(segmenter, replace(of_world, video=lambda video=video: video))
        found = judge(segmenter, on_disk)
        assert len(found) > 1 and any(record.scores.switches.switches for record in found)
        assert [replace(record, family="") for record in expected] == [replace(r, key="") for r in found]


def test_videos_and_frames_can_be_fewer(roots):
    data = DataSet("mevis", str(roots / "mevis"), "absent")
    assert len(data_set_jobs(data)) == 2
    (job,) = data_set_jobs(data, videos=1, frames=4)
    video = job.video()
    assert len(video.frames) == len(video.referrals[0].masks) == 4


def test_what_is_not_there_is_named(roots):
    with pytest.raises(DataError, match="nowhere"):
        data_set_jobs(DataSet("mevis", str(roots / "nowhere"), "absent"))
