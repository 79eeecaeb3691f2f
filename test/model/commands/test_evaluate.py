"""`samwise evaluate` end to end, with a network that knows nothing."""

import json
import zipfile

import cv2
import pytest

from samwise.checkpoint import save
from samwise.cli import main
from samwise.evaluate import records
from samwise.evaluate.protocols import JUDGES
from samwise.world.export import export

SCORES = {"j_and_f", "j", "f", "absent_accuracy", "switch_precision", "switch_recall"}
QUICK = ["--videos", "1", "--frames", "6", "--workers", "0"]


@pytest.fixture
def checkpoint(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    return ["--checkpoint", str(tmp_path / "model.safetensors")]


@pytest.mark.slow
def test_table_json_and_sheets(tmp_path, checkpoint, capsys):
    out, sheets = tmp_path / "scores.json", tmp_path / "sheets"
    options = ["--split", "late", "absent", "--cme", "always", "--json", str(out), "--sheets", str(sheets)]
    assert main(["evaluate", *checkpoint, *QUICK, *options]) == 0
    printed = capsys.readouterr().out
    assert "| late " in printed and "| absent " in printed and "| motion" not in printed.split("\n\n")[0]
    values = json.loads(out.read_text())
    assert list(values) == ["made_by", "late", "absent", "families", "settings"]
    for split in ("late", "absent"):
        assert values[split].keys() >= SCORES and values[split]["videos"] == 1
        low, high = values[split]["j_and_f_interval"]
        assert 0 <= low <= values[split]["j_and_f"] <= high <= 100
        assert values[split]["switches"] == 5 * values[split]["sentences"]
        assert cv2.imread(str(sheets / f"{split}.png")) is not None
    assert values["settings"]["cme"] == "always" and values["settings"]["seed"] == 0


@pytest.mark.slow
def test_another_seed_is_other_videos_and_the_same_seed_the_same(tmp_path, checkpoint):
    found = []
    for seed in ("0", "0", "1"):
        out = tmp_path / "scores.json"
        main(["evaluate", *checkpoint, *QUICK, "--split", "appearance", "--seed", seed, "--json", str(out)])
        found.append(json.loads(out.read_text())["appearance"])
    assert found[0] == found[1] and found[0] != found[2]


@pytest.mark.parametrize("option", [["--no-hsa"], ["--mode", "clip"]])
def test_the_model_can_be_run_otherwise(tmp_path, checkpoint, option):
    found = []
    for options in ([], option):
        out = tmp_path / "scores.json"
        main(["evaluate", *checkpoint, *QUICK, "--split", "motion", *options, "--json", str(out)])
        found.append(json.loads(out.read_text())["motion"])
    assert found[0]["j_and_f"] != found[1]["j_and_f"]


@pytest.mark.parametrize(
    "options",
    [
        ["--cme", "sometimes"],
        ["--videos", "0"],
        ["--seed", "-1"],
        ["--frames", "0"],
        ["--split", "tomorrow"],
        ["--data", "mevis"],
        ["--data", "mevis:"],
    ],
)
def test_options_out_of_range_are_a_message(checkpoint, options, capsys):
    assert main(["evaluate", *checkpoint, *QUICK, *options]) == 2
    assert options[1] in capsys.readouterr().err


def test_an_unknown_layout_is_answered_with_those_there_are(checkpoint, capsys):
    assert main(["evaluate", *checkpoint, "--data", "movies:here"]) == 2
    said = capsys.readouterr().err
    assert "'movies'" in said and "mevis, ref-davis17" in said


def test_a_split_named_twice_is_judged_once(tmp_path, checkpoint):
    out = tmp_path / "scores.json"
    options = ["--split", "absent", "absent", "--json", str(out)]
    assert main(["evaluate", *checkpoint, *QUICK, *options]) == 0
    assert json.loads(out.read_text())["absent"]["videos"] == 1


def test_a_video_that_cannot_be_judged_is_named_and_the_others_count(
    tmp_path, checkpoint, capsys, monkeypatch
):
    def judge(model, job):
        if job.name == "absent_000001":
            raise RuntimeError("no sentence fits\nfor a long reason")
        return records.judge(model, job)

    monkeypatch.setitem(JUDGES, "sentences", judge)
    out = tmp_path / "scores.json"
    options = ["--videos", "3", "--split", "absent", "--json", str(out)]
    assert main(["evaluate", *checkpoint, *QUICK, *options]) == 1
    said = capsys.readouterr()
    assert "video absent_000001 could not be judged: RuntimeError: no sentence fits\n" in said.err
    values = json.loads(out.read_text())
    assert values["absent"]["videos"] == 2 and "| absent " in said.out
    assert [(v["split"], v["video"]) for v in values["not_judged"]] == [("absent", "absent_000001")]


def test_no_scores_at_all_are_an_error(checkpoint, capsys, monkeypatch):
    monkeypatch.setitem(JUDGES, "sentences", lambda *_: 1 / 0)
    assert main(["evaluate", *checkpoint, *QUICK, "--split", "absent"]) == 2
    assert "none of the videos" in capsys.readouterr().err


@pytest.fixture
def data(tmp_path):
    """Two splits of two videos."""
    for split in ("late", "absent"):
        export(tmp_path / "data", "mevis", split, range(2), 6, (72, 96), 10.0)
    return tmp_path / "data"


@pytest.mark.slow
def test_a_data_set_on_disk_gets_the_same_report(tmp_path, checkpoint, data, capsys):
    out, sheets = tmp_path / "scores.json", tmp_path / "sheets"
    asked = ["--data", f"mevis:{data}", "--split", "late", "absent", "--frames", "4", "--workers", "2"]
    assert main(["evaluate", *checkpoint, *asked, "--json", str(out), "--sheets", str(sheets)]) == 0
    printed = capsys.readouterr().out
    assert "| late " in printed and "| absent " in printed and "family" not in printed
    values = json.loads(out.read_text())
    assert list(values) == [
        *("made_by", "late", "absent", "families", "settings"),
        *("published", "per_video", "sentences"),
    ]
    for split in ("late", "absent"):
        assert values[split].keys() >= SCORES and values[split]["videos"] == 2
        assert cv2.imread(str(sheets / f"{split}.png")) is not None
    assert values["settings"]["data"] == "mevis" and values["settings"]["frames"] == 4
    assert str(tmp_path) not in out.read_text()


def test_a_damaged_file_costs_its_video_alone(tmp_path, checkpoint, data, capsys):
    (data / "late/JPEGImages/late_000000/00003.jpg").write_bytes(b"")
    out = tmp_path / "scores.json"
    asked = ["--data", f"mevis:{data}", "--split", "late", "--workers", "0", "--json", str(out)]
    assert main(["evaluate", *checkpoint, *asked]) == 1
    said = capsys.readouterr().err
    assert "video late_000000 could not be judged" in said and "00003.jpg" in said
    values = json.loads(out.read_text())
    assert values["late"]["videos"] == 1 and values["not_judged"][0]["video"] == "late_000000"


@pytest.mark.parametrize(
    ("options", "named"),
    [(["--seed", "1"], "--seed"), (["--fps", "5"], "--fps"), ([], "train"), (["--split", "dawn"], "dawn")],
)
def test_what_a_data_set_does_not_have_is_named(checkpoint, data, capsys, options, named):
    assert main(["evaluate", *checkpoint, "--data", f"mevis:{data}", *options]) == 2
    assert named in capsys.readouterr().err


def test_places_that_are_taken_are_found_before_the_work(tmp_path, checkpoint, capsys, monkeypatch):
    monkeypatch.setattr("samwise.commands.evaluate.judged", lambda *_: pytest.fail("there is no place"))
    (tmp_path / "absent.png").write_bytes(b"mine")
    (tmp_path / "file").touch()
    for options, named in (
        (["--sheets", str(tmp_path)], "absent.png"),
        (["--sheets", str(tmp_path / "file")], "file"),
        (["--json", str(tmp_path / "none" / "a.json")], "no folder"),
    ):
        assert main(["evaluate", *checkpoint, *QUICK, "--split", "absent", *options]) == 2
        assert named in capsys.readouterr().err


@pytest.fixture
def mevis(tmp_path):
    """Two videos of nine frames: the last clip of the published evaluation has one."""
    export(tmp_path / "mevis", "mevis", "late", range(2), 9, (48, 64), 10.0)
    (tmp_path / "mevis/late").rename(tmp_path / "mevis/valid")
    return tmp_path / "mevis"


def evaluate(checkpoint, *words) -> int:
    return main(["evaluate", *checkpoint, *map(str, words), "--workers", "0"])


def test_a_data_set_is_scored_as_published_unless_it_is_to_be_streamed(tmp_path, checkpoint, mevis, capsys):
    found = {}
    for mode in ((), ("--mode", "clip"), ("--mode", "causal")):
        out = tmp_path / "scores.json"
        assert evaluate(checkpoint, "--data", f"mevis:{mevis}", "--split", "valid", *mode, "--json", out) == 0
        values = json.loads(out.read_text())
        found[mode] = values["sentences"]
        assert values["settings"]["mode"] == (mode or ("", "clip"))[1]
        assert "as its benchmark averages: by text J&F" in capsys.readouterr().out
    assert found[()] == found["--mode", "clip"] != found["--mode", "causal"]
    assert {"split", "video", "sentence", "expression", "j", "f"} <= found[()][0].keys()


def test_without_published_truth_there_is_a_zip_for_the_server(tmp_path, checkpoint, mevis, capsys):
    words = ("--data", f"mevis:{mevis}", "--split", "valid")
    assert evaluate(checkpoint, *words, "--submission", tmp_path / "with.zip") == 0
    assert "| valid " in capsys.readouterr().out
    (mevis / "valid/mask_dict.json").unlink()
    assert evaluate(checkpoint, *words) == 2 and "--submission" in capsys.readouterr().err
    assert evaluate(checkpoint, *words, "--submission", tmp_path / "without.zip") == 0
    assert "| valid " not in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "with.zip") as a, zipfile.ZipFile(tmp_path / "without.zip") as b:
        assert a.namelist() == b.namelist() and all(a.read(name) == b.read(name) for name in a.namelist())
        assert "late_000001/0/00008.png" in a.namelist()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--submission", "a.zip"), "--data"),
        (("--data", "refcoco:x", "--submission", "a.zip"), "no server to submit refcoco"),
        (("--data", "mevis:x", "--split", "valid", "valid_u", "--submission", "a.zip"), "of one split"),
    ],
)
def test_a_submission_that_makes_no_sense_is_refused_before_the_work(checkpoint, capsys, words, named):
    assert evaluate(checkpoint, *words) == 2 and named in capsys.readouterr().err


