"""What a file is, by how it begins: names lie."""

from __future__ import annotations

import codecs
import shlex
import stat
from enum import Enum
from pathlib import Path

from samwise_ros.bags.errors import BagError

MCAP_MAGIC = b"\x89MCAP0\r\n"
SQLITE_MAGIC = b"SQLite format 3\x00"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ROS1_MAGIC = b"#ROSBAG V"
WANTED = "give a rosbag2 folder, an .mcap or a .db3 file"

# The first bytes of what people mistake for a recording, and what to call it.
_OTHERS = (
    (b"version https://git-lfs", "a git-lfs pointer, not the file itself; fetch that with `git lfs pull`"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a video, picture or sound in a RIFF file"),
    (b"\x1a\x45\xdf\xa3", "a Matroska or WebM video; make a recording of it with video_to_bag"),
    (b"%PDF", "a PDF document"),
    (b"\x7fELF", "a program"),
)
_HEAD = 4096


class Kind(Enum):
    """A recording's file."""

    MCAP = "MCAP"
    SQLITE = "SQLite"
    ZSTD = "zstd"


def kind_of(path: Path, name: Path | None = None) -> Kind:
    """Look what a file is.

    Args:
        path: of the file.
        name: what the user calls it, where that is another path.

    Raises:
        BagError: if it is not a recording that can be played (the message says what it is instead), or cannot
            be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # Opening a pipe would wait for whoever writes to it.
            raise BagError(f"{name or path} is a device or a pipe; save its data to a file, and play that")
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise BagError(cannot_open(name or path, error)) from error
    size = status.st_size
    for kind, magic in ((Kind.MCAP, MCAP_MAGIC), (Kind.SQLITE, SQLITE_MAGIC), (Kind.ZSTD, ZSTD_MAGIC)):
        if head.startswith(magic):
            return kind
    raise BagError(f"{name or path} {_what_else(name or path, head, size)}")


def cannot_open(path: Path, error: OSError) -> str:
    """Return the line for a file that the system does not give."""
    if isinstance(error, PermissionError):
        return f"no permission to read {path}; ask its owner, or `chmod +rX` it and the folders around it"
    return f"cannot read {path}: {error.strerror or error}"


def _what_else(path: Path, head: bytes, size: int) -> str:
    if head.startswith(ROS1_MAGIC):
        return (
            f"is a ROS 1 bag; `rosbags-convert --src {shlex.quote(str(path))} --dst "
            f"{shlex.quote(str(path.with_suffix('')))}_ros2` makes a ROS 2 recording of it "
            "(rosbags-convert is part of the pip package rosbags)"
        )
    if not size:
        return "is empty (0 bytes): nothing was written, or the copy failed"
    if not head.strip(b"\x00"):
        return f"begins with zeros: the beginning of its {size} bytes never reached the disk"
    if MCAP_MAGIC.startswith(head) or SQLITE_MAGIC.startswith(head):
        return f"breaks off after {size} bytes, before anything was recorded"
    for magic, name in _OTHERS:
        if head.startswith(magic):
            return (
                f"is not a recording but {name}; {WANTED}"
                if ";" not in name
                else f"is not a recording but {name}"
            )
    if head[4:8] == b"ftyp":
        return "is not a recording but a video; make one from it with video_to_bag"
    if head[257:262] == b"ustar":
        return "is a tar archive; unpack it first"
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page, not a recording: the download went wrong (a login or an error page?)"
    if _is_text(head):
        return f"is not a recording but text; {WANTED}"
    return f"is not a recording: it begins like neither MCAP nor SQLite; {WANTED}"


def _is_text(head: bytes) -> bool:
    try:
        # This decoder does not mind that the last letter may be cut.
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\r\n\t\f" for letter in text)
