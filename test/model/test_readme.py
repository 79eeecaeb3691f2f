"""The example of the library's README runs as it stands there, with the model that ships."""

import re
from pathlib import Path

import cv2
import pytest

from samwise.world.story import demo_story

README = Path(__file__).parents[2] / "model" / "README.md"


@pytest.fixture
def video(tmp_path):
    path = str(tmp_path / "drive.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 15.0, (256, 192))
    for frame in list(demo_story(size=(192, 256)).frames)[80:84]:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def test_the_example_runs(video, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example.replace("drive.mp4", video), "README.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    present, score, area = lines[-1].split()
    assert present == "True" and 0.5 < float(score) <= 1 and int(area) > 100


def test_the_model_that_ships_is_small():
    weights = README.parent / "samwise" / "weights" / "miniature.safetensors"
    assert weights.stat().st_size < 20e6
