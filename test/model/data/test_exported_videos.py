"""Both layouts, written and read back."""

import errno
import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco

from samwise.data.layouts import DataSet
from samwise.errors import DataError
from samwise.world.export import LAYOUTS, export

BOTH = pytest.mark.parametrize("layout", ["ref-youtube-vos", "mevis"])


@BOTH
def test_the_world_survives(exported, truth, layout):
    found = DataSet(layout, str(exported(layout))).read()
    assert [r.name for r in found] == list(truth)
    kinds = set()
    for recording in found:
        video = truth[recording.name]
        assert len(recording.frames) == len(video.frames)
        for frame, original in zip(recording.frames, video.frames, strict=True):
            assert frame.dtype == np.uint8 and frame.shape == original.shape
            # JPEG; swapped channels or another frame would be far off.
            assert np.abs(frame.astype(int) - original).mean() < 4
        assert [r.expression for r in recording.referrals] == [r.expression for r in video.referrals]
        for read, referral in zip(recording.referrals, video.referrals, strict=True):
            kinds.add(referral.family == "absent")
            assert len(read.masks) == len(video.frames)
            np.testing.assert_array_equal(np.stack(list(read.masks)), referral.masks)
    assert kinds == {True, False}, "the videos of the test have no sentence that nothing fits"


@BOTH
def test_masks_and_frames_are_read_when_they_are_asked_for(exported, layout, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(exported(layout), root)
    for path in root.rglob("00003.*"):
        path.unlink()
    recording = DataSet(layout, str(root)).read()[0]
    assert recording.frames[2].any() and len(recording.first(3).frames) == 3
    with pytest.raises(DataError, match=r"00003\.jpg' is missing"):
        _ = recording.frames[3]
    list(recording.first(3).frames)


@BOTH
def test_recordings_travel_to_other_processes(exported, layout):
    recordings = DataSet(layout, str(exported(layout))).read()
    for here, there in zip(recordings, pickle.loads(pickle.dumps(recordings)), strict=True):
        np.testing.assert_array_equal(here.frames[1], there.frames[1])
        np.testing.assert_array_equal(here.referrals[0].masks[1], there.referrals[0].masks[1])


def test_ref_youtube_vos_is_written_as_others_read_it(exported, truth):
    """With the steps of the official `datasets/ytvos.py`."""
    root = exported("ref-youtube-vos")
    listing = json.loads((root / "meta_expressions/train/meta_expressions.json").read_text())["videos"]
    objects = json.loads((root / "train/meta.json").read_text())["videos"]
    for name, video in truth.items():
        assert len(listing[name]["frames"]) == len(video.frames)
        for t, frame in enumerate(listing[name]["frames"]):
            picture = Image.open(root / "train/Annotations" / name / f"{frame}.png")
            assert picture.mode == "P" and picture.getpalette()[3:6] == [128, 0, 0]
            labels = np.array(picture.convert("P"))
            for sentence, referral in zip(
                listing[name]["expressions"].values(), video.referrals, strict=True
            ):
                assert sentence["exp"] == referral.expression
                entry = objects[name]["objects"][sentence["obj_id"]]
                mask = labels == int(sentence["obj_id"])
                np.testing.assert_array_equal(mask, referral.masks[t])
                assert (frame in entry["frames"]) == mask.any()
                assert (entry["category"] == "none") == (referral.family == "absent")


def test_mevis_is_written_as_others_read_it(exported, truth):
    """With the steps of the official `datasets/mevis.py`."""
    root = exported("mevis") / "train"
    listing = json.loads((root / "meta_expressions.json").read_text())["videos"]
    masks = json.loads((root / "mask_dict.json").read_text())
    used = []
    for name, video in truth.items():
        for sentence, referral in zip(listing[name]["expressions"].values(), video.referrals, strict=True):
            assert len(sentence["anno_id"]) == len(sentence["obj_id"]) == len(referral.targets)
            used += sentence["anno_id"]
            for t in range(len(sorted(listing[name]["frames"]))):
                mask = np.zeros(video.frames.shape[1:3])
                for annotation in sentence["anno_id"]:
                    found = masks[str(annotation)][t]
                    assert found is None or coco.area(found)
                    if found is not None:
                        mask += coco.decode(found)
                np.testing.assert_array_equal(mask, referral.masks[t])
    assert {str(a) for a in used} == set(masks) and len(used) > len(masks), "no two sentences share an object"


@BOTH
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("last", ["00003.jpg", "meta_expressions.json"])
def test_it_appears_whole_or_not_at_all(tmp_path, monkeypatch, layout, error, last):
    """As on a disk that fills up, and as when somebody stops it."""
    write = Path.write_bytes

    def fills_up(path, content):
        if path.name == last:
            raise error
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fills_up)
    with pytest.raises((DataError, KeyboardInterrupt)) as raised:
        export(tmp_path / "data", layout, "train", [0, 2], 5, (72, 96), 15.0)
    if isinstance(error, OSError):
        assert "No space left on device" in str(raised.value) and last in str(raised.value)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
    monkeypatch.setattr(Path, "write_bytes", write)
    export(tmp_path / "data", layout, "train", [0], 5, (72, 96), 15.0)
    assert len(DataSet(layout, str(tmp_path / "data")).read()) == 1
    assert not list(tmp_path.rglob("*partial*"))


