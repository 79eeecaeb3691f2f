"""The ffmpeg of this machine: what it says about a file, and how to have it convert one."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Packets:
    """What a container holds of its first video stream.

    Attributes:
        shown: packets that are meant to be shown; an edit list may leave others out.
        intact: whether all of the file could be read, and each packet was whole.
    """

    shown: int
    intact: bool


def find_ffmpeg() -> str | None:
    """Path of an ffmpeg: the one that came with imageio-ffmpeg, else the system's; None: there is none."""
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return shutil.which("ffmpeg")


def count_packets(path: Path) -> Packets | None:
    """Read a video file through, without decoding it; None where there is no ffmpeg, or it cannot read it."""
    listed = _run(path, "-c", "copy", "-f", "framecrc", "-")
    if listed is None or listed.returncode != 0:
        return None
    # stream, dts, pts, duration, bytes, sum[, F=flags][, side data]
    packets = [line.split(",") for line in listed.stdout.splitlines() if line and not line.startswith("#")]
    flags = [
        int(word[2:], 16) for packet in packets for word in map(str.strip, packet) if word.startswith("F=")
    ]
    discarded = sum(bool(f & _DISCARD) for f in flags)
    damaged = any(f & _CORRUPT for f in flags) or bool(listed.stderr.strip())
    return Packets(len(packets) - discarded, not damaged)


_CORRUPT, _DISCARD = 0x2, 0x4


def is_only_sound(path: Path) -> bool:
    """Whether a file holds sound and no picture; no, where there is no ffmpeg to tell."""
    sound = _run(path, "-c", "copy", "-frames:a", "1", "-f", "null", "-", stream="a:0")
    if sound is None or sound.returncode != 0:
        return False
    picture = _run(path, "-c", "copy", "-frames:v", "1", "-f", "null", "-")
    return picture is not None and picture.returncode != 0


def conversion_advice(path: Path, width: int, height: int) -> str:
    """What to do about a video that OpenCV opens and cannot decode.

    Args:
        path: of the video.
        width: of its frames, pixels.
        height: of its frames, pixels.

    Returns:
        A command that makes a video of it that can be read. If an ffmpeg is at hand and cannot decode it
        either, that.
    """
    exe = find_ffmpeg()
    if exe is not None:
        tried = _run(path, "-frames:v", "1", "-f", "framecrc", "-")
        if tried is None or not any(line.startswith("0,") for line in tried.stdout.splitlines()):
            return "ffmpeg cannot decode it either, so it is damaged: copy or record it again"
    command = [exe or "ffmpeg", "-i", str(path), "-an", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    if width % 2 or height % 2:
        # H.264 has half the resolution for colours, so it takes even sizes only.
        command += ["-vf", f"pad={width + width % 2}:{height + height % 2}"]
    get = "" if exe else " (there is no ffmpeg here yet: pip install imageio-ffmpeg, or apt install ffmpeg)"
    return f"convert it, and give the new file: {shlex.join([*command, str(_free_name(path))])}{get}"


def _free_name(path: Path) -> Path:
    """A name beside a video for its conversion."""
    number = 1
    while True:
        free = path.with_name(f"{path.stem}.h264{f'-{number}' if number > 1 else ''}.mp4")
        if not free.exists():
            return free
        number += 1


def _run(path: Path, *output: str, stream: str = "v:0") -> subprocess.CompletedProcess[str] | None:
    exe = find_ffmpeg()
    if exe is None:
        return None
    # With "file:" in front, a name with a colon or a dash is not taken for something else.
    source = ("-i", f"file:{path}", "-map", f"0:{stream}")
    words: Sequence[str] = (exe, "-nostdin", "-v", "error", *source, *output)
    try:
        return subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
    except OSError:
        return None
