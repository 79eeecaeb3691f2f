"""Which topics of compressed pictures are decoded, and under which name the raw pictures appear."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from rosbags.interfaces import Connection

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play.play_options import PlayOptions
from samwise_ros.topics import COMPRESSED_DEPTH_SUFFIX, COMPRESSED_SUFFIX

COMPRESSED_IMAGE = "sensor_msgs/msg/CompressedImage"
_LIKE_SUFFIX = "_compressed"


def raw_topics(
    connections: Collection[Connection], options: PlayOptions, note: Callable[[str], object]
) -> dict[int, str]:
    """Decide which topics are decoded.

    A raw topic gets its pictures from one topic only: from itself, if it was recorded as well.

    Args:
        connections: that are to be played.
        options: which pictures to decode.
        note: gets a line where a choice was made, or could be made.

    Returns:
        The raw topic, before renaming, by the id of the connection.

    Raises:
        BagError: if a topic to decode has no compressed pictures.
    """
    compressed = [connection for connection in connections if connection.msgtype == COMPRESSED_IMAGE]
    _check_asked(options.decode, compressed)
    taken = {connection.topic for connection in connections if connection.msgtype != COMPRESSED_IMAGE}
    found: dict[int, str] = {}
    for connection in sorted(
        compressed, key=lambda connection: connection.topic.endswith(COMPRESSED_DEPTH_SUFFIX)
    ):
        raw = _raw_topic(connection.topic, options)
        if raw is None:
            if options.compressed != "as-is":
                note(
                    f"{connection.topic} holds compressed pictures and is played as recorded; "
                    f"--decode {connection.topic} publishes them on {default_raw_topic(connection.topic)}"
                )
        elif raw in taken:
            note(f"{connection.topic} is played as recorded: the pictures on {raw} come from another topic")
        else:
            taken.add(raw)
            found[connection.id] = raw
    return found


def default_raw_topic(topic: str) -> str:
    """Return where the pictures of a compressed topic go when nobody says: beside it, under a like name."""
    for suffix in (COMPRESSED_SUFFIX, COMPRESSED_DEPTH_SUFFIX, _LIKE_SUFFIX):
        if topic.endswith(suffix) and len(topic) > len(suffix):
            return topic.removesuffix(suffix)
    return f"{topic}/decoded"


def _is_depth(connection: Connection) -> bool:
    return connection.topic.endswith(COMPRESSED_DEPTH_SUFFIX)


def _raw_topic(topic: str, options: PlayOptions) -> str | None:
    if topic in options.decode:
        return options.decode[topic] or default_raw_topic(topic)
    by_name = topic.endswith((COMPRESSED_SUFFIX, COMPRESSED_DEPTH_SUFFIX)) and topic.count("/") > 1
    return default_raw_topic(topic) if by_name and options.compressed != "as-is" else None


def _check_asked(asked: Iterable[str], compressed: Iterable[Connection]) -> None:
    present = {connection.topic for connection in compressed}
    if missing := [topic for topic in asked if topic not in present]:
        raise BagError(
            f"--decode {' '.join(missing)}: no compressed pictures of that name are played; "
            f"there are {', '.join(sorted(present)) or 'none'}"
        )
