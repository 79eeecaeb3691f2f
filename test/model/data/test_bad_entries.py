"""Single entries that cannot be used, in data sets that are otherwise whole."""

import json
import os
import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samwise.data.layouts import DataSet
from samwise.errors import DataError
from samwise.video.run_lengths import encode

MASK = np.zeros((32, 48), bool)
MASK[4:20, 10:30] = True
ORIENTATION = 0x0112
LAYOUTS = ("mevis", "ref-youtube-vos")
BOTH = pytest.mark.parametrize("layout", LAYOUTS)
LISTING = {
    "mevis": "train/meta_expressions.json",
    "ref-youtube-vos": "meta_expressions/train/meta_expressions.json",
}


def write(root: Path, layout: str, videos: dict[str, dict], size=(48, 32)) -> DataSet:
    """Videos as `{name: {"frames": [...], "sentences": [...]}}`, all with the same mask."""
    listing, masks = {}, {}
    for name, video in videos.items():
        for kind in ("JPEGImages", "Annotations"):
            (root / "train" / kind / name).mkdir(parents=True)
        for frame in video["frames"]:
            Image.new("RGB", size, (90, 120, 60)).save(root / f"train/JPEGImages/{name}/{frame}.jpg")
            labels = Image.fromarray(MASK.astype(np.uint8))
            labels.putpalette(list(range(256)) * 3)
            labels.save(root / f"train/Annotations/{name}/{frame}.png")
        number = str(len(masks))
        masks[number] = [encode(MASK)] * len(video["frames"])
        sentences = {
            str(i): {"exp": text, "obj_id": 1 if layout != "mevis" else [1], "anno_id": [int(number)]}
            for i, text in enumerate(video["sentences"])
        }
        listing[name] = {"expressions": sentences, "frames": video["frames"]}
    path = root / LISTING[layout]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"videos": listing}))
    if layout == "mevis":
        (root / "train/mask_dict.json").write_text(json.dumps(masks))
    return DataSet(layout, str(root))


def change(data: DataSet, file: str, how) -> None:
    path = Path(data.root) / file
    content = json.loads(path.read_text())
    how(content)
    path.write_text(json.dumps(content))


GOOD = {"frames": ["00000", "00001"], "sentences": ["the red box", "a box"]}


@BOTH
@pytest.mark.parametrize("sentence", ["  ", "", "!!!", None, 7, ["the red box"], "a\udce9b", "a" * 513])
def test_a_sentence_that_is_none_is_left_out_by_name(tmp_path, layout, sentence):
    data = write(tmp_path, layout, {"a": GOOD, "b": {**GOOD, "sentences": ["the dog", sentence]}})
    with pytest.warns(UserWarning, match=r"meta_expressions\.json'.*sentence 1 of video b is left out"):
        a, b = data.read()
    assert [r.expression for r in a.referrals] == GOOD["sentences"]
    assert [r.expression for r in b.referrals] == ["the dog"]


@BOTH
def test_a_video_without_sentences_is_left_out_by_name(tmp_path, layout):
    data = write(tmp_path, layout, {"a": GOOD, "b": {**GOOD, "sentences": []}})
    with pytest.warns(UserWarning, match="video b is left out: it has no sentences"):
        assert [video.name for video in data.read()] == ["a"]


@BOTH
def test_nothing_but_such_sentences_is_an_error(tmp_path, layout):
    data = write(tmp_path, layout, {"a": {**GOOD, "sentences": ["  "]}})
    with pytest.raises(DataError, match=r"meta_expressions\.json'.*sentence 0 of video a.*blank"):
        data.read()


@BOTH
@pytest.mark.parametrize(
    ("frames", "said"), [([], "it has no frames"), (["00000", "00000"], "it lists frame 00000 twice")]
)
def test_a_video_whose_frames_are_no_use_is_left_out_by_name(tmp_path, layout, frames, said):
    data = write(tmp_path, layout, {"a": GOOD, "b": {**GOOD, "frames": frames}})
    with pytest.warns(UserWarning, match=f"video b is left out: {said}"):
        assert [r.name for r in data.read()] == ["a"]


@BOTH
def test_many_are_told_in_one_warning(tmp_path, layout):
    data = write(tmp_path, layout, {"a": {**GOOD, "sentences": ["a box", *["!"] * 30]}})
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        data.read()
    [warning] = told
    assert "and 25 more of these" in str(warning.message)


@BOTH
def test_files_that_are_missing_are_told_when_reading(tmp_path, layout):
    data = write(tmp_path, layout, {"a": GOOD})
    (tmp_path / "train/JPEGImages/a/00001.jpg").unlink()
    with pytest.warns(UserWarning, match=r"video a: 1 of 2 files are missing, such as '.*00001\.jpg'"):
        [a] = data.read()
    assert a.frames[0].shape == (32, 48, 3)
    (tmp_path / "train/JPEGImages/a/00000.jpg").unlink()
    with pytest.raises(DataError, match="none of the 2 files of video a"):
        data.read()


