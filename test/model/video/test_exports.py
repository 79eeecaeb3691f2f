import errno
import json
import os

import cv2
import numpy as np
import pytest

from samwise.errors import SamwiseError
from samwise.results import StepResult, Target
from samwise.video.exports import JsonLines, MaskTree
from samwise.video.frames import Frame

MASK = np.zeros((20, 30), bool)
MASK[5:10, 6:12] = True
RESULT = StepResult(0, (Target(0, "the red car", MASK, MASK.astype(np.float32), True, 0.9, None),), {})


def frame(name="00000", time=0.0):
    return Frame(name, np.zeros((20, 30, 3), np.uint8), time)


@pytest.mark.parametrize("name", ["00000", "a b.jpg", "50%d", "caf\u00e9", "caf\udce9", "-1"])
def test_masks_under_odd_names(tmp_path, name):
    MaskTree(tmp_path, "walk").add(frame(name), RESULT)
    content = (tmp_path / f"Annotations/walk/0/{name}.png").read_bytes()
    mask = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(mask, MASK * 255)


def full_disk(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_mask_that_cannot_be_written_leaves_no_stump(tmp_path, monkeypatch):
    masks = MaskTree(tmp_path, "walk")
    masks.add(frame(), RESULT)
    monkeypatch.setattr("pathlib.Path.write_bytes", full_disk)
    with pytest.raises(SamwiseError, match="00001.*No space left.*make room"):
        masks.add(frame("00001"), RESULT)
    assert [p.name for p in tmp_path.rglob("*.png")] == ["00000.png"]


def test_lines_have_the_time(tmp_path):
    lines = JsonLines(tmp_path / "a.jsonl", rle=False)
    lines.add(frame(time=0.9166666666), RESULT)
    lines.close()
    line = json.loads((tmp_path / "a.jsonl").read_text())
    assert line["frame"] == "00000" and line["time"] == pytest.approx(0.916667)
    assert line["targets"][0]["box"] == [6, 5, 6, 5]


class Disk:
    """A file with room for so many bytes more."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, content):
        if not self._room:
            full_disk()
        written = self._file.write(content[: self._room])
        self._room -= written
        return written


def test_a_full_disk_leaves_whole_lines(tmp_path):
    lines = JsonLines(tmp_path / "a.jsonl", rle=False)
    lines.add(frame(), RESULT)
    lines._file = Disk(lines._file, 20)
    with pytest.raises(SamwiseError, match=r"a\.jsonl.*No space left.*make room"):
        lines.add(frame("00001"), RESULT)
    lines.close()
    assert [json.loads(x)["frame"] for x in (tmp_path / "a.jsonl").read_text().splitlines()] == ["00000"]
