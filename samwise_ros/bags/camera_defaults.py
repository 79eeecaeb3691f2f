"""What a recorded camera is like, unless somebody says otherwise. Importing this takes no time."""

from typing import Literal

#: REP 103: z forward, x right, y down.
FRAME_ID = "camera_optical_frame"
#: Of 100.
JPEG_QUALITY = 85

ImageFormat = Literal["jpeg", "raw"]
