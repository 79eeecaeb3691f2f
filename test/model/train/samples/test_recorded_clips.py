"""On videos in memory whose every frame and mask says where it comes from."""

import numpy as np
import pytest
import torch

from samwise.errors import DataError
from samwise.train.optimise.replicas import Replicas
from samwise.train.samples.frame_sampling import near
from samwise.train.samples.recorded_clips import Corpus, RecordedClips
from samwise.video.labelled import LabelledVideo, Reel, Referral


def recording(name, length, sentences, empty=()):
    """Frame t is grey of value 40 + t; sentence i names a bar of 4 * (i + 1) rows."""

    def picture(t):
        return np.full((48, 64, 3), 40 + t, np.uint8)

    def mask(i):
        def read(t):
            rows = np.zeros((48, 64), bool)
            rows[: 0 if i in empty else 4 * (i + 1)] = True
            return rows

        return Reel(length, read)

    referrals = tuple(Referral(f" {name}  Sentence {i}", mask(i)) for i in range(sentences))
    return LabelledVideo(name, Reel(length, picture), referrals)


CORPORA = (
    Corpus((recording("A", 9, 2), recording("B", 4, 1)), near),
    Corpus((recording("C", 1, 3),), near),
)
# 2 sentences x 3 anchors, 1 x 1 and 3 x 1.
ITEMS = 10


def clips(corpora=CORPORA, count=ITEMS, first=0, key=(0, 0), sentences=1, replicas=Replicas()):  # noqa: B008
    return RecordedClips(corpora, 4, sentences, key, first, count, 64, replicas)


def test_an_item_is_a_sentence_and_every_fourth_frame():
    items = CORPORA[0].items(4)
    assert items.tolist() == [[0, s, t] for s in range(2) for t in (0, 4, 8)] + [[1, 0, 0]]
    assert CORPORA[1].items(4).tolist() == [[0, s, 0] for s in range(3)]


def test_every_item_comes_once_in_an_epoch():
    data = clips(count=3 * ITEMS)
    texts = [data[i].expressions[0] for i in range(len(data))]
    assert len(CORPORA[0].items(4)) + len(CORPORA[1].items(4)) == ITEMS
    for epoch in range(3):
        seen = texts[epoch * 10 : epoch * 10 + 10]
        assert sorted(seen) == sorted(["a sentence 0"] * 3 + ["a sentence 1"] * 3 + ["b sentence 0"]
                                      + [f"c sentence {i}" for i in range(3)])  # fmt: skip
    assert texts[:10] != texts[10:20]


def test_masks_and_frames_belong_together():
    sample = clips(sentences=3)[2]
    assert sample.frames.shape == (4, 3, 64, 64) and sample.masks.shape == (3, 4, 64, 64)
    for expression, masks in zip(sample.expressions, sample.masks, strict=True):
        rows = int(masks[0].any(dim=1).sum())
        # 48 rows become 48 of 64: the canvas is 64 pixels wide.
        assert rows == 4 * (int(expression[-1]) + 1)


def test_other_sentences_are_about_the_same_video():
    data = clips(sentences=2, count=ITEMS)
    for i in range(ITEMS):
        names = {e[0] for e in data[i].expressions}
        assert len(names) == 1
        assert len(set(data[i].expressions)) == (1 if names == {"b"} else 2)


def test_a_sample_depends_on_its_number_alone():
    whole, rest = clips(count=20), clips(first=12, count=8)
    assert torch.equal(whole[15].frames, rest[3].frames) and whole[15].expressions == rest[3].expressions
    shares = [clips(count=20, replicas=Replicas(rank, 2)) for rank in range(2)]
    for i in range(20):
        again = shares[i % 2][i // 2]
        assert torch.equal(whole[i].frames, again.frames) and whole[i].expressions == again.expressions
    others = clips(key=(0, 1), count=20)
    assert [whole[i].expressions for i in range(20)] != [others[i].expressions for i in range(20)]


def test_sentences_that_name_nothing_are_drawn_again():
    data = clips((Corpus((recording("A", 4, 4, empty=(0, 2)),), near),), count=40)
    assert {data[i].expressions[0] for i in range(40)} == {"a sentence 1", "a sentence 3"}


def test_nothing_but_such_sentences_is_borne():
    data = clips((Corpus((recording("A", 4, 1, empty=(0,)),), near),), count=1)
    assert not data[0].masks.any()


def test_beyond_the_end_there_is_nothing():
    with pytest.raises(IndexError):
        _ = clips(count=2)[2]


def breaking(name, broken, length=4, sentences=1):
    """A recording of which some frames cannot be read."""
    whole = recording(name, length, sentences)

    def picture(t):
        if t in broken:
            raise DataError(f"'{name}/{t}.jpg' is no whole picture")
        return whole.frames[t]

    return LabelledVideo(name, Reel(length, picture), whole.referrals)


def test_a_damaged_file_is_named_and_another_clip_taken():
    data = clips((Corpus((breaking("A", {2}), recording("B", 4, 1)), near),), count=2)
    with pytest.warns(
        UserWarning, match=r"video 'A', frames \[0, 1, 2, 3\], sentence 0.*A/2\.jpg.*another clip"
    ):
        samples = [data[i] for i in range(2)]
    assert [s.expressions for s in samples] == [("b sentence 0",)] * 2


@pytest.mark.filterwarnings("ignore:.*another clip is taken")
def test_nothing_but_damaged_files_is_an_error():
    data = clips((Corpus((breaking("A", {0, 1, 2, 3}),), near),), count=1)
    with pytest.raises(
        DataError, match=r"20 clips in a row cannot be read, the last one: video 'A'.*A/0\.jpg"
    ):
        _ = data[0]
