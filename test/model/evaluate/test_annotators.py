"""Ref-DAVIS17: label images, proposals that are assigned, pixels that nobody decided about."""

from types import SimpleNamespace

import numpy as np
import pytest

from samwise.evaluate.annotators import annotated, assigned, label_images
from samwise.video.labelled import LabelledVideo


class Session:
    """Gives each sentence, in turn, the probabilities that are written down for it."""

    def __init__(self, maps: dict[str, np.ndarray]) -> None:
        self._maps, self._t = maps, 0

    def start(self, expressions) -> None:
        self._sentence, self._t = expressions, 0

    def step(self, frame):
        probability = self._maps[self._sentence][self._t]
        self._t += 1
        return SimpleNamespace(targets=(SimpleNamespace(probability=probability),))


def test_of_equal_probabilities_the_first_object_wins_and_below_a_half_there_is_none():
    a = np.array([[[0.9, 0.6, 0.5, 0.49]]], np.float32)
    b = np.array([[[0.9, 0.7, 0.4, 0.49]]], np.float32)
    video = LabelledVideo("v", np.zeros((1, 1, 4, 3), np.uint8), ())
    labels = label_images(Session({"a": a, "b": b}), video, ["a", "b"], None)
    assert labels.tolist() == [[[1, 2, 1, 0]]]


def test_the_first_picture_says_how_many_objects_there_are():
    labels = np.array([[[0, 1, 2, 255]], [[3, 1, 255, 0]]], np.uint8)
    truth, decided = annotated(labels)
    assert truth.shape == (2, 2, 1, 4)
    assert truth[:, 1].tolist() == [[[False, True, False, False]], [[False, False, False, False]]]
    assert decided.tolist() == [[[True, True, True, False]], [[True, True, False, True]]]


@pytest.fixture
def squares():
    masks = np.zeros((3, 2, 40, 40), bool)
    masks[0, :, 2:12, 2:12] = masks[1, :, 20:30, 5:15] = masks[2, :, 5:20, 22:38] = True
    return masks


def test_proposals_are_assigned_whatever_their_order(squares):
    decided = np.ones((2, 40, 40), bool)
    found = dict(assigned(squares[[2, 0, 1]], squares, decided))
    assert found == {0: (1.0, 1.0), 1: (1.0, 1.0), 2: (1.0, 1.0)}


def test_what_is_missing_is_an_empty_proposal_and_what_is_too_much_goes(squares):
    decided = np.ones((2, 40, 40), bool)
    few = dict(assigned(squares[:1], squares[:2], decided))
    assert few == {0: (1.0, 1.0), 1: (0.0, 0.0)}
    many = dict(assigned(squares, squares[1:2], decided))
    assert many == {1: (1.0, 1.0)}
    # The last one never wins a pixel: to the published code it does not exist.
    empty = np.concatenate([squares[:1], np.zeros_like(squares[:1])])
    assert dict(assigned(empty, squares[:1], decided)) == {0: (1.0, 1.0)}


def test_undecided_pixels_count_for_nothing(squares):
    decided = np.ones((2, 40, 40), bool)
    wrong = squares[:1].copy()
    wrong[:, :, 0:2, 20:40] = True
    decided[:, 0:2, 20:40] = False
    assert dict(assigned(wrong, squares[:1], decided)) == {0: (1.0, 1.0)}
