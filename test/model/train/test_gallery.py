from types import SimpleNamespace

import numpy as np

from samwise.train.gallery import HEIGHT, VIDEOS, Gallery


def found(mask):
    return [SimpleNamespace(mask=mask, score=0.5)]


def test_the_truth_is_above_and_what_was_found_below(world):
    video = world(seed=0, split="v", num_frames=5, size=(48, 64))
    gallery = Gallery([video])
    nothing = np.zeros((48, 64), bool)
    for t in range(5):
        gallery.add(0, t, found(nothing if t < 4 else ~nothing))
    (picture,) = gallery.pictures.values()
    width = HEIGHT * 64 // 48
    assert picture.shape == (2 * HEIGHT, 3 * width, 3) and picture.dtype == np.uint8
    plain = np.kron(video.frames[2], np.ones((4, 4, 1), np.uint8))
    middle = picture[:, width : 2 * width]
    # Below, where nothing was found, the frame is as it was but for the caption; above it is tinted.
    assert np.abs(middle[HEIGHT + 40 :].astype(int) - plain[40:]).mean() < 2
    inside = np.kron(video.referrals[0].masks[2], np.ones((4, 4), bool))
    assert np.abs(middle[:HEIGHT][inside].astype(int) - plain[inside]).mean() > 20
    last = picture[HEIGHT + 40 :, 2 * width :]
    assert (last[..., 0].astype(int) - last[..., 1]).mean() > 20


def test_only_the_first_videos_are_kept(world):
    videos = [world(seed=s, split="v", num_frames=1, size=(48, 64)) for s in range(VIDEOS + 2)]
    gallery = Gallery(videos)
    for number in range(len(videos)):
        gallery.add(number, 0, found(np.zeros((48, 64), bool)))
    assert list(gallery.pictures) == [f"video_{i}" for i in range(VIDEOS)]
