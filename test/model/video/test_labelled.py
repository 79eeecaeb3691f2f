import pickle
from dataclasses import replace

import numpy as np
import pytest

from samwise.video.labelled import LabelledVideo, Objects, Reel, Referral

LENGTH = 4


def grey(t):
    return np.full((2, 3, 3), 10 * t, np.uint8)


def bar(t):
    return np.arange(6).reshape(2, 3) < t


def counted(read, seen):
    return Reel(LENGTH, lambda t: seen.append(t) or read(t))


def test_a_reel_reads_what_is_asked_for_and_nothing_else():
    seen = []
    frames = counted(grey, seen)
    assert len(frames) == LENGTH and frames[-1].max() == 30 and frames[1].max() == 10
    assert seen == [3, 1]
    for beyond in (LENGTH, -LENGTH - 1):
        with pytest.raises(IndexError, match=f"frame {beyond} of 4"):
            _ = frames[beyond]


@pytest.mark.parametrize(("read", "dtype", "shape"), [(grey, np.uint8, (4, 2, 3, 3)), (bar, bool, (4, 2, 3))])
def test_a_reel_is_an_array_to_numpy(read, dtype, shape):
    whole = np.asarray(Reel(LENGTH, read))
    assert whole.dtype == dtype and whole.shape == shape
    assert np.array_equal(whole[2], read(2)) and len(list(Reel(LENGTH, read))) == LENGTH
    assert np.asarray(Reel(LENGTH, read), np.float32).dtype == np.float32


def video(frames, masks):
    owners = np.stack([bar(t) * 1 for t in range(LENGTH)]).astype(np.uint8)
    ways = np.zeros((LENGTH, 2, 2), np.float16)
    ways[:, 1] = [[0, 0], [0.5, 0], [1, 0], [1, 0.25]]
    codes = np.array([[0, 0, 0], [7, 8, 9]], np.uint8)
    objects = Objects(owners, ("dog",), codes, ways)
    return LabelledVideo("a", frames, (Referral("the dog", masks, (1,), "kind"),), 5.0, objects)


@pytest.mark.parametrize("count", [2, 9])
def test_the_first_frames_of_what_is_in_memory_and_what_is_read(count):
    seen = []
    arrays = video(*(np.asarray(Reel(LENGTH, read)) for read in (grey, bar))).first(count)
    reels = video(counted(grey, seen), counted(bar, seen)).first(count)
    assert seen == []
    for short in (arrays, reels):
        assert len(short.frames) == len(short.referrals[0].masks) == min(count, LENGTH)
        assert len(short.objects.owners) == len(short.objects.ways) == min(count, LENGTH)
        assert (short.name, short.fps, short.referrals[0].targets) == ("a", 5.0, (1,))
        assert np.array_equal(short.frames[1], grey(1)) and np.array_equal(
            short.referrals[0].masks[1], bar(1)
        )
    assert replace(arrays, objects=None).first(1).objects is None


def test_objects_say_what_a_pixel_shows_and_how_far_it_has_come():
    objects = video(Reel(LENGTH, grey), Reel(LENGTH, bar)).objects
    for t in range(LENGTH):
        assert np.array_equal(objects.semantics(t), np.array([7, 8, 9], np.uint8)[:, None, None] * bar(t))
    assert (
        objects.shifts(3)[:, bar(3)].T.tolist() == [[1, 0.25]] * 3 and not objects.shifts(3)[:, ~bar(3)].any()
    )


def test_a_video_travels_to_other_processes():
    there = pickle.loads(pickle.dumps(video(Reel(LENGTH, grey), Reel(LENGTH, bar))))
    assert np.array_equal(there.frames[2], grey(2)) and np.array_equal(there.referrals[0].masks[2], bar(2))
