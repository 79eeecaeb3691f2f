"""Every name of a topic, once. Importing this takes no time.

A node asks for a relative name (`image`), which can be remapped and lies in its namespace, or for a private
one (`~/mask`), which follows its own name. Where a name is whole (`/camera/image`), it is what the tools here
take unless told otherwise.
"""

from __future__ import annotations

#: Heard by nodes under relative names.
IMAGE, EXPRESSION, AUDIO, AUDIO_INFO = "image", "expression", "audio", "audio_info"

#: Of a camera, a speaker, a microphone and an annotator, live and in recordings.
IMAGE_TOPIC = "/camera/image"
EXPRESSION_TOPIC = f"/{EXPRESSION}"
AUDIO_TOPIC = f"/{AUDIO}"
GROUND_TRUTH_TOPIC = "/ground_truth/mask"
#: Sentences that fit what a scene shows, one per line.
SUGGESTIONS_TOPIC = "/suggestions"

#: What image_transport puts behind the name of a topic that it compresses.
COMPRESSED_SUFFIX, COMPRESSED_DEPTH_SUFFIX = "/compressed", "/compressedDepth"

#: Private to the segmenter, and to the listener.
MASK, TARGET, TARGET_SWITCHED, OVERLAY = "mask", "target", "target_switched", "overlay"
TARGET_EVENT = "target_event"
#: Its services.
SET_EXPRESSION, RESET, PAUSE = "set_expression", "reset", "pause"
HEARD = "heard"

#: Full name of the segmenter, and its topics there.
SEGMENTER = "/segmenter"
MASK_TOPIC = f"{SEGMENTER}/{MASK}"
TARGET_TOPIC = f"{SEGMENTER}/{TARGET}"
TARGET_EVENT_TOPIC = f"{SEGMENTER}/{TARGET_EVENT}"
TARGET_SWITCHED_TOPIC = f"{SEGMENTER}/{TARGET_SWITCHED}"

#: Of ROS itself.
CLOCK_TOPIC, FIXED_TRANSFORMS_TOPIC = "/clock", "/tf_static"
DIAGNOSTICS_TOPIC, LOG_TOPIC = "/diagnostics", "/rosout"


def private(name: str) -> str:
    """Return what a node calls a topic of its own: "mask" as "~/mask"."""
    return f"~/{name}"


def topic_of(node: str, name: str) -> str:
    """Return the whole name of a topic of a node: "mask" of "/segmenter" as "/segmenter/mask"."""
    return f"{node}/{name}"
