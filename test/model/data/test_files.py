"""Files that no data set has, and numbers that no object has."""

import json

import pytest

from samwise.data.files import check_folder, laid_out, object_number, read_json
from samwise.data.layouts import DataSet
from samwise.errors import DataError
from samwise.video.run_lengths import decode


@pytest.mark.parametrize("number", [0, "0", -1, 256, "256", 1.5, True, None, "one", [1]])
def test_a_number_that_no_object_has(number):
    with pytest.raises(ValueError, match=r"1 to 255|invalid literal"):
        object_number(number)


@pytest.mark.parametrize("number", [1, "1", "01", 255])
def test_a_number_of_an_object(number):
    assert object_number(number) == int(number)


def test_a_sentence_about_number_0_does_not_train_on_the_background(tmp_path):
    for kind in ("JPEGImages", "Annotations"):
        (tmp_path / "train" / kind / "a").mkdir(parents=True)
    (tmp_path / "train/JPEGImages/a/00000.jpg").touch()
    listing = tmp_path / "meta_expressions/train/meta_expressions.json"
    listing.parent.mkdir(parents=True)
    video = {"frames": ["00000"], "expressions": {"0": {"exp": "the red box", "obj_id": "0"}}}
    listing.write_text(json.dumps({"videos": {"a": video}}))
    with pytest.raises(DataError, match=r"object '0' is not one of 1 to 255, in video a"):
        DataSet("ref-youtube-vos", str(tmp_path)).read()


def test_brackets_without_an_end_are_a_damaged_file(tmp_path):
    (tmp_path / "a.json").write_text("[" * 100_000)
    with pytest.raises(DataError, match=r"a\.json' is damaged"):
        read_json(tmp_path / "a.json", "")


def test_a_name_that_no_folder_can_have(tmp_path):
    with pytest.raises(DataError, match="too long"):
        check_folder(tmp_path / ("a" * 300), "")


def test_run_lengths_beyond_all_integers_are_told_by_their_file(tmp_path):
    with (
        pytest.raises(DataError, match=r"mask_dict\.json' is not laid out as MeViS"),
        laid_out(tmp_path / "mask_dict.json", "MeViS"),
    ):
        decode({"size": [32, 48], "counts": [10**30]})
