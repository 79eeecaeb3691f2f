"""The report shows whatever the node takes: every encoding of raw pictures, and what is compressed."""

from __future__ import annotations

from array import array
from pathlib import Path

import cv2
import numpy as np
import pytest
from odd_bags import START, Topic, sentences, write_mcap
from rclpy.serialization import serialize_message
from recordings import write_answers
from sensor_msgs.msg import CompressedImage, Image

from samwise_ros.messages.images import ENCODINGS
from samwise_ros.report.played import Played
from samwise_ros.report.results import Frame, read_frames, read_results
from samwise_ros.report.scenario import Scenario, read_scenario
from samwise_ros.report.write import write_report

CAMERA = "/camera/image"
HEIGHT, WIDTH, PADDING = 24, 32, 5
RED, GREY = (255, 0, 0), (200, 200, 200)
#: One red pixel, or two where they come in pairs.
PIXELS = {
    "rgb8": (255, 0, 0),
    "bgr8": (0, 0, 255),
    "8UC3": (0, 0, 255),
    "rgba8": (255, 0, 0, 255),
    "bgra8": (0, 0, 255, 255),
    **dict.fromkeys(("uyvy", "yuv422"), (90, 81, 240, 81)),
    **dict.fromkeys(("yuyv", "yuv422_yuy2"), (81, 90, 81, 240)),
}


def plane(encoding: str) -> np.ndarray:
    """A red picture behind a Bayer pattern, or a grey one."""
    if not encoding.startswith("bayer_"):
        return np.full((HEIGHT, WIDTH), 200, np.uint8)
    pattern = np.array([255 if color == "r" else 0 for color in encoding[6:10]], np.uint8)
    return np.tile(pattern.reshape(2, 2), (HEIGHT // 2, WIDTH // 2))


def rows_of(encoding: str) -> np.ndarray:
    """The bytes of that picture, row by row."""
    if encoding in PIXELS:
        pixel = np.array(PIXELS[encoding], np.uint8)
        repeats = WIDTH // 2 if "yuv" in encoding or "yuy" in encoding or "uyv" in encoding else WIDTH
        return np.tile(pixel, (HEIGHT, repeats))
    values = plane(encoding)
    return (values.astype("<u2") * 256).view(np.uint8) if encoding.endswith("16") else values


def stamped(message: Image | CompressedImage) -> bytes:
    message.header.stamp.sec = 1
    return bytes(serialize_message(message))


def raw(encoding: str) -> tuple[Topic, int, bytes]:
    """A message with padded rows."""
    rows = np.pad(rows_of(encoding), ((0, 0), (0, PADDING)), constant_values=0xAB)
    data = array("B", rows.tobytes())
    image = Image(height=HEIGHT, width=WIDTH, encoding=encoding, step=rows.shape[1], data=data)
    return Topic(CAMERA, "sensor_msgs/msg/Image", ""), START, stamped(image)


def compressed(pixels: np.ndarray, description: str, ending: str) -> tuple[Topic, int, bytes]:
    _, data = cv2.imencode(ending, pixels)
    image = CompressedImage(format=description, data=array("B", data.tobytes()))
    return Topic(f"{CAMERA}/compressed", "sensor_msgs/msg/CompressedImage", ""), START, stamped(image)


def scenario_of(folder: Path, message: tuple[Topic, int, bytes]) -> Scenario:
    write_mcap(folder / "a.mcap", [message, *sentences(1, Topic("/expression"))])
    write_answers(folder / "output.mcap", [])
    return read_scenario(folder / "a.mcap", CAMERA)


def frames_of(folder: Path, message: tuple[Topic, int, bytes]) -> list[Frame]:
    scenario = scenario_of(folder, message)
    output = folder / "output.mcap"
    return list(read_frames(scenario, output, read_results(output, 0), 0))


def off_by(pixels: np.ndarray, color: tuple[int, int, int]) -> int:
    """By how much the pixels differ from a colour at most. Bayer patterns are not complete at the edge."""
    return int(np.abs(pixels[2:-2, 2:-2].astype(int) - color).max())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_raw_picture_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    [frame] = frames_of(tmp_path, raw(encoding))
    assert frame.pixels.shape == (HEIGHT, WIDTH, 3)
    assert off_by(frame.pixels, GREY if encoding.startswith(("mono", "8UC1")) else RED) <= 6


@pytest.mark.parametrize(
    ("description", "ending", "pixels", "color"),
    [
        ("rgb8; jpeg compressed bgr8", ".jpg", np.full((HEIGHT, WIDTH, 3), RED[::-1], np.uint8), RED),
        ("png", ".png", np.full((HEIGHT, WIDTH, 3), RED[::-1], np.uint8), RED),
        ("mono8; jpeg compressed ", ".jpg", plane("mono8"), GREY),
        ("mono16; png compressed ", ".png", plane("mono16").astype(np.uint16) * 256, GREY),
        ("bayer_gbrg8; png compressed ", ".png", plane("bayer_gbrg8"), RED),
        ("bayer_bggr16; png compressed ", ".png", plane("bayer_bggr16").astype(np.uint16) * 256, RED),
    ],
)
def test_a_compressed_picture(
    tmp_path: Path, description: str, ending: str, pixels: np.ndarray, color: tuple[int, int, int]
) -> None:
    [frame] = frames_of(tmp_path, compressed(pixels, description, ending))
    assert off_by(frame.pixels, color) <= 6


def test_what_the_node_does_not_take_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    depth = np.full((HEIGHT, WIDTH), 1000, np.uint16)
    assert frames_of(tmp_path, compressed(depth, "16UC1; png compressed ", ".png")) == []
    assert "encoding '16UC1' is not supported" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["bgr8", "rgba8", "bayer_grbg8"])
def test_a_whole_report(tmp_path: Path, encoding: str) -> None:
    scenario = scenario_of(tmp_path, raw(encoding))
    assert write_report(scenario, tmp_path, Played(images=1, offset_ns=0))["frames_in"] == 1
    ok, frame = cv2.VideoCapture(str(tmp_path / "overlay.mp4")).read()
    assert ok and off_by(frame[:, :, ::-1], RED) <= 12
