"""metadata.yaml of a rosbag2 folder, for a recording that may still go on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from rosbags.interfaces import Connection, ConnectionExtRosbag2, Qos
from rosbags.rosbag2.metadata import dump_qos_v9

from samwise_ros.bags.span import Span
from samwise_ros.bags.writing.overwriting import overwrite

NAME = "metadata.yaml"
#: The first key of the file, by which it is known.
INFORMATION = "rosbag2_bagfile_information"
VERSION = 9


def stored_profiles(profiles: Sequence[Qos]) -> list[Any]:
    """Return profiles in the form of a bag of this version."""
    return list(dump_qos_v9(list(profiles)))


def profiles_text(profiles: Sequence[Qos]) -> str:
    """Return profiles as YAML, for the description of a topic in the storage file."""
    return yaml.safe_dump(stored_profiles(profiles), sort_keys=False).strip() if profiles else ""


def metadata_text(file: str, topics: Sequence[Connection], counts: Mapping[int, int], span: Span) -> str:
    """Return the content of metadata.yaml.

    Args:
        file: name of the MCAP file beside it.
        topics: that the file describes.
        counts: messages by `id` of the topic that the file holds by now.
        span: times of its first and last message.
    """
    total = sum(counts.get(topic.id, 0) for topic in topics)
    times: dict[str, Any] = {
        "starting_time": {"nanoseconds_since_epoch": span.start_ns},
        "duration": {"nanoseconds": span.end_ns - span.start_ns},
        "message_count": total,
    }
    information = {
        "version": VERSION,
        "storage_identifier": "mcap",
        "relative_file_paths": [file],
        **times,
        "topics_with_message_count": [
            {"topic_metadata": _topic(topic), "message_count": counts.get(topic.id, 0)} for topic in topics
        ],
        # Chunks are compressed within the file: that is the storage's own business.
        "compression_format": "",
        "compression_mode": "",
        "files": [{"path": file, **times}],
        "custom_data": None,
        "ros_distro": "",
    }
    return yaml.dump({INFORMATION: information}, Dumper=_WithoutAliases, sort_keys=False)


def write_metadata(folder: Path, text: str) -> None:
    """Replace metadata.yaml so that there is a whole one at every moment.

    Raises:
        OSError: if it cannot be written; what was there stays.
    """
    place = folder / NAME
    made = folder / f"{NAME}.tmp"
    try:
        made.write_text(text, encoding="utf-8")
        made.replace(place)
    except OSError:
        with suppress(OSError):
            made.unlink(missing_ok=True)
        # A full disk has no room for a second one, but the blocks of the first can be written to.
        old = place.read_bytes()
        file = os.open(place, os.O_WRONLY)
        try:
            overwrite(file, 0, text.encode(), old)
        finally:
            os.close(file)


class _WithoutAliases(yaml.SafeDumper):
    """Writes what occurs twice twice: not every reader of YAML knows references."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _topic(topic: Connection) -> dict[str, Any]:
    assert isinstance(topic.ext, ConnectionExtRosbag2)
    return {
        "name": topic.topic,
        "type": topic.msgtype,
        "serialization_format": topic.ext.serialization_format,
        "offered_qos_profiles": stored_profiles(topic.ext.offered_qos_profiles),
        "type_description_hash": topic.digest,
    }
