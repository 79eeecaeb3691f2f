import json

import numpy as np
import pytest
from PIL import Image

from samwise.data.layouts import DataSet
from samwise.errors import DataError

LISTS = ["Davis17_annot1", "Davis17_annot1_full_video", "Davis17_annot2", "Davis17_annot2_full_video"]


@pytest.fixture
def davis(tmp_path):
    """Two videos of three frames with two squares each; one of them has another name in the sentences."""
    labels = np.zeros((40, 60), np.uint8)
    labels[5:15, 5:15], labels[20:30, 30:45] = 1, 2
    for video in ("motorbike", "goat"):
        pictures = tmp_path / "DAVIS/JPEGImages/480p" / video
        annotations = tmp_path / "DAVIS/Annotations_unsupervised/480p" / video
        pictures.mkdir(parents=True)
        annotations.mkdir(parents=True)
        for t in range(3):
            Image.fromarray(np.full((40, 60, 3), 40 * t, np.uint8)).save(pictures / f"{t:05d}.jpg")
            picture = Image.fromarray(np.roll(labels, t, axis=1))
            picture.putpalette(list(range(256)) * 3)
            picture.save(annotations / f"{t:05d}.png")
    sets = tmp_path / "DAVIS/ImageSets/2017"
    sets.mkdir(parents=True)
    (sets / "val.txt").write_text("motorbike\ngoat\n")
    texts = tmp_path / "davis_text_annotations"
    texts.mkdir()
    for name in LISTS:
        # Objects out of order, and quotation marks of another kind in the files of the second person.
        lines = [f'motor-bike {n} "object {n} of {name}"\n' for n in (2, 1)]
        lines.append('goat 1 "a goat."\n' if "annot1" in name else "goat 1  \x93a   goat\x85\x94.\n")
        (texts / f"{name}.txt").write_bytes("".join(lines).encode("latin-1"))
    return tmp_path


def test_sentences_are_numbered_as_the_evaluation_counts_them(davis):
    motorbike, goat = DataSet("ref-davis17", str(davis), "val").read()
    assert motorbike.name == "motorbike" and len(motorbike.frames) == 3
    expressions = [r.expression for r in motorbike.referrals]
    assert expressions == [f"object {n} of {name}" for n in (1, 2) for name in LISTS]
    # The first and the last character are cut off and white space is made one space, as in the conversion.
    assert [r.expression for r in goat.referrals] == ["a goat."] * 2 + ["a goat \x94"] * 2
    for number, referral in enumerate(motorbike.referrals):
        mask = referral.masks[2]
        assert mask.sum() == (100 if number < 4 else 150) and mask[:, 7 if number < 4 else 32].any()
    assert abs(int(motorbike.frames[1][0, 0, 0]) - 40) < 3


@pytest.mark.parametrize(
    "gone",
    [
        "DAVIS/ImageSets/2017/val.txt",
        "davis_text_annotations/Davis17_annot2.txt",
        "DAVIS/Annotations_unsupervised/480p/goat",
    ],
)
def test_what_is_missing_is_named(davis, gone):
    (davis / gone).rename(davis / "elsewhere")
    with pytest.raises(DataError) as raised:
        DataSet("ref-davis17", str(davis), "val").read()
    assert gone in str(raised.value) and "davis_text_annotations.zip" in str(raised.value)


def test_a_line_of_another_form_is_named(davis):
    with (davis / "davis_text_annotations/Davis17_annot1.txt").open("a") as file:
        file.write("goat the goat\n")
    with pytest.raises(DataError, match=r"Davis17_annot1\.txt', line 4: 'goat the goat'"):
        DataSet("ref-davis17", str(davis), "val").read()


