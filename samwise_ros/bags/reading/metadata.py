"""metadata.yaml of a rosbag2 folder, as far as it can be believed.

The files beside it say nearly everything again, and better: they were written while it happened. What is only
here are the names of the parts, how much there should be, and the quality of service that somebody may have
edited on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rosbags.interfaces import Qos
from rosbags.rosbag2.metadata import parse_qos

from samwise_ros.bags.reading.account import Account
from samwise_ros.bags.reading.kinds import cannot_open
from samwise_ros.bags.writing.bag_metadata import INFORMATION, NAME


@dataclass(frozen=True)
class Metadata:
    """What is taken from metadata.yaml.

    Attributes:
        files: paths of the parts as they are listed, relative to the folder.
        message_count: how many messages the parts should hold together; 0 where it does not tell.
        profiles: quality of service that the publishers of a topic offered, by topic.
    """

    files: tuple[str, ...]
    message_count: int = 0
    profiles: Mapping[str, list[Qos]] = field(default_factory=dict)


def read_metadata(folder: Path, account: Account) -> Metadata | None:
    """Read metadata.yaml. Returns None, with a note, where it makes no sense: the files speak for themselves.

    Args:
        folder: that holds it.
        account: for the note.
    """
    path = folder / NAME
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _understood(content[INFORMATION])
    except OSError as error:
        reason = cannot_open(path, error)
    except (yaml.YAMLError, RecursionError, KeyError, TypeError, ValueError, AttributeError):
        reason = f"{path} is empty or damaged"
    account.note(f"{reason}; the files beside it are played without it")
    return None


def parse_profiles(stated: Any) -> list[Qos]:
    """Read quality of service as YAML text, or as what a YAML parser made of it.

    Returns:
        The profiles; none where they are not understood, as only how messages travel hangs on them.
    """
    try:
        return list(parse_qos(stated or []))
    except Exception:  # A foreign parser and its YAML library fail in ways of their own.
        return []


def _understood(information: Any) -> Metadata:
    topics = [entry["topic_metadata"] for entry in information.get("topics_with_message_count") or []]
    profiles = {
        str(topic["name"]): found
        for topic in topics
        if (found := parse_profiles(topic.get("offered_qos_profiles")))
    }
    names = information.get("relative_file_paths") or []
    # What should be a name may be anything, and aliases of lists of aliases have no end as text.
    files = tuple(dict.fromkeys(name for name in names if isinstance(name, str)))
    return Metadata(files, int(information.get("message_count") or 0), profiles)
