"""Zip files for servers: written whole, and read back as the server reads them."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from samwise.errors import ConfigurationError, DataError
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.records import Record
from samwise.evaluate.submission import check_layout, check_submission, submission_file
from samwise.shell.placing import OutputError
from samwise.video.labelled import LabelledVideo, Reel, Referral

FRAMES = ("00005", "00001")
MASKS = np.zeros((2, 6, 8), bool)
MASKS[0, 2:4, 3:5] = True


def video() -> LabelledVideo:
    referrals = tuple(
        Referral("x", Reel(2, lambda t: MASKS[t]), key=key, annotated=False) for key in ("7", "0")
    )
    return LabelledVideo("v", np.zeros((2, 6, 8, 3), np.uint8), referrals, frame_names=FRAMES)


def record(key: str, masks=MASKS) -> Record:
    return Record("valid", "v", 0, "x", "", None, PackedMasks.of(masks), key)


@pytest.mark.parametrize(("layout", "top"), [("mevis", ""), ("ref-youtube-vos", "Annotations/")])
def test_one_folder_for_each_sentence_in_the_form_of_the_server(tmp_path, layout, top):
    place = tmp_path / "masks.zip"
    with submission_file(place, layout) as submission:
        for key in ("7", "0"):
            submission.add(record(key), FRAMES)
        assert not place.exists()
    with zipfile.ZipFile(place) as archive:
        assert sorted(archive.namelist()) == sorted(f"{top}v/{k}/{f}.png" for k in ("7", "0") for f in FRAMES)
        with archive.open(f"{top}v/7/00005.png") as file, Image.open(file) as picture:
            assert picture.mode == "L"
            np.testing.assert_array_equal(np.asarray(picture), MASKS[0] * 255)
    check_submission(place, layout, [video()])


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([record("7")], r"lacks v/0/00005\.png"),
        ([record("7"), record("0"), record("8")], r"v/8/00001\.png, which nobody asked for"),
        ([record("7"), record("0", np.zeros((2, 3, 8), bool))], r"\(3, 8\) pixels, its frame \(6, 8\)"),
    ],
)
def test_what_the_server_would_refuse_is_named(tmp_path, records, said):
    place = tmp_path / "masks.zip"
    with submission_file(place, "mevis") as submission:
        for each in records:
            submission.add(each, FRAMES)
    with pytest.raises(DataError, match=said):
        check_submission(place, "mevis", [video()])


def test_a_picture_of_another_form_is_named(tmp_path):
    place = tmp_path / "masks.zip"
    with submission_file(place, "mevis") as submission:
        submission.add(record("7"), FRAMES)
        submission.add(record("0"), FRAMES)
    Image.fromarray(np.full((6, 8), 1, np.uint8)).save(tmp_path / "grey.png")
    with zipfile.ZipFile(place) as old, zipfile.ZipFile(tmp_path / "other.zip", "w") as new:
        for name in old.namelist():
            new.writestr(
                name, (tmp_path / "grey.png").read_bytes() if "v/0/00001" in name else old.read(name)
            )
    with pytest.raises(DataError, match=r"v/0/00001\.png is not a grey picture of 0 and 255"):
        check_submission(tmp_path / "other.zip", "mevis", [video()])


def test_an_interrupted_one_leaves_nothing_and_something_else_stays(tmp_path):
    place = tmp_path / "masks.zip"
    with pytest.raises(KeyboardInterrupt), submission_file(place, "mevis") as submission:
        submission.add(record("7"), FRAMES)
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())
    place.write_text("my notes")
    with pytest.raises(OutputError, match=r"masks\.zip"), submission_file(place, "mevis"):
        pass
    assert place.read_text() == "my notes"


def test_where_the_truth_is_published_there_is_no_server():
    with pytest.raises(ConfigurationError, match="mevis and ref-youtube-vos"):
        check_layout("ref-davis17")
