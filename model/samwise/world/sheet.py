"""Contact sheets: a row of frames for every sentence, its target outlined, the sentence above."""

import cv2
import numpy as np
import numpy.typing as npt

from samwise.errors import ConfigurationError
from samwise.video.labelled import LabelledVideo, Referral
from samwise.world.objects.pixels import Image

DIMMED = 176  # of 256: how bright everything but the target stays
EDGE = (255, 40, 220)
CAPTION = 18  # pixels above each row
COLUMNS = 6


def tint(frame: Image, mask: npt.NDArray[np.bool_]) -> Image:
    """The frame with the target outlined and the rest dimmed, so that colours stay true, uint8 [H, W, 3]."""
    out = frame.copy()
    out[~mask] = ((frame[~mask].astype(np.uint16) * DIMMED) >> 8).astype(np.uint8)
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(out, contours, -1, EDGE, max(1, len(frame) // 120))
    return out


def row(video: LabelledVideo, referral: Referral, columns: int = COLUMNS) -> Image:
    """One sentence's row, uint8 [H + 18, columns * W, 3]; frames are spread over the video."""
    frames = len(video.frames)
    picks = np.rint(np.linspace(0, frames - 1, columns)).astype(int) if frames > 1 else np.zeros(1, int)
    picture = np.concatenate([tint(video.frames[t], referral.masks[t]) for t in picks], axis=1)
    caption = np.full((CAPTION, picture.shape[1], 3), 24, np.uint8)
    text = f"{video.name} [{referral.family}] {referral.expression}"
    cv2.putText(caption, text, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (240, 240, 240), 1, cv2.LINE_AA)
    return np.concatenate([caption, picture])


def sheet(videos: list[LabelledVideo], sentences: int = 2, columns: int = COLUMNS) -> Image:
    """The first sentences of every video, one row each, uint8 [rows * (H + 18), columns * W, 3].

    Raises:
        ConfigurationError: if there are no videos.
    """
    rows = [row(video, referral, columns) for video in videos for referral in video.referrals[:sentences]]
    if not rows:
        raise ConfigurationError("a contact sheet needs at least one video")
    return np.concatenate(rows)
