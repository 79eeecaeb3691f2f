"""From masks to the boxes that messages carry."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import RegionOfInterest


def bounding_region(mask: npt.NDArray[np.bool_]) -> RegionOfInterest:
    """Smallest upright box around the True pixels of `mask` [H, W], in pixels; all zero for an empty mask."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    return RegionOfInterest(x_offset=x, y_offset=y, width=width, height=height)
