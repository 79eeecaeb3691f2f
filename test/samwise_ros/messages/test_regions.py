import numpy as np

from samwise_ros.messages.regions import bounding_region


def test_box_touches_the_outermost_pixels() -> None:
    mask = np.zeros((10, 20), bool)
    mask[2, 5] = mask[7, 18] = True
    region = bounding_region(mask)
    assert (region.x_offset, region.y_offset, region.width, region.height) == (5, 2, 14, 6)
    assert not region.do_rectify


def test_full_mask_covers_the_image() -> None:
    region = bounding_region(np.ones((4, 6), bool))
    assert (region.x_offset, region.y_offset, region.width, region.height) == (0, 0, 6, 4)


def test_empty_mask_has_an_empty_box() -> None:
    region = bounding_region(np.zeros((4, 6), bool))
    assert (region.x_offset, region.y_offset, region.width, region.height) == (0, 0, 0, 0)