@BOTH
def test_a_video_whose_objects_nobody_knows_cannot_be_written(exported, layout, tmp_path):
    video = DataSet(layout, str(exported(layout))).read()[0]
    writer = LAYOUTS[layout](tmp_path, "train")
    with pytest.raises(DataError, match=r"'train_000000' shows is not known.*samwise\.world\.generate"):
        writer.add(video)
    writer.discard()
    assert not list(tmp_path.rglob("train*/*"))


@BOTH
def test_an_empty_folder_is_no_obstacle(tmp_path, layout):
    (tmp_path / "train").mkdir()
    export(tmp_path, layout, "train", [0], 5, (72, 96), 15.0)
    assert len(DataSet(layout, str(tmp_path)).read()) == 1


@BOTH
def test_nothing_is_overwritten(exported, layout):
    with pytest.raises(DataError, match="exists already"):
        export(exported(layout), layout, "train", [9], 5, (72, 96), 15.0)


@pytest.mark.parametrize(
    ("layout", "file", "remedy"),
    [
        ("ref-youtube-vos", "meta_expressions/train/meta_expressions.json", "must hold meta_expressions"),
        ("ref-youtube-vos", "train/Annotations/train_000004", "JPEGImages/ and Annotations/"),
        ("ref-youtube-vos", "train/JPEGImages/train_000004", "JPEGImages/ and Annotations/"),
        ("mevis", "train/meta_expressions.json", "archive of MeViS"),
        ("mevis", "train/mask_dict.json", "only train and valid_u are published with masks"),
        ("mevis", "train/JPEGImages/train_000004", "archive of MeViS"),
    ],
)
def test_what_is_missing_is_named(exported, tmp_path, layout, file, remedy):
    root = tmp_path / "copy"
    shutil.copytree(exported(layout), root)
    gone = root / file
    if gone.is_dir():
        shutil.rmtree(gone)
    else:
        gone.unlink()
    with pytest.raises(DataError) as raised:
        DataSet(layout, str(root)).read()
    assert str(gone) in str(raised.value) and remedy in str(raised.value)


def edited(root, tmp_path, file, change):
    shutil.copytree(root, tmp_path / "copy")
    path = tmp_path / "copy" / file
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return str(tmp_path / "copy")


def test_a_split_without_annotations_is_refused(exported, tmp_path):
    def strip(content):
        for sentence in content["videos"]["train_000004"]["expressions"].values():
            del sentence["obj_id"]

    root = edited(
        exported("ref-youtube-vos"), tmp_path, "meta_expressions/train/meta_expressions.json", strip
    )
    with pytest.raises(DataError, match=r"video train_000004 has no obj_id.*use train"):
        DataSet("ref-youtube-vos", root).read()


def test_masks_of_another_release_are_refused(exported, tmp_path):
    def shorten(content):
        content["0"].pop()

    root = edited(exported("mevis"), tmp_path, "train/mask_dict.json", shorten)
    with pytest.raises(
        DataError, match=r"annotation 0, of video train_000000, is 4 frames long instead of 5"
    ):
        DataSet("mevis", root).read()


def test_another_layout_is_refused(exported, tmp_path):
    def lose(content):
        del content["videos"]["train_000000"]["frames"]

    root = edited(exported("mevis"), tmp_path, "train/meta_expressions.json", lose)
    with pytest.raises(
        DataError, match=r"meta_expressions\.json' is not laid out as MeViS \(KeyError: 'frames'"
    ):
        DataSet("mevis", root).read()


def test_pictures_in_place_of_numbers_are_refused(exported, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(exported("ref-youtube-vos"), root)
    path = root / "train/Annotations/train_000000/00000.png"
    Image.open(path).convert("RGB").save(path)
    recording = DataSet("ref-youtube-vos", str(root)).read()[0]
    with pytest.raises(DataError, match="mode RGB; annotations are palette pictures"):
        _ = recording.referrals[0].masks[0]