@BOTH
def test_exif_orientation_is_ignored(tmp_path, layout):
    data = write(tmp_path, layout, {"a": GOOD})
    corner = np.zeros((32, 48, 3), np.uint8)
    corner[:16, :24] = 255
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    for frame in GOOD["frames"]:
        Image.fromarray(corner).save(tmp_path / f"train/JPEGImages/a/{frame}.jpg", exif=exif, quality=95)
    [a] = data.read()
    for t in range(2):
        assert a.frames[t].shape[:2] == a.referrals[0].masks[t].shape == (32, 48)
        assert a.frames[t][:12, :20].min() > 230 and a.frames[t][20:].max() < 25


@BOTH
def test_a_frame_and_a_mask_of_two_sizes_are_an_error_that_names_both(tmp_path, layout):
    data = write(tmp_path, layout, {"a": GOOD}, size=(32, 48))
    with pytest.raises(DataError, match=r"48 x 32 pixels and its frame '.*a/00000\.jpg' 32 x 48") as raised:
        data.read()
    assert ("mask_dict.json" if layout == "mevis" else "Annotations/a/00000.png") in str(raised.value)


@BOTH
def test_a_later_one_of_another_size_is_found_when_it_is_read(tmp_path, layout):
    data = write(tmp_path, layout, {"a": GOOD})
    Image.new("RGB", (96, 64)).save(tmp_path / "train/JPEGImages/a/00001.jpg")
    [a] = data.read()
    assert a.referrals[0].masks[0].any()
    with pytest.raises(DataError, match=r"48 x 32 pixels and its frame '.*a/00001\.jpg' 96 x 64"):
        _ = a.referrals[0].masks[1]


@pytest.mark.parametrize("kind", ["cut", "text", "empty"])
@BOTH
def test_a_damaged_picture_is_named(tmp_path, layout, kind):
    data = write(tmp_path, layout, {"a": GOOD})
    path = tmp_path / "train/JPEGImages/a/00001.jpg"
    content = path.read_bytes()
    path.write_bytes({"cut": content[: len(content) - 150], "text": b"<html>", "empty": b""}[kind])
    [a] = data.read()
    with pytest.raises(DataError, match=r"a/00001\.jpg' is not a complete picture"):
        _ = a.frames[1]


@BOTH
def test_a_pipe_in_the_place_of_a_picture_is_not_waited_for(tmp_path, layout):
    data = write(tmp_path, layout, {"a": GOOD})
    for path in [*(tmp_path / "train").rglob("*.jpg"), *(tmp_path / "train").rglob("*.png")]:
        path.unlink()
        os.mkfifo(path)
    [a] = data.read()
    for read in (lambda: a.frames[0], lambda: a.referrals[0].masks[0]):
        with pytest.raises(DataError, match=r"00000\.(jpg|png)' is (a folder, a pipe|not a complete)"):
            read()


def test_damaged_annotations_are_named(tmp_path):
    data = write(tmp_path, "ref-youtube-vos", {"a": GOOD})
    path = tmp_path / "train/Annotations/a/00001.png"
    content = bytearray(path.read_bytes())
    content[len(content) - 30] ^= 255
    path.write_bytes(content)
    [a] = data.read()
    with pytest.raises(DataError, match=r"Annotations/a/00001\.png' is not a complete picture"):
        _ = a.referrals[0].masks[1]


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (None, "annotation 0, of video a, is missing"),
        ({"size": [32, 48]}, "annotation 0, of video a, is missing"),
        ([], "is 0 frames long instead of 2"),
        ([7, 7], "TypeError.*annotation 0, of video a"),
        ([{"counts": "a"}, None], "KeyError: 'size', in annotation 0, of video a"),
        ([{"size": [], "counts": "a"}, None], "annotation 0, of video a"),
        (
            [None, {"size": [48, 32], "counts": "a"}],
            r"annotation 0, of video a, is 32 x 48.*a/00001\.jpg' 48 x 32",
        ),
    ],
)
def test_annotations_of_mevis_that_are_none_are_named_when_reading(tmp_path, runs, said):
    data = write(tmp_path, "mevis", {"a": GOOD})
    change(data, "train/mask_dict.json", lambda content: content.update({"0": runs}))
    with pytest.raises(DataError, match=rf"mask_dict\.json'.*{said}"):
        data.read()


@pytest.mark.parametrize("counts", ["", "hello world", "d:<d", [1, 2, 3], 7, None])
def test_damaged_run_lengths_are_named_with_file_and_frame(tmp_path, counts):
    data = write(tmp_path, "mevis", {"a": GOOD})
    change(data, "train/mask_dict.json", lambda content: content["0"][1].update(counts=counts))
    [a] = data.read()
    assert a.referrals[0].masks[0].any()
    with pytest.raises(DataError, match=r"mask_dict\.json'.*annotation 0, number 1"):
        _ = a.referrals[0].masks[1]


