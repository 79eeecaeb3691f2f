from dataclasses import replace

import pytest

from samwise.checkpoint import save
from samwise.errors import CheckpointError, ConfigurationError, DataError, ExpressionError
from samwise.evaluate.pool import Failure, ModelSource, judge_all
from samwise.evaluate.world_videos import Format, world_jobs

pytestmark = pytest.mark.slow

JOBS = world_jobs("absent", 0, 3, Format(frames=3, size=(48, 64)))


def test_processes_give_what_one_gives(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    source = ModelSource(tmp_path / "model.safetensors")
    here = list(judge_all(source, JOBS, workers=0))
    assert [{(r.split, r.video) for r in video} for video in here] == [
        {(job.split, job.name)} for job in JOBS
    ]
    assert list(judge_all(source, JOBS, workers=2)) == here


class Broken:
    def __init__(self, error):
        self._error = error

    def __call__(self):
        raise self._error


@pytest.mark.parametrize(
    "error", [DataError("a.jpg is damaged\nmore"), ExpressionError("62 tokens"), OSError("no")]
)
def test_what_is_wrong_with_one_video_is_its_alone(tmp_path, network, tokenizer, error):
    save(tmp_path / "model.safetensors", network, tokenizer)
    jobs = [replace(JOBS[0], video=Broken(error)), JOBS[1]]
    broken, whole = judge_all(ModelSource(tmp_path / "model.safetensors"), jobs, workers=0)
    assert isinstance(broken, Failure) and broken.job is jobs[0] and whole[0].video == JOBS[1].name
    assert str(error).partition("\n")[0] in broken.reason and "more" not in broken.reason


def test_what_is_wrong_with_all_videos_ends_it(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    jobs = [replace(job, mode="sideways") for job in JOBS]
    with pytest.raises(ConfigurationError, match="sideways"):
        list(judge_all(ModelSource(tmp_path / "model.safetensors"), jobs, workers=0))


def test_a_missing_model_is_an_error_of_ours(tmp_path):
    with pytest.raises(CheckpointError, match="nothing.safetensors"):
        list(judge_all(ModelSource(tmp_path / "nothing.safetensors"), JOBS, workers=1))


def test_a_negative_number_of_workers():
    with pytest.raises(ConfigurationError, match="-1 workers"):
        next(judge_all(ModelSource(), JOBS, workers=-1))


def test_processes_take_turns_among_the_devices(monkeypatch):
    asked = []
    monkeypatch.setattr("samwise.evaluate.pool.load", lambda *_, device, **__: asked.append(device))
    monkeypatch.setattr("samwise.evaluate.pool.without_parts", lambda model, **_: model)
    source = ModelSource(device="cuda:0", devices=("cuda:1", "cpu"))
    for process in range(4):
        source.load(process)
    assert asked == ["cuda:0", "cuda:1", "cpu", "cuda:0"]
