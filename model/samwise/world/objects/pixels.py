"""Pictures as arrays, and the operations on them that are exact to the bit on every machine."""

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]


def resize(image: Image, width: int, height: int) -> Image:
    """The picture at another size, interpolated in integers."""
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR_EXACT), np.uint8)


def blur(image: Image, reach: int) -> Image:
    """Twice the mean over windows of `reach` pixels (made odd): nearly a Gaussian."""
    window = (reach | 1, reach | 1)
    return np.asarray(cv2.blur(cv2.blur(image, window), window), np.uint8)
