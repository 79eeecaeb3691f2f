from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

import samwise
from samwise_ros.segmenter.parameters import Settings
from samwise_ros.segmenter.pipeline_factory import open_pipeline

SETTINGS = Settings(
    checkpoint="",
    device="cpu",
    precision="float32",
    expression="",
    mask_threshold=0.25,
    cme_threshold=0.75,
    image_timeout=5.0,
    autostart=True,
)


def test_a_missing_library_is_told_with_the_command_that_installs_it(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "samwise", None)
    with pytest.raises(ImportError, match=r"pip install \./model"):
        open_pipeline(SETTINGS, lambda: 0)


@pytest.mark.parametrize(
    ("given", "loaded"), [("", None), ("/weights/official.pth", "/weights/official.pth")]
)
def test_settings_reach_the_model_and_the_session(monkeypatch, session, given, loaded) -> None:
    asked = {}

    class Model:
        network = SimpleNamespace(config=SimpleNamespace(frame_rate=7.5))

        def unknown_words(self, sentence: str) -> tuple[str, ...]:
            return ()

    def load(path, **options):
        asked.update(path=path, **options)
        return Model()

    def new_session(model, **thresholds):
        asked.update(thresholds)
        return session

    monkeypatch.setattr(samwise, "load", load)
    monkeypatch.setattr(samwise, "Session", new_session)
    settings = replace(SETTINGS, checkpoint=given, device="cuda", precision="float16")
    settings = replace(settings, threads=3)
    opened = open_pipeline(settings, lambda: 0)
    assert opened.frame_rate == 7.5
    assert asked == {
        "path": loaded,
        "device": "cuda",
        "precision": "float16",
        "threads": 3,
        "mask_threshold": 0.25,
        "cme_threshold": 0.75,
    }
