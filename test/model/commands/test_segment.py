"""`samwise segment` end to end, on a folder of pictures."""

import json
import shutil
import signal
from pathlib import Path

import cv2
import numpy as np
import pytest
from clips import PAUSED_TIMES, RATE, cut_off, make_clip, with_pause
from PIL import Image
from pycocotools import mask as coco

from samwise.checkpoint import save
from samwise.cli import main
from samwise.commands import segment
from samwise.errors import SamwiseError
from samwise.model import PRECISIONS
from samwise.network.conditional_memory_encoder import SWITCH_GAIN
from samwise.session import Session
from samwise.state.decisions import DecisionPolicy


@pytest.fixture
def checkpoint(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    return str(tmp_path / "model.safetensors")


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "walk"
    folder.mkdir()
    for t, image in enumerate(np.random.default_rng(0).integers(0, 256, (7, 40, 56, 3), dtype=np.uint8)):
        cv2.imwrite(str(folder / f"{t:05d}.jpg"), image)
    return str(folder)


@pytest.mark.parametrize("mode", ["causal", "clip"])
def test_masks_lines_and_overlay(tmp_path, checkpoint, pictures, mode):
    out = tmp_path / "out"
    sentences = ["the red car", "the dog"]
    assert (
        main(["segment", pictures, *sentences, "--checkpoint", checkpoint, "--out", str(out), "--mode", mode])
        == 0
    )
    lines = [json.loads(line) for line in (out / "frames.jsonl").read_text().splitlines()]
    assert [line["frame"] for line in lines] == [f"{t:05d}" for t in range(7)]
    for t, line in enumerate(lines):
        for number, target in enumerate(line["targets"]):
            mask = cv2.imread(str(out / f"Annotations/walk/{number}/{t:05d}.png"), cv2.IMREAD_UNCHANGED)
            assert mask.shape == (40, 56) and mask.dtype == np.uint8 and set(np.unique(mask)) <= {0, 255}
            assert np.count_nonzero(mask) == target["area"] and target["expression"] == sentences[number]
    capture = cv2.VideoCapture(str(out / "overlay.mp4"))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == 7


def test_run_lengths_are_the_masks_of_the_png_tree(tmp_path, checkpoint, pictures):
    for kind in ("png", "rle"):
        options = ["--checkpoint", checkpoint, "--out", str(tmp_path / kind), "--masks", kind, "--no-overlay"]
        assert main(["segment", pictures, "the red car", "the dog", *options]) == 0
    assert not (tmp_path / "rle/Annotations").exists()
    areas = []
    for line in (tmp_path / "rle/frames.jsonl").read_text().splitlines():
        frame = json.loads(line)
        for number, target in enumerate(frame["targets"]):
            png = tmp_path / f"png/Annotations/walk/{number}/{frame['frame']}.png"
            mask = coco.decode(target["rle"])
            np.testing.assert_array_equal(mask * 255, cv2.imread(str(png), cv2.IMREAD_UNCHANGED))
            assert coco.area(target["rle"]) == target["area"]
            areas.append(target["area"])
    assert len(areas) == 14 and any(0 < area < 40 * 56 for area in areas)


def test_frame_limit_and_no_masks(tmp_path, checkpoint, pictures):
    out = tmp_path / "out"
    options = [
        "--checkpoint",
        checkpoint,
        "--out",
        str(out),
        "--frames",
        "3",
        "--masks",
        "none",
        "--no-overlay",
    ]
    assert main(["segment", pictures, "the red car", *options]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["frames.jsonl", "made_by.json"]
    assert len((out / "frames.jsonl").read_text().splitlines()) == 3


def test_switching_at_fixed_frames(tmp_path, checkpoint, pictures):
    out, words = tmp_path / "out", ["--cme", "every:2", "--cme-gain", "3", "--no-overlay", "--masks", "none"]
    assert main(["segment", pictures, "the dog", "--checkpoint", checkpoint, "--out", str(out), *words]) == 0
    lines = [json.loads(line) for line in (out / "frames.jsonl").read_text().splitlines()]
    assert [t for t, line in enumerate(lines) if line["targets"][0].get("switched")] == [2, 4, 6]


def test_unknown_words_are_said(tmp_path, checkpoint, pictures, capsys):
    out, words = tmp_path / "out", ["--frames", "2", "--no-overlay", "--masks", "none"]
    sentences = ["the red zeppelin", "the dog", "the Purple zeppelin"]
    assert main(["segment", pictures, *sentences, "--checkpoint", checkpoint, "--out", str(out), *words]) == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning")]
    assert warnings == [
        "warning: the model does not know zeppelin in 'the red zeppelin'",
        "warning: the model does not know Purple, zeppelin in 'the Purple zeppelin'",
    ]
    for line in (out / "frames.jsonl").read_text().splitlines():
        unknown = [target["unknown_words"] for target in json.loads(line)["targets"]]
        assert unknown == [["zeppelin"], [], ["Purple", "zeppelin"]]


@pytest.fixture
def run(tmp_path, checkpoint):
    """Runs the command into `tmp_path / "out"`; the exit code."""

    def run(source, *words, sentences=("the dog",)):
        options = ["--checkpoint", checkpoint, "--out", str(tmp_path / "out"), *words]
        return main(["segment", str(source), *sentences, *options])

    return run


def lines(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "frames.jsonl").read_text().splitlines()]


def count_of(video: Path) -> int:
    return int(cv2.VideoCapture(str(video)).get(cv2.CAP_PROP_FRAME_COUNT))


def test_times_of_a_variable_rate_come_from_the_container(tmp_path, run):
    assert run(with_pause(tmp_path / "a.mp4")) == 0
    found = lines(tmp_path / "out")
    assert [line["time"] for line in found] == pytest.approx(PAUSED_TIMES)
    assert [line["frame"] for line in found] == [f"{t:05d}" for t in range(19)]
    assert count_of(tmp_path / "out/overlay.mp4") == 30, "the overlay stands still in the pause"


def test_a_video_that_was_cut_off(tmp_path, run, capsys):
    clip = cut_off(make_clip(tmp_path / "a.mp4", "-g", "5", "-movflags", "+faststart"))
    assert run(clip) == 1
    found = len(lines(tmp_path / "out"))
    assert f"{found} of 30 frames" in capsys.readouterr().err
    assert count_of(tmp_path / "out/overlay.mp4") == found == len(list((tmp_path / "out").rglob("*.png")))


@pytest.mark.parametrize("mode", ["causal", "clip"])
def test_pictures_of_two_sizes(tmp_path, pictures, run, capsys, mode):
    for t in (3, 4):
        path = f"{pictures}/{t:05d}.jpg"
        cv2.imwrite(path, cv2.resize(cv2.imread(path), (64, 32)))
    assert run(pictures, "--mode", mode) == 0
    assert len(lines(tmp_path / "out")) == count_of(tmp_path / "out/overlay.mp4") == 7
    mask = cv2.imread(str(tmp_path / "out/Annotations/walk/0/00003.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (32, 64)
    warnings = capsys.readouterr().err
    assert "frame 00003 is 64 x 32 pixels and the one before 56 x 40" in warnings


def test_masks_fit_the_pictures_as_they_are_shown(tmp_path, pictures, run):
    exif = Image.Exif()
    exif[0x0112] = 6
    for path in Path(pictures).iterdir():
        Image.open(path).save(path, exif=exif)
    assert run(pictures, "--frames", "2") == 0
    mask = cv2.imread(str(tmp_path / "out/Annotations/walk/0/00000.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (56, 40) == cv2.imread(f"{pictures}/00000.jpg").shape[:2]


@pytest.mark.parametrize("mode", ["causal", "clip"])
def test_a_bad_picture_and_a_tiny_one_cost_only_themselves(tmp_path, pictures, run, capsys, mode):
    Path(pictures, "00002.jpg").write_text("no picture")
    cv2.imwrite(f"{pictures}/00004.jpg", np.zeros((1, 1, 3), np.uint8))
    assert run(pictures, "--mode", mode) == 1
    assert [line["frame"] for line in lines(tmp_path / "out")] == [f"{t:05d}" for t in (0, 1, 3, 5, 6)]
    assert count_of(tmp_path / "out/overlay.mp4") == 5
    said = capsys.readouterr().err
    assert "frame 2" in said and "00002.jpg" in said and "frame 00004" in said and "1x1" in said


def test_two_pictures_of_one_stem_have_masks_of_their_own(tmp_path, pictures, run):
    cv2.imwrite(f"{pictures}/00003.png", cv2.imread(f"{pictures}/00003.jpg"))
    assert run(pictures) == 0
    names = {path.name for path in (tmp_path / "out/Annotations/walk/0").iterdir()}
    assert len(names) == 8 and {"00003.jpg.png", "00003.png.png"} <= names


def test_no_frame_at_all_writes_nothing(tmp_path, pictures, run, capsys):
    for path in Path(pictures).iterdir():
        path.write_bytes(b"")
    assert run(pictures) == 2
    assert "00000.jpg" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.safetensors", "walk"]


def test_an_earlier_result_is_replaced_only_when_asked_for(tmp_path, pictures, run, capsys):
    assert run(pictures) == 0
    assert run(pictures, "--frames", "3") == 2
    assert "--overwrite" in capsys.readouterr().err and len(lines(tmp_path / "out")) == 7
    assert run(pictures, "--frames", "3", "--overwrite") == 0
    assert len(lines(tmp_path / "out")) == 3 == len(list((tmp_path / "out/Annotations").rglob("*.png")))


@pytest.mark.parametrize("source", ["overlay.mp4", "Annotations/walk/0"])
def test_what_it_reads_is_never_what_it_replaces(tmp_path, pictures, run, capsys, source):
    assert run(pictures) == 0
    assert run(tmp_path / "out" / source, "--overwrite") == 2
    assert "holds what is to be read" in capsys.readouterr().err and (tmp_path / "out" / source).exists()


def test_what_is_not_ours_stays(tmp_path, pictures, run, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("years of work")
    assert run(pictures, "--overwrite") == 2
    assert "thesis.txt" in capsys.readouterr().err
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_a_failed_run_leaves_the_earlier_result(tmp_path, pictures, run):
    assert run(pictures) == 0
    shutil.rmtree(pictures)
    assert run(pictures, "--overwrite") == 2
    assert len(lines(tmp_path / "out")) == 7


@pytest.fixture
def handlers():
    """A command that was stopped has its process ignore further signals; tests go on in theirs."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def stepping(monkeypatch, frames, then):
    """Sessions give so many results, and then something happens."""

    def steps(self, images):
        for number, image in enumerate(images):
            if number == frames:
                then()
            yield self.step(image)

    monkeypatch.setattr(Session, "steps", steps)


def test_ctrl_c_keeps_what_is_done(tmp_path, pictures, run, monkeypatch, handlers, capsys):
    stepping(monkeypatch, 3, lambda: signal.raise_signal(signal.SIGINT))
    assert run(pictures) == 130
    assert len(lines(tmp_path / "out")) == 3 == count_of(tmp_path / "out/overlay.mp4")
    assert "Traceback" not in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.safetensors", "out", "walk"]


def test_sigterm_before_the_first_frame_leaves_nothing(tmp_path, pictures, run, handlers, monkeypatch):
    stepping(monkeypatch, 0, lambda: signal.raise_signal(signal.SIGTERM))
    assert run(pictures) == 143
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.safetensors", "walk"]


def failing():
    raise RuntimeError("CUDA out of memory\nand a page of advice")


def test_a_model_that_fails_keeps_what_is_done(tmp_path, pictures, run, monkeypatch, capsys):
    stepping(monkeypatch, 3, failing)
    assert run(pictures) == 1
    assert len(lines(tmp_path / "out")) == 3
    assert "ended after frame 00002: CUDA out of memory\n" in capsys.readouterr().err


def test_a_disk_that_fills_up_keeps_what_is_done(tmp_path, pictures, run, monkeypatch, capsys):
    add = segment.MaskTree.add

    def fills_up(self, frame, result):
        if frame.name == "00004":
            raise SamwiseError("cannot write: no space left")
        add(self, frame, result)

    monkeypatch.setattr(segment.MaskTree, "add", fills_up)
    assert run(pictures) == 1
    assert [line["frame"] for line in lines(tmp_path / "out")] == [f"{t:05d}" for t in range(4)]
    assert count_of(tmp_path / "out/overlay.mp4") == 4
    assert "no space left" in capsys.readouterr().err


def no_model(*_, **__):
    raise AssertionError("the model is loaded before the arguments are looked at")


@pytest.mark.parametrize(
    "words",
    [
        *(["--frames", value] for value in ("-1", "0", "1.5", "many")),
        *(["--mask-threshold", value] for value in ("2", "-0.1", "nan", "half")),
        *(["--cme-threshold", value] for value in ("1.1", "inf")),
        *(["--cme-gain", value] for value in ("0", "-3", "nan", "inf")),
        *(["--cme", value] for value in ("every:0", "every:-1", "every:", "sometimes", "")),
        ["--precision", "float8"],
    ],
)
def test_values_from_outside_are_named_before_the_model_loads(pictures, run, monkeypatch, capsys, words):
    monkeypatch.setattr("samwise.model.load", no_model)
    assert run(pictures, *words) == 2
    said = capsys.readouterr().err
    assert words[0] in said and repr(words[1]) in said and "Traceback" not in said


@pytest.mark.parametrize("sentence", ["!!!", "  ", "", "\N{BUS}", "a" * 513, "the caf\udce9"])
def test_sentences_that_name_nothing_are_named_before_the_model_loads(
    pictures, run, monkeypatch, capsys, sentence
):
    monkeypatch.setattr("samwise.model.load", no_model)
    assert run(pictures, sentences=("the dog", sentence)) == 2
    assert f"the sentence {sentence[:40]!r}"[:-1] in capsys.readouterr().err


def test_the_source_and_the_place_are_looked_at_before_the_model_loads(tmp_path, pictures, run, monkeypatch):
    monkeypatch.setattr("samwise.model.load", no_model)
    assert run(tmp_path / "nothing.mp4") == 2
    (tmp_path / "out").write_text("a file")
    assert run(pictures) == 2


def test_two_equal_sentences_have_masks_of_their_own(tmp_path, pictures, run):
    assert run(pictures, "--frames", "1", sentences=("the dog", "the dog")) == 0
    assert {p.name for p in (tmp_path / "out/Annotations/walk").iterdir()} == {"0", "1"}


def test_many_losses_are_counted_and_not_all_printed(tmp_path, pictures, run, capsys):
    for t in range(30):
        Path(pictures, f"bad_{t}.jpg").write_bytes(b"")
    assert run(pictures) == 1
    said = capsys.readouterr().err
    assert said.count("bad_") == segment.MAX_LINES and "and 10 more" in said


def test_the_numbers_that_are_written_twice_are_the_same():
    """The command does not import torch for its arguments."""
    assert tuple(PRECISIONS) == segment.PRECISIONS and SWITCH_GAIN == segment.SWITCH_GAIN
    for text in ("learned", "never", "always", "every:3", "every:010"):
        DecisionPolicy.parse(text)
        assert segment.POLICIES.fullmatch(text)


@pytest.mark.parametrize(
    ("words", "names", "said"),
    [
        ((), range(0, 30, 2), True),
        (("--max-rate", "0"), range(30), False),
        (("--max-rate", "2"), range(0, 30, 5), False),
        (("--frames", "4"), range(0, 8, 2), True),
        (("--mode", "clip"), range(0, 30, 2), True),
    ],
)
def test_a_video_is_seen_at_the_rate_of_the_training(
    tmp_path, make_network, tokenizer, capsys, words, names, said
):
    make_clip(tmp_path / "clip.mp4")
    save(tmp_path / "model.safetensors", make_network(frame_rate=5.0), tokenizer)
    options = ["--checkpoint", str(tmp_path / "model.safetensors"), "--out", str(tmp_path / "out"), *words]
    assert main(["segment", str(tmp_path / "clip.mp4"), "the dog", *options]) == 0
    lines = [json.loads(line) for line in (tmp_path / "out/frames.jsonl").read_text().splitlines()]
    assert [line["frame"] for line in lines] == [f"{n:05d}" for n in names]
    assert [line["time"] for line in lines] == pytest.approx([n / RATE for n in names], abs=1e-3)
    assert len(list((tmp_path / "out/Annotations/clip/0").iterdir())) == len(names)
    assert ("--max-rate 0 segments all" in capsys.readouterr().err) is said
    # The overlay keeps the time: a mask stays until the next.
    overlay = cv2.VideoCapture(str(tmp_path / "out/overlay.mp4"))
    assert overlay.get(cv2.CAP_PROP_FRAME_COUNT) == names[-1] + 1


def test_pictures_without_times_are_all_segmented(tmp_path, make_network, tokenizer, pictures):
    save(tmp_path / "model.safetensors", make_network(frame_rate=1.0), tokenizer)
    options = ["--checkpoint", str(tmp_path / "model.safetensors"), "--out", str(tmp_path / "out")]
    assert main(["segment", pictures, "the dog", *options]) == 0
    assert len((tmp_path / "out/frames.jsonl").read_text().splitlines()) == 7
