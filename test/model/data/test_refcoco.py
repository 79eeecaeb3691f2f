import json
import pickle

import numpy as np
import pytest
from PIL import Image

from samwise.data.layouts import DataSet
from samwise.errors import DataError
from samwise.video.run_lengths import encode

BLOB = np.zeros((50, 70), bool)
BLOB[30:40, 20:30] = True


def ref(number, picture, annotation, split, *sentences):
    return {
        "ref_id": number,
        "image_id": picture,
        "ann_id": annotation,
        "split": split,
        "file_name": f"COCO_train2014_{picture:012d}_{annotation}.jpg",
        "category_id": 1,
        "sent_ids": [10 * number + i for i in range(len(sentences))],
        "sentences": [
            {"sent": s, "raw": s.upper(), "tokens": s.split(), "sent_id": 10 * number + i}
            for i, s in enumerate(sentences)
        ],
    }


REFS = [
    ref(0, 7, 70, "train", "the left one", "left square"),
    ref(1, 7, 71, "train", "both squares"),
    ref(2, 8, 80, "val", "the blob"),
    ref(3, 9, 90, "train", "a blob"),
]


@pytest.fixture
def coco(tmp_path):
    """Three pictures; polygons of one part and of two, and run lengths."""
    (tmp_path / "train2014").mkdir()
    images = []
    for number in (7, 8, 9):
        name = f"COCO_train2014_{number:012d}.jpg"
        Image.fromarray(np.full((50, 70, 3), 10 * number, np.uint8)).save(tmp_path / "train2014" / name)
        images.append({"id": number, "file_name": name, "height": 50, "width": 70})
    left, right = [2, 3, 12, 3, 12, 13, 2, 13], [40, 3, 50, 3, 50, 13, 40, 13]
    annotations = [
        {"id": 70, "image_id": 7, "segmentation": [left]},
        {"id": 71, "image_id": 7, "segmentation": [left, right]},
        {"id": 80, "image_id": 8, "segmentation": [right]},
        {"id": 90, "image_id": 9, "segmentation": encode(BLOB)},
    ]
    for name, partition in (("refcoco", "unc"), ("refcoco+", "unc"), ("refcocog", "umd")):
        (tmp_path / name).mkdir()
        content = {"images": images, "annotations": annotations, "categories": []}
        (tmp_path / name / "instances.json").write_text(json.dumps(content))
        # Protocol 2 is what Python 2 wrote.
        (tmp_path / name / f"refs({partition}).p").write_bytes(pickle.dumps(REFS, protocol=2))
    return tmp_path


@pytest.mark.parametrize("layout", ["refcoco", "refcoco+", "refcocog"])
def test_a_picture_has_all_sentences_of_its_split(coco, layout):
    seven, nine = DataSet(layout, str(coco)).read()
    assert seven.name == "COCO_train2014_000000000007" and len(seven.frames) == 1
    assert abs(int(seven.frames[0][0, 0, 0]) - 70) < 3
    assert [r.expression for r in seven.referrals] == ["the left one", "left square", "both squares"]
    left, again, both = (r.masks[0] for r in seven.referrals)
    assert left.shape == (50, 70) and left[3:13, 2:12].all() and left.sum() == 100
    np.testing.assert_array_equal(left, again)
    assert both.sum() == 200 and both[5, 45]
    np.testing.assert_array_equal(nine.referrals[0].masks[0], BLOB)
    assert [r.name[-1] for r in DataSet(layout, str(coco), "val").read()] == ["8"]


def test_pictures_may_lie_where_refer_puts_them(coco):
    (coco / "images/mscoco/images").mkdir(parents=True)
    (coco / "train2014").rename(coco / "images/mscoco/images/train2014")
    assert DataSet("refcoco", str(coco)).read()[0].frames[0].shape == (50, 70, 3)


class Malice:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_pickle_that_would_run_code_is_refused(coco, tmp_path):
    (coco / "refcoco/refs(unc).p").write_bytes(pickle.dumps([*REFS, Malice(tmp_path / "touched")]))
    with pytest.raises(DataError, match=r"refs\(unc\)\.p' is not plain pickled data \(it asks for \w+\.open"):
        DataSet("refcoco", str(coco)).read()
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize("gone", ["train2014", "refcoco/refs(unc).p", "refcoco/instances.json"])
def test_what_is_missing_is_named(coco, gone):
    (coco / gone).rename(coco / "elsewhere")
    with pytest.raises(DataError) as raised:
        DataSet("refcoco", str(coco)).read()
    assert gone in str(raised.value) and "github.com/lichengunc/refer" in str(raised.value)


def test_a_damaged_pickle_and_an_unknown_split_are_named(coco):
    with pytest.raises(DataError, match="no split 'testC'; it has train, val"):
        DataSet("refcoco", str(coco), "testC").read()
    (coco / "refcoco/refs(unc).p").write_bytes(b"\x80\x02]q")
    with pytest.raises(DataError, match=r"refs\(unc\)\.p' is not plain pickled data"):
        DataSet("refcoco", str(coco)).read()


def test_an_annotation_that_is_not_there_is_named(coco):
    content = json.loads((coco / "refcoco/instances.json").read_text())
    content["annotations"] = content["annotations"][1:]
    (coco / "refcoco/instances.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"refs\(unc\)\.p' is not laid out as .* \(KeyError: 70\)"):
        DataSet("refcoco", str(coco)).read()


@pytest.mark.parametrize("content", [b"]}b.", b"]a.", b"(lp0\ni\n"])
def test_a_pickle_that_cannot_be_put_together_is_damaged(coco, content):
    (coco / "refcoco/refs(unc).p").write_bytes(content)
    with pytest.raises(DataError, match=r"refs\(unc\)\.p' is not plain pickled data"):
        DataSet("refcoco", str(coco)).read()


def test_a_pickle_without_sentences_says_so(coco):
    (coco / "refcoco/refs(unc).p").write_bytes(pickle.dumps([]))
    with pytest.raises(DataError, match="it has no sentences at all"):
        DataSet("refcoco", str(coco)).read()
