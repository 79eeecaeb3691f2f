"""What the messages of a bag consist of: as the bag says it, completed by what is installed here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rosbags.interfaces import Connection, MessageDefinition, MessageDefinitionFormat, Nodetype
from rosbags.interfaces.typing import FieldDesc, Typesdict
from rosbags.typesys import get_types_from_idl, get_types_from_msg
from rosbags.typesys.store import Typestore

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.message_types import (
    begins_with_header,
    messages_in,
    no_types,
    register_installed,
    standard_types,
)

_SECTION = "=" * 80 + "\n"
_DIGEST = re.compile(r"RIHS01_(?!0{64})[0-9a-f]{64}")
# IDL and .msg files have different names for one and the same byte.
_ALIASES = {"char": "uint8", "byte": "uint8", "octet": "uint8"}


class Definitions:
    """The message types of one bag. Every topic has its own: two may differ under one name."""

    def __init__(self) -> None:
        self._stores: dict[tuple[str, MessageDefinition], Typestore] = {}
        self._installed: dict[str, Typestore | None] = {}

    def store(self, connection: Connection) -> Typestore:
        """Return a store that knows the type of a topic.

        Raises:
            BagError: if neither the bag nor this environment tells what the type consists of.
        """
        key = (connection.msgtype, connection.msgdef)
        if key not in self._stores:
            self._stores[key] = self._build(connection)
        return self._stores[key]

    def difference(self, connection: Connection) -> str | None:
        """Return how the bag's definition of a type differs from the installed one.

        Only what changes the bytes of a message counts: names and types of fields, and their order.

        Returns:
            The difference; None where there is none, or where one of the two is not known.
        """
        installed = self.installed(connection.msgtype)
        if installed is None:
            return None
        recorded = self._recorded(connection)
        if recorded is not None:
            here = dict(_leaves(installed.fielddefs, connection.msgtype))
            there = dict(_leaves(recorded, connection.msgtype))
            return _first_difference(there, here)
        here_digest = _digest(installed, connection.msgtype)
        # Recorders that do not know the hash of a type write zeros, or a word.
        known = _DIGEST.fullmatch(connection.digest) and here_digest is not None
        same = not known or connection.digest == here_digest
        return None if same else "the hashes of their types are not the same"

    def installed(self, msgtype: str) -> Typestore | None:
        """Return a store with a type as ROS installed it; None where it is not, or is not understood."""
        if msgtype not in self._installed:
            store = no_types()
            try:
                register_installed(store, msgtype)
            except Exception:  # The parser of rosbags does not know wide strings, and fails in many ways.
                self._installed[msgtype] = None
            else:
                self._installed[msgtype] = store
        return self._installed[msgtype]

    def begins_with_header(self, connection: Connection) -> bool:
        """Whether the messages of a topic begin with a std_msgs/Header; False where that is not known."""
        try:
            return begins_with_header(self.store(connection), connection.msgtype)
        except BagError:
            return False

    def _build(self, connection: Connection) -> Typestore:
        recorded = self._recorded(connection)
        if recorded is None:
            return self._known_here(connection.msgtype)
        store = no_types()
        store.register(recorded)
        return store

    def _known_here(self, msgtype: str) -> Typestore:
        store = self.installed(msgtype) or standard_types()
        if msgtype not in store.fielddefs:
            raise BagError(f"neither the recording nor this environment tells what {msgtype} consists of")
        return store

    def _recorded(self, connection: Connection) -> Typesdict | None:
        """Read the definition that the bag has; None where there is none, or it is not a definition."""
        if connection.msgdef.format is MessageDefinitionFormat.NONE:
            return None
        try:
            types = _parse(connection.msgdef, connection.msgtype)
        except Exception:  # Foreign text in a foreign parser: it fails in many ways.
            return None
        if connection.msgtype not in types:
            return None
        try:
            return self._completed(types)
        except BagError:  # Words that happen to look like fields.
            return None

    def _completed(self, types: Typesdict) -> Typesdict:
        """Add the types that a definition only names."""
        types = dict(types)
        while missing := _named_in(types).difference(types):
            known = self._known_here(next(iter(missing))).fielddefs
            types.update({name: known[name] for name in known if name not in types})
        return types


def _named_in(types: Typesdict) -> set[str]:
    return {name for _, fields in types.values() for _, field in fields for name in messages_in(field)}


def _parse(definition: MessageDefinition, msgtype: str) -> Typesdict:
    text = definition.data.replace("\r\n", "\n")
    if definition.format is MessageDefinitionFormat.MSG:
        return get_types_from_msg(text, msgtype)
    types: Typesdict = {}
    for section in text.split(_SECTION):
        head, _, body = section.partition("\n")
        types.update(
            get_types_from_idl(body if head.startswith("IDL: ") else section) if section.strip() else {}
        )
    return types


def _leaves(types: Typesdict, msgtype: str, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield path and basic type of everything that a message consists of, in order."""
    for name, field in types[msgtype][1]:
        if name == "structure_needs_at_least_one_member":
            continue
        here = f"{path}.{name}" if path else name
        if field[0] is Nodetype.NAME:
            yield from _leaves(types, str(field[1]), here)
        elif field[0] is Nodetype.BASE:
            yield here.lower(), _basic(field)
        else:
            element, count = field[1]
            here += f"[{count}]" if field[0] is Nodetype.ARRAY else "[]"
            if element[0] is Nodetype.NAME:
                yield from _leaves(types, str(element[1]), here)
            else:
                yield here.lower(), _basic(element)


def _basic(field: FieldDesc) -> object:
    name = field[1][0]
    return _ALIASES.get(str(name), name)


def _first_difference(there: dict[str, object], here: dict[str, object]) -> str | None:
    for path, kind in there.items():
        if path not in here:
            return f"its field {path} does not exist here"
        if here[path] != kind:
            return f"its field {path} is {kind}, here it is {here[path]}"
    for path in here:
        if path not in there:
            return f"it has no field {path}"
    return None if list(there) == list(here) else "its fields have another order"


def _digest(store: Typestore, msgtype: str) -> str | None:
    try:
        return store.hash_rihs01(msgtype)
    except (KeyError, ValueError, TypeError):
        return None
