from samwise_ros.console.frames import CAPACITY, FrameJoin


def test_a_mask_meets_its_picture_and_the_true_mask() -> None:
    join = FrameJoin()
    join.add_truth(1, b"truth 1")
    join.add_image(1, b"image 1")
    join.add_image(2, b"image 2", compressed=True)
    first, second = join.add_mask(1, b"mask 1"), join.add_mask(2, b"mask 2")
    assert first is not None and second is not None
    assert (first.image, first.mask, first.truth, first.compressed) == (
        b"image 1",
        b"mask 1",
        b"truth 1",
        False,
    )
    assert (second.image, second.mask, second.truth, second.compressed) == (b"image 2", b"mask 2", None, True)


def test_pictures_that_a_later_mask_leaves_behind_are_counted() -> None:
    join = FrameJoin()
    for stamp in (1, 2, 3, 4):
        join.add_image(stamp, b"image")
    join.add_mask(3, b"mask")
    assert join.passed_over == 2
    join.add_mask(4, b"mask")
    assert join.passed_over == 2


def test_a_mask_without_picture_is_counted() -> None:
    join = FrameJoin()
    join.add_image(1, b"image")
    assert join.add_mask(2, b"mask") is None
    assert join.unmatched == 1


def test_when_stamps_go_back_the_last_round_is_forgotten() -> None:
    join = FrameJoin()
    join.add_image(5, b"last round")
    join.add_image(1, b"this round")
    assert join.add_mask(5, b"mask") is None
    assert join.add_mask(1, b"mask") is not None


def test_what_never_gets_a_mask_does_not_pile_up() -> None:
    join = FrameJoin()
    for stamp in range(1, 3 * CAPACITY):
        join.add_image(stamp, b"image")
        join.add_truth(stamp, b"truth")
    assert join.add_mask(2 * CAPACITY - 1, b"mask") is None
    assert join.add_mask(2 * CAPACITY, b"mask") is not None


def test_large_pictures_do_not_pile_up_either() -> None:
    join = FrameJoin()
    large = bytes(100 << 20)
    join.add_image(1, large)
    join.add_image(2, large)
    assert join.add_mask(1, b"mask") is None
    assert join.add_mask(2, b"mask") is not None