def test_what_a_journal_holds_is_not_judged_again(
    tmp_path, checkpoint, mevis, make_network, tokenizer, monkeypatch, capsys
):
    words = ("--data", f"mevis:{mevis}", "--split", "valid", "--journal", tmp_path / "journal.jsonl")
    judged = []

    def judge(model, job):
        if len(judged) == 1:
            raise KeyboardInterrupt
        judged.append(job.name)
        return records.judge(model, job)

    monkeypatch.setitem(JUDGES, "sentences", judge)
    assert evaluate(checkpoint, *words) == 130
    monkeypatch.setitem(
        JUDGES, "sentences", lambda model, job: (judged.append(job.name), records.judge(model, job))[1]
    )
    out, whole = tmp_path / "scores.json", tmp_path / "whole.json"
    assert evaluate(checkpoint, *words, "--json", out, "--submission", tmp_path / "masks.zip") == 0
    assert judged == ["late_000000", "late_000001"]
    assert evaluate(checkpoint, *words[:4], "--json", whole) == 0
    assert json.loads(out.read_text()) == json.loads(whole.read_text())
    assert evaluate(checkpoint, *words, "--mode", "causal") == 2
    assert "mode: 'clip' instead of 'causal'" in capsys.readouterr().err
    # Other weights under the same name.
    save(tmp_path / "model.safetensors", make_network(), tokenizer, half=True)
    assert evaluate(checkpoint, *words) == 2 and "sha256: " in capsys.readouterr().err
