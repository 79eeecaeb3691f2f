import pytest

from samwise.checkpoint import save
from samwise.errors import CheckpointError, ConfigurationError
from samwise.evaluate.pool import ModelSource, judge_all
from samwise.evaluate.records import Job
from samwise.evaluate.world_videos import Format

JOBS = [Job("absent", seed, Format(frames=3, size=(48, 64))) for seed in range(3)]


def test_processes_give_what_one_gives(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    source = ModelSource(tmp_path / "model.safetensors")
    here = list(judge_all(source, JOBS, workers=0))
    assert [[r.job for r in video] for video in here] == [
        [job] * len(video) for job, video in zip(JOBS, here, strict=True)
    ]
    assert list(judge_all(source, JOBS, workers=2)) == here


def test_a_missing_model_is_an_error_of_ours(tmp_path):
    with pytest.raises(CheckpointError, match="nothing.safetensors"):
        list(judge_all(ModelSource(tmp_path / "nothing.safetensors"), JOBS, workers=1))


def test_a_negative_number_of_workers():
    with pytest.raises(ConfigurationError, match="-1 workers"):
        next(judge_all(ModelSource(), JOBS, workers=-1))
