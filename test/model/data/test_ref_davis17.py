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
        # Objects out of order, and a quotation mark of another kind in the files of the second person.
        lines = [f'motor-bike {n} "object {n} of {name}"\n' for n in (2, 1)]
        lines.append('goat 1 "a goat"\n' if "1" in name else "goat 1 \x93a goat\x94.\n")
        (texts / f"{name}.txt").write_bytes("".join(lines).encode("latin-1"))
    return tmp_path


def test_sentences_are_numbered_as_the_evaluation_counts_them(davis):
    motorbike, goat = DataSet("ref-davis17", str(davis), "val").read()
    assert motorbike.name == "motorbike" and len(motorbike.frames) == 3
    expressions = [r.expression for r in motorbike.referrals]
    assert expressions == [f"object {n} of {name}" for n in (1, 2) for name in LISTS]
    assert [r.expression for r in goat.referrals] == ["a goat"] * 4
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
    "line, said", [("goat 0 the goat", "object '0' is not one of 1 to 255"), (f"goat 1 {'a' * 600}", "600")]
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
    assert len(motorbike.referrals) == 8 and goat.referrals[2].expression == "a goat"


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
