import argparse

import pytest

from samwise.shell.numbers import MAX_SEED, frame_rate, jpeg_quality, probability, real, seed, whole


@pytest.mark.parametrize("text", ["-1", "0", "11", "1.5", "ten", "", "nan", "1e3", "9" * 100])
def test_whole_numbers_out_of_range_are_named_with_the_range(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a whole number from 1 to 10") as refused:
        whole(1, 10)(text)
    assert repr(text[:40])[:-1] in str(refused.value)


def test_whole_numbers_in_range_are_read():
    assert [whole(1, 10)(text) for text in ("1", "10", " 7 ", "+3")] == [1, 10, 7, 3]
    assert whole(0)("123456789") == 123456789


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "-0.1", "1.1", "half", "", "1,5"])
def test_real_numbers_out_of_range_are_named_with_the_range(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a number from 0 to 1"):
        probability(text)


def test_an_open_end_excludes_itself():
    assert real(0.0, above=True)("1e-9") == 1e-9
    for text in ("0", "-0.0", "inf"):
        with pytest.raises(argparse.ArgumentTypeError, match="is not a number above 0"):
            real(0.0, above=True)(text)


def test_ends_belong_to_the_range():
    assert [probability(text) for text in ("0", "1", "0.5")] == [0.0, 1.0, 0.5]
    assert [jpeg_quality(text) for text in ("1", "100")] == [1, 100]
    assert frame_rate("29.97") == 29.97
    assert seed(str(MAX_SEED)) == MAX_SEED


@pytest.mark.parametrize("read, text", [(jpeg_quality, "500"), (frame_rate, "-5"), (seed, "-1")])
def test_named_ranges_refuse_what_no_tool_can_use(read, text):
    with pytest.raises(argparse.ArgumentTypeError, match=text):
        read(text)
