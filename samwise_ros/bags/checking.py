"""Whether the bytes of a message are what its type says."""

from __future__ import annotations

import struct
from collections.abc import Callable

from rosbags.interfaces import Nodetype
from rosbags.serde import SerdeError
from rosbags.typesys.store import Typestore

#: Messages with lists of messages in them take long to go through: larger ones are trusted.
LARGE = 1 << 16
_ENCAPSULATION = 4
#: Of CDR, as ROS writes it.
_PLAIN = (b"\x00\x00", b"\x00\x01")
#: Of the other forms that DDS knows, whose content is not checked.
_OTHERS = tuple(bytes((0, number)) for number in range(2, 12))

Check = Callable[[bytes], str | None]


def checker(store: Typestore | None, msgtype: str) -> Check:
    """Return a function that says what is wrong with a serialised message; None where nothing is.

    Args:
        store: knows the type; where None, only what holds for every message is checked.
        msgtype: of the messages.
    """
    light = store is not None and _is_flat(store, msgtype)

    def check(data: bytes) -> str | None:
        if len(data) < _ENCAPSULATION:
            return f"it has {len(data)} bytes"
        if data[:2] not in _PLAIN + _OTHERS:
            return f"its {len(data)} bytes do not begin like a message"
        if store is None or data[:2] in _OTHERS or not (light or len(data) <= LARGE):
            return None
        return None if _fits(store, msgtype, data) else f"its {len(data)} bytes are no {msgtype}"

    return check


def _fits(store: Typestore, msgtype: str, data: bytes) -> bool:
    """Whether a message of a type is in these bytes. Some left over at the end do no harm."""
    try:
        definition = store.get_msgdef(msgtype)
        read = definition.deserialize_cdr_le if data[1] else definition.deserialize_cdr_be
        content = memoryview(data)[_ENCAPSULATION:]
        _, end = read(content, 0, definition.cls, store)
    except UnicodeDecodeError:
        return True  # Subscribers take text in any encoding.
    except SerdeError as error:
        # Subscribers also take text without the zero at its end, and text of no length at all.
        return any(harmless in str(error) for harmless in ("terminator", "length 0 "))
    except (struct.error, IndexError, ValueError):
        return False
    except Exception:  # A type that rosbags cannot go through says nothing about the message.
        return True
    return end <= len(content)


def _is_flat(store: Typestore, msgtype: str) -> bool:
    """Whether a type has no list of messages in it, so that large arrays of it are looked at in one step."""
    for _, field in store.fielddefs[msgtype][1]:
        if field[0] is Nodetype.NAME:
            if not _is_flat(store, str(field[1])):
                return False
        elif field[0] is Nodetype.SEQUENCE:
            assert not isinstance(field[1], str)
            element = field[1][0]
            if element == (Nodetype.BASE, ("string", 0)) or element[0] is Nodetype.NAME:
                return False
    return True
