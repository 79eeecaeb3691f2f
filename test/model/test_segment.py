"""`samwise segment` end to end, on a folder of pictures."""

import json

import cv2
import numpy as np
import pytest
from pycocotools import mask as coco

from samwise.checkpoint import save
from samwise.cli import main


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
    assert sorted(p.name for p in out.iterdir()) == ["frames.jsonl"]
    assert len((out / "frames.jsonl").read_text().splitlines()) == 3


def test_switching_at_fixed_frames(tmp_path, checkpoint, pictures):
    out, words = tmp_path / "out", ["--cme", "every:2", "--cme-gain", "3", "--no-overlay", "--masks", "none"]
    assert main(["segment", pictures, "the dog", "--checkpoint", checkpoint, "--out", str(out), *words]) == 0
    lines = [json.loads(line) for line in (out / "frames.jsonl").read_text().splitlines()]
    assert [t for t, line in enumerate(lines) if line["targets"][0].get("switched")] == [2, 4, 6]


def test_a_gain_of_zero_is_a_message(checkpoint, pictures, capsys):
    assert main(["segment", pictures, "the dog", "--checkpoint", checkpoint, "--cme-gain", "0"]) == 2
    assert "cme_gain is 0.0" in capsys.readouterr().err


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
