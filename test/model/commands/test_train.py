"""`samwise train` as a whole, two steps a stage, on data sets that the world was exported to."""

import errno
import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
import yaml

from samwise import checkpoint
from samwise.cli import main
from samwise.world.export import export

pytestmark = pytest.mark.slow

#: A bound, not an expectation.
BOUND_S = 300.0


@pytest.fixture
def start(tmp_path, learner, tokenizer):
    checkpoint.save(tmp_path / "start.safetensors", learner, tokenizer)
    return {
        "initial": str(tmp_path / "start.safetensors"),
        "workers": 0,
        "frame_sizes": [[64, 80]],
        "validation": {"every": 2, "videos": 1, "frames": 2},
    }


IMAGES = {
    "name": "images",
    "steps": 2,
    "trainable": ["*adapter*"],
    "data": {"clip_length": 1, "videos": 1},
    "mode": {"memory": False},
}


def words(tmp_path, run, *options):
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(run))
    return ["train", str(tmp_path / "run.yaml"), "--out", str(tmp_path / "run"), "--no-tensorboard", *options]


def train(tmp_path, run, *options):
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(run))
    assert main(["train", str(tmp_path / "run.yaml"), "--out", str(tmp_path / "run"), *options]) == 0
    return [json.loads(line) for line in (tmp_path / "run/log.jsonl").read_text().splitlines()]


def test_data_sets_are_trained_on_and_validated_on(tmp_path, start):
    for layout in ("ref-youtube-vos", "mevis"):
        export(tmp_path / layout, layout, "train", range(2), 4, (64, 80), 15.0)
    youtube, mevis = ({"layout": n, "root": str(tmp_path / n)} for n in ("ref-youtube-vos", "mevis"))
    common = {"trainable": ["*adapter*"], "optimiser": {"learning_rate": 1e-3}}
    images = {
        "name": "images",
        "epochs": 0.1,
        "data": {"clip_length": 1, "sets": [youtube, mevis]},
        "mode": {"memory": False},
    }
    clips = {"name": "clips", "steps": 2, "data": {"clip_length": 3, "videos": 1, "sets": mevis}}
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
        "name": "images",
        "steps": 2,
        "trainable": ["*adapter*"],
        "data": {"clip_length": 1, "video_length": 1, "videos": 1},
        "mode": {"memory": False},
    }
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
    monkeypatch.setattr("samwise.commands.train.tensorboard_installed", lambda: False)
    stage = {
        "name": "images",
        "steps": 1,
        "trainable": ["*adapter*"],
        "data": {"clip_length": 1, "videos": 1},
    }
    train(tmp_path, start | {"stages": [stage]})
    assert "no TensorBoard is installed" in capsys.readouterr().err
    assert not list((tmp_path / "run").glob("events.*"))


def test_a_folder_that_holds_anything_is_left_alone(tmp_path, start, capsys):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"hours of work")
    assert main(words(tmp_path, start | {"stages": [IMAGES]})) == 2
    assert "it holds model.safetensors; give another --out" in capsys.readouterr().err
    assert main(words(tmp_path, start | {"stages": [IMAGES]}, "--resume")) == 2
    assert "holds no training run to resume" in capsys.readouterr().err
    assert [entry.name for entry in folder.iterdir()] == ["model.safetensors"]
    assert (folder / "model.safetensors").read_bytes() == b"hours of work"


def test_a_run_is_gone_on_with_only_as_it_was_begun(tmp_path, start, capsys):
    run = start | {"stages": [IMAGES]}
    train(tmp_path, run, "--no-tensorboard")
    assert main(words(tmp_path, run)) == 2
    assert "go on with that run by --resume" in capsys.readouterr().err
    assert main(words(tmp_path, run, "--resume")) == 0
    assert "is complete" in capsys.readouterr().err
    for changed, said in (
        (
            {"stages": [IMAGES | {"optimiser": {"learning_rate": 0.5}}]},
            "stage 'images': optimiser.learning_rate is 0.5, it was 1e-05",
        ),
        ({"seed": 4}, "seed is 4, it was 0"),
    ):
        assert main(words(tmp_path, run | changed, "--resume")) == 2
        assert said in capsys.readouterr().err
    # A run of before stages had groups is gone on with, too.
    record = tmp_path / "run/recipe.json"
    recipe = json.loads(record.read_text())
    (stage,) = recipe["stages"]
    groups = [stage.pop(name) for name in ("data", "optimiser", "mode")]
    flat = {name: value for group in groups for name, value in group.items()}
    stage |= flat | {"data": flat.pop("sets"), "optimizer": flat.pop("method")}
    record.write_text(json.dumps(recipe))
    assert main(words(tmp_path, run, "--resume")) == 0
    assert "is complete" in capsys.readouterr().err
    changed = IMAGES | {"data": IMAGES["data"] | {"videos": 2}}
    assert main(words(tmp_path, run | {"stages": [changed]}, "--resume")) == 2
    assert "stage 'images': data.videos is 2, it was 1" in capsys.readouterr().err
    # What lies ahead may be changed: here it is made more.
    more = run | {"stages": [IMAGES, IMAGES | {"name": "more"}]}
    assert main(words(tmp_path, more, "--resume")) == 0
    log = [json.loads(line) for line in (tmp_path / "run/log.jsonl").read_text().splitlines()]
    assert [line["stage"] for line in log if line["kind"] == "train"] == ["images", "more"]


def test_a_run_that_was_stopped_says_how_to_go_on(tmp_path, start, capsys, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    run = start | {"stages": [IMAGES]}
    with monkeypatch.context() as patch:
        patch.setattr("samwise.train.loop.StageRun.step", stop)
        assert main(words(tmp_path, run)) == 130
    assert "stopped; the same command with --resume goes on from the start" in capsys.readouterr().err
    (tmp_path / "run/training.partial.pt").write_bytes(b"half")
    assert main(words(tmp_path, run, "--resume")) == 0
    assert (tmp_path / "run/model.safetensors").exists()
    assert not (tmp_path / "run/training.partial.pt").exists()


def test_a_full_disk_is_a_line_and_the_last_state_stays(tmp_path, start, capsys, monkeypatch):
    run = start | {"stages": [IMAGES | {"steps": 4}], "checkpoint_every": 1}
    saved = []

    def save(data, file):
        if saved:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(data)
        write(data, file)

    write = torch.save
    with monkeypatch.context() as patch:
        patch.setattr("samwise.train.run_state.torch.save", save)
        assert main(words(tmp_path, run)) == 1
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "No space left" in line]
    assert line.startswith("samwise train: ") and "--resume goes on from the last checkpoint" in line
    assert main(words(tmp_path, run, "--resume")) == 0


def test_losses_that_are_no_numbers_end_the_run(tmp_path, start, capsys, monkeypatch):
    monkeypatch.setattr("samwise.train.loop.StageRun.step", lambda *_: {"dice": 1.0, "focal": float("nan")})
    assert main(words(tmp_path, start | {"stages": [IMAGES]})) == 1
    assert "stage 'images', step 0: focal is nan; lower the learning rate" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_its_data_processes_quietly(tmp_path, start, number):
    run = start | {"stages": [IMAGES | {"steps": 100_000}], "workers": 2, "checkpoint_every": 1}
    process = subprocess.Popen(
        [sys.executable, "-m", "samwise.cli", *words(tmp_path, run)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + BOUND_S
    while not (tmp_path / "run/training.pt").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=BOUND_S)
    assert process.returncode == 128 + number
    assert "--resume goes on from the last checkpoint" in said
    assert "Traceback" not in said and "Error" not in said
