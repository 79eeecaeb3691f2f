"""What is in the cache, and how OpenCV was built."""

import pytest

from samwise.checkpoint import save
from samwise.doctor.finding import Level
from samwise.doctor.libraries import opencv, verbs
from samwise.doctor.models import checkpoints
from samwise.shell.published import cached

BUILD = """
  Video I/O:
    FFMPEG:                      {ffmpeg}
    GStreamer:                   NO
"""


def test_checkpoints_here_damaged_and_not_here(tmp_path, monkeypatch, network, tokenizer):
    monkeypatch.setenv("SAMWISE_CACHE", str(tmp_path))
    save(cached("mevis"), network, tokenizer)
    cached("refcoco").write_bytes(b"nothing")
    found = {f.name: f for f in checkpoints()}
    assert found["checkpoint mevis"].level is Level.WELL and "MB" in found["checkpoint mevis"].value
    assert found["checkpoint refcoco"].level is Level.BROKEN
    assert "samwise download ref-youtube-vos" in found["checkpoint ref-youtube-vos"].value


@pytest.mark.parametrize(
    ("ffmpeg", "packages", "level"),
    [
        ("YES", ["numpy", "opencv-python"], Level.WELL),
        ("NO", ["opencv-python"], Level.COULD_BE_BETTER),
        ("YES", ["opencv-python", "opencv-python-headless"], Level.COULD_BE_BETTER),
    ],
)
def test_opencv(ffmpeg, packages, level):
    (found,) = opencv(BUILD.format(ffmpeg=ffmpeg), packages)
    assert found.level is level and "GStreamer no" in found.value


def test_without_a_pipeline_the_command_that_installs_one_is_named(monkeypatch):
    assert "pipeline en_core_web_sm" in next(iter(verbs())).value
    monkeypatch.setattr("samwise.doctor.libraries.find_spec", lambda _: None)
    (found,) = verbs()
    assert found.level is Level.WELL and "pip install" in found.value
