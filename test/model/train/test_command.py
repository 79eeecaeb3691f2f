"""`samwise train` as a whole, two steps a stage, on data sets that the world was exported to."""

import json

import pytest
import yaml

from samwise import checkpoint
from samwise.cli import main
from samwise.world.export import export


@pytest.fixture
def start(tmp_path, learner, tokenizer):
    checkpoint.save(tmp_path / "start.safetensors", learner, tokenizer)
    return {
        "initial": str(tmp_path / "start.safetensors"),
        "workers": 0,
        "frame_sizes": [[64, 80]],
        "validation": {"every": 2, "videos": 1, "frames": 2},
    }


def train(tmp_path, run, *options):
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(run))
    assert main(["train", str(tmp_path / "run.yaml"), "--out", str(tmp_path / "run"), *options]) == 0
    return [json.loads(line) for line in (tmp_path / "run/log.jsonl").read_text().splitlines()]


def test_data_sets_are_trained_on_and_validated_on(tmp_path, start):
    for layout in ("ref-youtube-vos", "mevis"):
        export(tmp_path / layout, layout, "train", range(2), 4, (64, 80), 15.0)
    youtube, mevis = ({"layout": n, "root": str(tmp_path / n)} for n in ("ref-youtube-vos", "mevis"))
    common = {"learning_rate": 1e-3, "trainable": ["*adapter*"]}
    images = {"name": "images", "epochs": 0.1, "clip_length": 1, "memory": False, "data": [youtube, mevis]}
    clips = {"name": "clips", "steps": 2, "clip_length": 3, "videos": 1, "data": mevis}
    run = start | {"stages": [images | common, clips | common]}
    run["validation"] = run["validation"] | {"data": mevis}
    lines = train(tmp_path, run, "--no-tensorboard")
    assert [line["stage"] for line in lines if line["kind"] == "train"] == ["images", "clips"]
    assert not list((tmp_path / "run").glob("events.*"))
    model, _ = checkpoint.read(tmp_path / "run/model.safetensors")
    old = checkpoint.read(tmp_path / "start.safetensors")[0].state_dict()
    changed = {n for n, v in model.state_dict().items() if not v.equal(old[n])}
    assert changed and all("adapters" in name for name in changed)


def test_tensorboard_gets_curves_and_pictures(tmp_path, start):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    stage = {
        "name": "images", "steps": 2, "clip_length": 1, "video_length": 1, "videos": 1,
        "trainable": ["*adapter*"], "memory": False,
    }  # fmt: skip
    lines = train(tmp_path, start | {"stages": [stage]})
    events = accumulator.EventAccumulator(str(tmp_path / "run"), size_guidance={"images": 0})
    events.Reload()
    tags = events.Tags()
    assert {"train/focal", "train/dice", "validation/mean_iou"} <= set(tags["scalars"])
    logged = {line["kind"]: line for line in lines}
    for kind, name in (("train", "dice"), ("validation", "mean_iou")):
        (event,) = events.Scalars(f"{kind}/{name}")
        assert event.step == 2 and event.value == pytest.approx(logged[kind][name], abs=1e-6)
    (picture,) = events.Images("validation/video_0")
    assert picture.step == 2 and picture.height == 384 and picture.width == 2 * 240


def test_without_tensorboard_a_line_says_so(tmp_path, start, monkeypatch, capsys):
    monkeypatch.setattr("samwise.train.command.tensorboard_installed", lambda: False)
    stage = {"name": "images", "steps": 1, "clip_length": 1, "videos": 1, "trainable": ["*adapter*"]}
    train(tmp_path, start | {"stages": [stage]})
    assert "no TensorBoard is installed" in capsys.readouterr().err
    assert not list((tmp_path / "run").glob("events.*"))