@BOTH
@pytest.mark.parametrize(
    "content",
    [[], {}, {"videos": []}, {"videos": {"a": []}}, {"videos": {"a": {"expressions": {"0": 1}}}}, 7, None],
)
def test_a_listing_of_another_shape_is_named(tmp_path, layout, content):
    data = write(tmp_path, layout, {"a": GOOD})
    (tmp_path / LISTING[layout]).write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"meta_expressions\.json' is not laid out"):
        data.read()


@BOTH
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_listings_that_went_through_an_editor_are_read(tmp_path, layout, encoding):
    data = write(tmp_path, layout, {"a": GOOD})
    path = tmp_path / LISTING[layout]
    path.write_text(path.read_text(), encoding=encoding)
    assert [r.expression for r in data.read()[0].referrals] == GOOD["sentences"]


@BOTH
def test_a_listing_that_was_cut_off_is_named(tmp_path, layout):
    data = write(tmp_path, layout, {"a": GOOD})
    path = tmp_path / LISTING[layout]
    path.write_text(path.read_text()[:-20])
    with pytest.raises(DataError, match=r"meta_expressions\.json' is damaged"):
        data.read()


@BOTH
def test_unpadded_frames_come_in_the_order_of_their_numbers(tmp_path, layout):
    frames = [str(t) for t in range(12)]
    data = write(tmp_path, layout, {"a": {**GOOD, "frames": frames}})
    for t in range(12):
        Image.new("RGB", (48, 32), (20 * t,) * 3).save(tmp_path / f"train/JPEGImages/a/{t}.jpg")
    [a] = data.read()
    assert [round(float(frame.mean()) / 20) for frame in a.frames] == list(range(12))


def test_sentences_of_davis_in_another_encoding_are_named(tmp_path):
    (tmp_path / "davis_text_annotations").mkdir()
    path = tmp_path / "davis_text_annotations/Davis17_annot1.txt"
    path.write_bytes('goat 1 "a caf\u00e9"\n'.encode("latin-1"))
    with pytest.raises(DataError, match=r"Davis17_annot1\.txt' is not utf-8"):
        DataSet("ref-davis17", str(tmp_path), "val").read()


@pytest.fixture
def refcoco(tmp_path):
    (tmp_path / "train2014").mkdir()
    for number in (1, 2):
        Image.new("RGB", (48, 32)).save(tmp_path / f"train2014/{number}.jpg")
    (tmp_path / "refcoco").mkdir()

    def write(sentences=("a box",), segmentation=None) -> DataSet:
        outline = segmentation or [[2, 3, 12, 3, 12, 13, 2, 13]]
        images = [{"id": n, "file_name": f"{n}.jpg", "height": 32, "width": 48} for n in (1, 2)]
        annotations = [{"id": 1, "segmentation": outline}, {"id": 2, "segmentation": [[2, 3, 12, 3, 12, 13]]}]
        (tmp_path / "refcoco/instances.json").write_text(
            json.dumps({"images": images, "annotations": annotations})
        )
        refs = [
            {"split": "train", "image_id": n, "ann_id": n, "sentences": [{"sent": s} for s in texts]}
            for n, texts in ((1, sentences), (2, ["the other box"]))
        ]
        (tmp_path / "refcoco/refs(unc).p").write_bytes(pickle.dumps(refs, protocol=2))
        return DataSet("refcoco", str(tmp_path))

    return write


def test_a_blank_sentence_about_a_picture_is_left_out_by_name(refcoco):
    with pytest.warns(UserWarning, match=r"refs\(unc\)\.p'.*sentence 1 of 1\.jpg is left out"):
        one, two = refcoco(sentences=("a box", "?")).read()
    assert len(one.referrals) == len(two.referrals) == 1


def test_a_picture_without_sentences_left_is_left_out(refcoco):
    with pytest.warns(UserWarning, match=r"sentence 0 of 1\.jpg is left out"):
        assert [r.name for r in refcoco(sentences=(" ",)).read()] == ["2"]


def test_a_picture_that_is_missing_is_told_when_reading(refcoco, tmp_path):
    (tmp_path / "train2014/2.jpg").unlink()
    with pytest.warns(UserWarning, match=r"1 of 2 files are missing, such as '.*2\.jpg'"):
        refcoco().read()


@pytest.mark.parametrize(
    "outline",
    [[[1, 2, 3]], [[1, 2, 3, 4, 5, float("nan")]], {"size": [32, 48], "counts": [1, 2]}, {"size": 7}, 7],
)
def test_a_damaged_outline_is_named(refcoco, outline):
    one, two = refcoco(segmentation=outline).read()
    assert two.referrals[0].masks[0].any()
    with pytest.raises(DataError, match=r"instances\.json'.*annotation 1"):
        _ = one.referrals[0].masks[0]


def test_a_picture_of_another_size_than_its_annotation_is_named(refcoco, tmp_path):
    data = refcoco()
    Image.new("RGB", (32, 48)).save(tmp_path / "train2014/1.jpg")
    with pytest.raises(DataError, match=r"instances\.json'.*annotation 1 is 48 x 32.*1\.jpg' 32 x 48"):
        _ = data.read()[0].referrals[0].masks[0]
