"""Draws what is followed into the frame, for people to look at."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.errors import FrameError

TARGET_COLOR = (255, 72, 88)
FONT = cv2.FONT_HERSHEY_DUPLEX
CAPTION_INK = (255, 255, 255)
CAPTION_GROUND = (24, 26, 32)
CAPTION_OPACITY = 0.72


def draw_overlay(
    frame: NDArray[np.uint8],
    mask: NDArray[np.bool_],
    label: str,
    *,
    color: tuple[int, int, int] = TARGET_COLOR,
    opacity: float = 0.45,
) -> NDArray[np.uint8]:
    """Tint the target, draw its outline, and write a caption into the upper left corner.

    Lines and letters grow with the frame. Before OpenCV 5, letters outside ASCII show as "?".

    Args:
        frame: uint8 `[H, W, 3]`; not changed.
        mask: bool `[H, W]`; may be empty.
        label: one line; cut where the frame ends. Empty: no caption. What cannot be printed shows as a space.
        color: of the target, in the channel order of the frame.
        opacity: of the tint, in [0, 1].

    Returns:
        uint8 `[H, W, 3]`, in the channel order of the frame.

    Raises:
        FrameError: if frame or mask is of another type or shape.
    """
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
        raise FrameError(f"frame is {frame.dtype} {frame.shape}; give uint8 [H, W, 3]")
    if mask.dtype != np.bool_ or mask.shape != frame.shape[:2]:
        raise FrameError(f"mask is {mask.dtype} {mask.shape}; give bool {frame.shape[:2]} like the frame")
    drawn = frame.copy()
    _draw_target(drawn, mask, color, opacity)
    # OpenCV takes a line break for a tall letter, and ends the process at a lone surrogate.
    printable = "".join(c if c.isprintable() else " " for c in label)
    if printable.strip():
        _draw_caption(drawn, printable, color)
    return drawn


def _draw_target(
    drawn: NDArray[np.uint8], mask: NDArray[np.bool_], color: tuple[int, int, int], opacity: float
) -> None:
    # Everything happens inside the box around the mask: cheap for small targets in large frames.
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    if width == 0:
        return
    region = drawn[y : y + height, x : x + width]
    inside = np.ascontiguousarray(mask[y : y + height, x : x + width]).view(np.uint8)
    tinted = cv2.addWeighted(region, 1.0 - opacity, np.full_like(region, color), opacity, 0.0)
    region[:] = cv2.copyTo(tinted, inside, region)
    contours, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE, offset=(x, y))
    thickness = max(1, round(drawn.shape[0] / 360))
    # A dark line under the bright one keeps the outline visible on a background of its own colour.
    cv2.drawContours(drawn, contours, -1, CAPTION_GROUND, thickness + 2, cv2.LINE_AA)
    cv2.drawContours(drawn, contours, -1, color, thickness, cv2.LINE_AA)


def _draw_caption(drawn: NDArray[np.uint8], label: str, color: tuple[int, int, int]) -> None:
    height, width = drawn.shape[:2]
    scale = height / 900
    thickness = max(1, round(scale * 1.5))
    margin = max(2, round(height / 60))
    label = _fitting(label, width - 5 * margin, scale, thickness)
    (text_width, text_height), baseline = cv2.getTextSize(label, FONT, scale, thickness)
    bottom = min(height, 3 * margin + text_height + baseline)
    right = min(width, 4 * margin + text_width)
    box = drawn[margin:bottom, margin:right]
    if box.size == 0:
        return
    ground = np.full_like(box, CAPTION_GROUND)
    box[:] = cv2.addWeighted(box, 1.0 - CAPTION_OPACITY, ground, CAPTION_OPACITY, 0.0)
    box[:, : max(1, margin // 3)] = color
    origin = (2 * margin + margin // 2, 2 * margin + text_height)
    cv2.putText(drawn, label, origin, FONT, scale, CAPTION_INK, thickness, cv2.LINE_AA)


def _fitting(label: str, width: int, scale: float, thickness: int) -> str:
    """The longest beginning of the label that is no wider than that, in pixels."""
    if cv2.getTextSize(label, FONT, scale, thickness)[0][0] <= width:
        return label
    for length in range(min(len(label), max(width, 0)), 0, -1):
        shortened = label[:length].rstrip() + "..."
        if cv2.getTextSize(shortened, FONT, scale, thickness)[0][0] <= width:
            return shortened
    return ""
