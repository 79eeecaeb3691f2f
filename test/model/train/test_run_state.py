import pytest
import torch

from samwise.errors import CheckpointError, SamwiseError
from samwise.shell.placing import OutputError
from samwise.train.run_state import RunState


@pytest.mark.slow
def test_round_trip_leaves_no_partial_file(tmp_path):
    path = tmp_path / "training.pt"
    state = RunState(1, 20, {"w": torch.ones(2)}, {"state": {}, "param_groups": []}, None)
    RunState(0, 0, {}, None, None).save(path)
    state.save(path)
    found = RunState.load(path)
    assert (found.stage, found.step, found.average) == (1, 20, None) and torch.equal(
        found.model["w"], torch.ones(2)
    )
    assert [p.name for p in tmp_path.iterdir()] == ["training.pt"]


def test_missing_and_damaged_files_are_named(tmp_path):
    path = tmp_path / "training.pt"
    with pytest.raises(CheckpointError, match=r"nothing to resume at .*training.pt"):
        RunState.load(path)
    path.write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(CheckpointError, match="damaged"):
        RunState.load(path)
    torch.save({"model": {}}, path)
    with pytest.raises(CheckpointError, match=r"training.pt.*no state of a training run"):
        RunState.load(path)


def test_heads_that_were_kept_apart_are_brought_together(tmp_path):
    path = tmp_path / "training.pt"
    before = {"stage": 1, "step": 20, "model": {}, "optimizers": [], "average": None}
    one, other = torch.ones(2), torch.zeros(3)
    torch.save(before | {"semantics": {"kind.bias": one}, "movement": {"heads.0.body": other}}, path)
    found = RunState.load(path).auxiliary
    assert found is not None and set(found) == {"semantics.kind.bias", "movement.heads.0.body"}
    assert torch.equal(found["semantics.kind.bias"], one)
    torch.save(before | {"semantics": None, "movement": None}, path)
    assert RunState.load(path).auxiliary is None


def test_a_folder_in_its_place_is_told(tmp_path):
    with pytest.raises(CheckpointError, match="is a folder"):
        RunState.load(tmp_path)


def test_a_full_disk_leaves_the_state_before(tmp_path, monkeypatch):
    path = tmp_path / "training.pt"
    RunState(1, 20, {}, None, None).save(path)

    def fill(content, file):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", fill)
    with pytest.raises(SamwiseError, match="No space"):
        RunState(1, 30, {}, None, None).save(path)
    assert RunState.load(path).step == 20 and [p.name for p in tmp_path.iterdir()] == ["training.pt"]


def test_a_full_disk_is_told_and_leaves_what_was_there(small_disk):
    path = small_disk / "training.pt"
    RunState(1, 20, {"w": torch.ones(2)}, None, None).save(path)
    with pytest.raises(OutputError, match="training.pt: No space left"):
        RunState(2, 0, {"w": torch.ones(10_000_000)}, None, None).save(path)
    assert RunState.load(path).step == 20 and [p.name for p in small_disk.iterdir()] == ["training.pt"]
