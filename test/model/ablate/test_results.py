import json

import pytest

from samwise.ablate.plot import plot
from samwise.ablate.results import ResultFile, markdown, spreads
from samwise.errors import ConfigurationError


def result(name, seed, late, motion, **more):
    scores = {"late": {"j_and_f": late}, "motion": {"j_and_f": motion}}
    return {"name": name, "seed": seed, "key": "k", "scores": scores, **more}


RESULTS = [
    result("full", 0, 60.0, 50.0, trained_parameters=12345),
    result("full", 1, 64.0, 51.0, trained_parameters=12345),
    result("always", None, 40.0, None),
]


def test_lines_are_found_again_by_name_seed_and_key(tmp_path):
    file = ResultFile(tmp_path / "results.jsonl")
    for line in RESULTS:
        file.append(line)
    again = ResultFile(tmp_path / "results.jsonl")
    assert again.find("full", 1, "k") == RESULTS[1] and again.find("always", None, "k") == RESULTS[2]
    # Of another plan.
    assert again.find("full", 1, "other") is None


def test_a_last_line_that_was_cut_off_is_dropped(tmp_path):
    path = tmp_path / "results.jsonl"
    file = ResultFile(path)
    for line in RESULTS[:2]:
        file.append(line)
    whole = path.read_text()
    path.write_text(whole[:-20])
    again = ResultFile(path)
    assert again.cut_off and again.find("full", 0, "k") == RESULTS[0] and again.find("full", 1, "k") is None
    again.append(RESULTS[1])
    assert path.read_text() == whole and not ResultFile(path).cut_off


def test_a_last_line_that_lacks_its_end_only_is_kept(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text(json.dumps(RESULTS[0]))
    file = ResultFile(path)
    assert not file.cut_off and file.find("full", 0, "k") == RESULTS[0]
    file.append(RESULTS[1])
    assert len(path.read_text().splitlines()) == 2


def test_another_file_is_refused(tmp_path):
    (tmp_path / "results.jsonl").write_text("{}\n")
    with pytest.raises(ConfigurationError, match="does not hold results"):
        ResultFile(tmp_path / "results.jsonl")


def test_spread_over_seeds():
    found = spreads(RESULTS, ["late", "motion"])
    assert found["full"]["late"].mean == 62 and found["full"]["late"].deviation == pytest.approx(8**0.5)
    assert found["always"]["late"].deviation is None and "motion" not in found["always"]


def test_table():
    lines = markdown(RESULTS, ["late", "motion"]).splitlines()
    assert lines[2] == "| full | 12,345 | 2 | 62.0 ± 2.8 | 50.5 ± 0.7 |"
    assert lines[3] == "| always |  | 1 | 40.0 |  |"


@pytest.mark.slow
def test_plot(tmp_path):
    pytest.importorskip("matplotlib")
    plot(tmp_path / "plot.png", spreads(RESULTS, ["late", "motion"]), ["late", "motion"])
    assert (tmp_path / "plot.png").read_bytes()[:4] == b"\x89PNG"
