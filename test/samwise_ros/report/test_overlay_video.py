from pathlib import Path

import cv2
import numpy as np
import pytest

from samwise_ros.report.overlay_video import VideoWriter


@pytest.mark.parametrize(("width", "height"), [(64, 48), (65, 49)])
def test_the_colours_survive_and_odd_sizes_work(tmp_path: Path, width: int, height: int) -> None:
    with VideoWriter(tmp_path / "a.mp4", width, height, 15.0) as writer:
        for _ in range(5):
            writer.add(np.full((height, width, 3), (200, 60, 40), np.uint8))
    capture = cv2.VideoCapture(str(tmp_path / "a.mp4"))
    assert int(capture.get(cv2.CAP_PROP_FOURCC)) == cv2.VideoWriter.fourcc(*"avc1") or capture.get(
        cv2.CAP_PROP_FOURCC
    ) == cv2.VideoWriter.fourcc(*"h264")
    ok, frame = capture.read()
    assert ok
    assert frame.shape == (48, 64, 3)
    assert np.abs(frame[20, 30, ::-1].astype(int) - (200, 60, 40)).max() < 12
