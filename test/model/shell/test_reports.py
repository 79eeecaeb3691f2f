import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samwise.shell.placing import OutputError
from samwise.shell.reports import check_report, write_json, write_png

MAKER = "samwise test"


def test_a_report_replaces_an_earlier_one_of_its_command(tmp_path):
    place = tmp_path / "scores.json"
    for value in (1, 2):
        check_report(place, MAKER)
        write_json(place, MAKER, {"value": value})
    assert json.loads(place.read_text()) == {"made_by": MAKER, "value": 2}


def test_a_picture_replaces_an_earlier_one_of_its_command(tmp_path):
    place = tmp_path / "sheet.png"
    for value in (1, 2):
        write_png(place, MAKER, np.full((4, 6, 3), value, np.uint8))
    assert np.asarray(Image.open(place)).max() == 2


@pytest.mark.parametrize("text", ["notes", "{}", "[1, 2]", '{"made_by": "another"}', ""])
def test_any_other_file_stays(tmp_path, text):
    place = tmp_path / "mine.json"
    place.write_text(text)
    for attempt in (lambda: check_report(place, MAKER), lambda: write_json(place, MAKER, {})):
        with pytest.raises(OutputError, match=r"mine\.json"):
            attempt()
    assert place.read_text() == text


def test_a_photograph_stays(tmp_path):
    place = tmp_path / "photo.png"
    Image.new("RGB", (4, 4)).save(place)
    with pytest.raises(OutputError, match=r"photo\.png"):
        write_png(place, MAKER, np.zeros((4, 4, 3), np.uint8))


def test_a_missing_folder_is_found_before_the_work(tmp_path):
    with pytest.raises(OutputError, match="there is no folder"):
        check_report(tmp_path / "none" / "a.json", MAKER)
    with pytest.raises(OutputError, match="is a folder"):
        check_report(tmp_path, MAKER)
    check_report(None, MAKER)


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_a_report_may_go_to_a_device_which_is_not_read(device):
    # Reading one without an end takes all memory.
    check_report(Path(device), MAKER)


def test_a_huge_file_is_no_earlier_report(tmp_path):
    with (tmp_path / "drive.mcap").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(OutputError, match=r"drive\.mcap"):
        check_report(tmp_path / "drive.mcap", MAKER)
