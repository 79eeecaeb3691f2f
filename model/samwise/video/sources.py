"""Where frames come from: a video file, a folder of pictures, a picture, a camera or a stream."""

from __future__ import annotations

import stat
from pathlib import Path

from samwise.errors import FrameError
from samwise.video.files import open_video
from samwise.video.folders import open_folder, open_picture
from samwise.video.frames import Frame, Source
from samwise.video.live import is_address, open_camera, open_device, open_stream
from samwise.video.pictures import PICTURES

__all__ = ["Frame", "Source", "open_source"]


def open_source(where: str) -> Source:
    """Open a video file, a folder of pictures, a picture, a camera by its index, or a stream by its address.

    What exists on disk goes first: a folder called "0" is not camera 0.

    Raises:
        FrameError: if there is nothing to read.
    """
    if not where.strip():
        raise FrameError(
            f"the source {where!r} is blank; give a video, a folder of pictures or a camera's index"
        )
    path = Path(where)
    try:
        path = path.expanduser()
        kind = path.stat().st_mode
    except (OSError, ValueError, RuntimeError):  # a name with a null in it, the home of an unknown user
        kind = 0
    if stat.S_ISDIR(kind):
        return open_folder(path)
    if stat.S_ISCHR(kind):
        return open_device(str(path))
    if kind:
        return open_picture(path) if path.suffix.lower() in PICTURES else open_video(path)
    if where.isdecimal():
        return open_camera(int(where))
    if is_address(where):
        return open_stream(where)
    raise FrameError(
        f"no file or folder at {where!r}; give a video, a folder of pictures, a camera's index or a stream's "
        "address"
    )
