"""What a recorded camera is like, unless somebody says otherwise. Importing this takes no time."""

from typing import Literal

IMAGE_TOPIC = "/camera/image"
EXPRESSION_TOPIC = "/expression"
GROUND_TRUTH_TOPIC = "/ground_truth/mask"
#: REP 103: z forward, x right, y down.
FRAME_ID = "camera_optical_frame"
#: Of 100.
JPEG_QUALITY = 85

ImageFormat = Literal["jpeg", "raw"]
