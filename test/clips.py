"""Small videos of the kinds that come from the field, made with ffmpeg for the test that needs one."""

import subprocess
from pathlib import Path

import pytest

imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="makes the videos of these tests")

WIDTH, HEIGHT, RATE = 64, 48, 10


def ffmpeg(*words: str) -> None:
    """Run ffmpeg; skips the test where it has no such encoder."""
    done = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-v", "error", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if "Unknown encoder" in done.stderr:
        pytest.skip(f"this ffmpeg cannot make it: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr


def make_clip(path: Path, *output: str, seconds: float = 3.0, codec: str = "libx264") -> Path:
    """ffmpeg's test picture, which moves, at RATE frames a second."""
    ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc=size={WIDTH}x{HEIGHT}:rate={RATE}:duration={seconds}"),
        *("-c:v", codec, *output, str(path)),
    )
    return path


def with_pause(path: Path, *output: str) -> Path:
    """Frames 0 to 9 and 21 to 29 of 30: a variable frame rate with a pause."""
    return make_clip(path, "-vf", "select='not(between(n,10,20))'", "-fps_mode", "vfr", *output)


PAUSED_TIMES = [t / RATE for t in (*range(10), *range(21, 30))]


def cut_off(path: Path, part: float = 0.6) -> Path:
    """The file without its end."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    return path


def with_hole(path: Path, size: int) -> Path:
    """The file with zeros in its middle."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + size] = bytes(size)
    path.write_bytes(content)
    return path