@pytest.mark.parametrize(
    "line, said", [("goat 0 the goat", "object '0' is not one of 1 to 255"), (f'goat 1 "{"a" * 600}"', "600")]
)
def test_a_line_that_cannot_be_trained_with_is_named(davis, line, said):
    with (davis / "davis_text_annotations/Davis17_annot1.txt").open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(DataError, match=rf"Davis17_annot1\.txt', line 4: .*{said}"):
        DataSet("ref-davis17", str(davis), "val").read()


def test_a_list_that_an_editor_has_marked_as_utf8_loses_no_sentence(davis):
    path = davis / "davis_text_annotations/Davis17_annot2.txt"
    path.write_text(path.read_text(encoding="cp1252"), encoding="utf-8-sig")
    motorbike, goat = DataSet("ref-davis17", str(davis), "val").read()
    assert len(motorbike.referrals) == 8 and goat.referrals[2].expression == "a goat…”"


def test_an_empty_list_is_not_taken_for_one_without_sentences(davis):
    (davis / "davis_text_annotations/Davis17_annot2.txt").write_bytes(b"")
    with pytest.raises(DataError, match=r"Davis17_annot2\.txt' is empty"):
        DataSet("ref-davis17", str(davis), "val").read()


def test_a_video_without_sentences_is_named_and_one_that_is_listed_twice_counts_once(davis):
    with (davis / "DAVIS/ImageSets/2017/val.txt").open("a") as file:
        file.write("goat\nsheep\n")
    with pytest.warns(UserWarning, match="video sheep is left out: it has no sentences"):
        videos = DataSet("ref-davis17", str(davis), "val").read()
    assert [video.name for video in videos] == ["motorbike", "goat"]


def test_objects_are_sorted_by_their_digits_and_one_that_a_writer_lacks_ends_it(davis):
    for name in LISTS:
        numbers = [2, 10, 1, 3] if name == LISTS[0] else [1, 2, 10]
        lines = [f'goat {n} "{n} of {name}"' for n in numbers] + ['motorbike 1 "m"']
        (davis / f"davis_text_annotations/{name}.txt").write_text("\n".join(lines), encoding="latin-1")
    goat = DataSet("ref-davis17", str(davis), "val").read()[1]
    # "10" comes before "2", and the fourth object of the first list has no sentence of the others.
    assert [r.expression for r in goat.referrals] == [f"{n} of {name}" for n in (1, 10, 2) for name in LISTS]
    assert [r.key for r in goat.referrals] == [str(i) for i in range(12)]


def test_what_the_conversion_has_written_is_read_as_the_published_script_reads_it(davis):
    pictures = davis / "DAVIS/JPEGImages/480p/goat"
    (davis / "valid/JPEGImages").mkdir(parents=True)
    pictures.rename(davis / "valid/JPEGImages/goat")
    expressions = {str(i): {"exp": f"Sentence {i}.", "obj_id": str(1 + i // 4)} for i in range(8)}
    listing = davis / "meta_expressions/valid/meta_expressions.json"
    listing.parent.mkdir(parents=True)
    videos = {"goat": {"expressions": expressions, "frames": ["00002", "00000"]}}
    listing.write_text(json.dumps({"videos": videos}))
    (goat,) = DataSet("ref-davis17", str(davis), "val").read()
    assert [r.expression for r in goat.referrals] == [f"Sentence {i}." for i in range(8)]
    assert goat.frame_names == ("00002", "00000") and len(goat.frames) == 2
    assert goat.labels is not None and goat.labels[0].max() == 2
    assert goat.referrals[7].masks[1].sum() == 150


def test_labels_keep_what_the_annotators_did_not_decide(davis):
    path = davis / "DAVIS/Annotations_unsupervised/480p/goat/00001.png"
    labels = np.array(Image.open(path))
    labels[0] = 255
    picture = Image.fromarray(labels)
    picture.putpalette(list(range(256)) * 3)
    picture.save(path)
    goat = DataSet("ref-davis17", str(davis), "val").read()[1]
    assert set(np.unique(goat.labels[1])) == {0, 1, 2, 255}
