import numpy as np
import pytest

from samwise.train.validate import validate


class Oracle:
    """Stands in for a session and answers with the ground truth, but for some sentences with nothing."""

    def __init__(self, videos, silent=()):
        self._videos, self._silent = iter(videos), silent

    def start(self, expressions):
        self._video, self._frame = next(self._videos), -1

    def step(self, frame):
        from types import SimpleNamespace as Simple

        self._frame += 1
        targets = []
        for referral in self._video.referrals:
            mask = referral.masks[self._frame] & (referral.expression not in self._silent)
            targets.append(Simple(mask=mask, decision=Simple(switched=self._frame == 2, candidate_mask=mask)))
        return Simple(targets=targets)


def score(monkeypatch, network, tokenizer, videos, silent=()):
    monkeypatch.setattr("samwise.train.validate.Session", lambda *args, **options: Oracle(videos, silent))
    return validate(network, tokenizer, videos)


def test_scores_of_a_perfect_and_a_half_silent_model(monkeypatch, network, tokenizer, world):
    videos = [world(seed=s, split="v", num_frames=6, size=(48, 64)) for s in range(2)]
    perfect = score(monkeypatch, network, tokenizer, videos)
    assert (perfect.mean_iou, perfect.visible_iou, perfect.absent_accuracy) == (1, 1, 1)
    assert perfect.switches == 1
    # The red square is there in 6 frames of 6, the other in 3 of 6.
    silent = score(monkeypatch, network, tokenizer, videos, ["the red car"])
    assert silent.mean_iou == pytest.approx(0.5)
    assert silent.visible_iou == pytest.approx(0.5) and silent.absent_accuracy == 1


def test_runs_a_real_model(segmenter, world):
    video = world(seed=0, split="v", num_frames=3, size=(48, 64))
    found = validate(segmenter.network, segmenter.tokenizer, [video], "never")
    assert 0 <= found.mean_iou <= 1 and found.switches == 0 and np.isfinite(found.absent_accuracy)
