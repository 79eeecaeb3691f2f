"""Message types for `rosbags`: the standard ones, and those installed with the ROS that runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from rosbags.interfaces import Nodetype
from rosbags.interfaces.typing import FieldDesc, Typesdict
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from rosbags.typesys.store import Typestore

from samwise_ros.bags.errors import BagError


def standard_types() -> Typestore:
    """Return a store of the message types that come with ROS 2. Needs no ROS."""
    return get_typestore(Stores.LATEST)


def no_types() -> Typestore:
    """Return an empty store, for `register_installed` to fill."""
    return get_typestore(Stores.EMPTY)


def register_installed(store: Typestore, msgtype: str) -> None:
    """Add a message type, and those that it is made of, from the definitions that ROS installed.

    A recording then describes the very types that its publishers were built with, and its type hashes are
    those that ROS itself computes.

    Args:
        store: to be extended.
        msgtype: full name, such as "samwise_msgs/msg/TargetState".

    Raises:
        BagError: if the type is not installed in this environment.
    """
    found: Typesdict = {}
    wanted = {msgtype} - set(store.fielddefs)
    while wanted:
        name = wanted.pop()
        definition = get_types_from_msg(_definition_file(name).read_text(encoding="utf-8"), name)
        found.update(definition)
        for _, fields in definition.values():
            for _, field in fields:
                wanted.update(set(messages_in(field)) - set(found) - set(store.fielddefs))
    store.register(found)


def begins_with_header(store: Typestore, msgtype: str) -> bool:
    """Whether the first field of a message type is a std_msgs/Header."""
    _, fields = store.fielddefs[msgtype]
    return bool(fields) and fields[0][1] == (Nodetype.NAME, "std_msgs/msg/Header")


def messages_in(field: FieldDesc) -> Iterator[str]:
    """Yield the message types that a field of a definition is made of."""
    kind, content = field
    if kind is Nodetype.NAME:
        assert isinstance(content, str)
        yield content
    elif kind in (Nodetype.ARRAY, Nodetype.SEQUENCE):
        element = content[0]
        assert not isinstance(element, str)
        yield from messages_in(element)


def _definition_file(msgtype: str) -> Path:
    package, _, name = msgtype.split("/")
    try:
        path = Path(get_package_share_directory(package), "msg", f"{name}.msg")
    except PackageNotFoundError:
        path = Path()
    if not path.is_file():
        raise BagError(
            f"message type {msgtype} is not installed in this environment; build or install the package "
            f"{package} and source its setup file"
        )
    return path
