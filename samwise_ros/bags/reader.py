"""Opens recordings and reads them in order of time. What cannot be read costs itself, and is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rosbags.interfaces import Connection, ConnectionExtRosbag2, Qos

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.account import Account, to_stderr
from samwise_ros.bags.reading.definitions import Definitions
from samwise_ros.bags.reading.metadata import Metadata
from samwise_ros.bags.reading.opening import open_storages
from samwise_ros.bags.reading.ordering import Read, merged
from samwise_ros.bags.reading.parts import find_parts
from samwise_ros.bags.reading.storage import Storage, Stretch
from samwise_ros.bags.reading.unpacking import unpacked

Message = tuple[Connection, int, bytes]


class Bag:
    """A recording, open: one file or several.

    Args:
        path: of the recording, or of its first part.
        storages: its files.
        metadata: what metadata.yaml says, if anything.
        account: gets what is wrong with it.

    Attributes:
        path: as given.
        connections: the topics. A topic that was recorded with two types appears twice.
        definitions: what their messages consist of.
    """

    def __init__(
        self, path: Path, storages: Sequence[Storage], metadata: Sequence[Metadata], account: Account
    ) -> None:
        self.path = path
        self.definitions = Definitions()
        self._storages, self._account = storages, account
        self.connections, self._channels = _joined(storages, metadata)
        spans = [span for storage in storages if (span := storage.span) is not None]
        self._span: Stretch | None = (
            (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None
        )
        counted = sum(entry.message_count for entry in metadata)
        if counted > self.message_count and not account.faults:
            account.fault(
                f"{path} should hold {counted} messages by its metadata.yaml, "
                f"but {self.message_count} can be read"
            )

    @property
    def faults(self) -> list[str]:
        """What could not be read so far, one line each. Reading may add to it."""
        return self._account.faults

    @property
    def message_count(self) -> int:
        """Messages in the files, by their own count."""
        return sum(connection.msgcount for connection in self.connections)

    @property
    def start_time(self) -> int:
        """Time of the first message in nanoseconds; 0 where there is none."""
        return self._span[0] if self._span else 0

    @property
    def end_time(self) -> int:
        """The nanosecond after the last message; 0 where there is none."""
        return self._span[1] + 1 if self._span else 0

    @property
    def duration(self) -> int:
        """Nanoseconds from the first to the last message."""
        return self.end_time - self.start_time

    def messages(
        self,
        connections: Sequence[Connection] | None = None,
        start_ns: int | None = None,
        stop_ns: int | None = None,
    ) -> Iterator[Message]:
        """Yield connection, time in nanoseconds and serialised message, in order of time.

        Damage on the way is left out, and told.

        Args:
            connections: topics to read; all where None.
            start_ns: from this time of the recording on.
            stop_ns: before this one.
        """
        wanted = {connection.id: connection for connection in connections or ()}
        if connections is None:
            wanted = {connection.id: connection for connection in self.connections}
        sources = []
        for storage, ids in zip(self._storages, self._channels, strict=True):
            channels = [channel for channel, number in ids.items() if number in wanted]
            if storage.span is not None and channels:
                found = storage.messages(channels, start_ns, stop_ns)
                sources.append((storage.span[0], _renumbered(found, ids)))
        for time_ns, number, data in merged(sources):
            yield wanted[number], time_ns, unpacked(data)

    def deserialize(self, data: bytes, connection: Connection) -> object:
        """Return a message as rosbags makes it of its bytes.

        Raises:
            BagError: if its type is not known, or it is not one of these.
        """
        store = self.definitions.store(connection)
        try:
            return store.deserialize_cdr(data, connection.msgtype)
        except Exception as error:  # Generated code over foreign bytes.
            raise BagError(
                f"{connection.topic}: {len(data)} bytes that are no {connection.msgtype}"
            ) from error

    def stretches(self, longest_gap_ns: int) -> list[Stretch]:
        """Return first and last time of every stretch without a longer gap between messages, in order."""
        found: list[Stretch] = []
        for start, end in sorted(
            part for storage in self._storages for part in storage.stretches(longest_gap_ns)
        ):
            if found and start - found[-1][1] <= longest_gap_ns:
                found[-1] = (found[-1][0], max(found[-1][1], end))
            else:
                found.append((start, end))
        return found

    def fault(self, line: str) -> None:
        """Tell that something of the recording cannot be read."""
        self._account.fault(line)


@contextmanager
def open_bag(*paths: Path, tell: Callable[[str], object] = to_stderr) -> Iterator[Bag]:
    """Open a rosbag2 folder, with or without metadata.yaml, or one or more .mcap or .db3 files.

    Args:
        paths: the recording; several for the parts of one.
        tell: gets what is wrong with it, a line at a time; the rest can be read.

    Raises:
        BagError: if there is nothing, nothing of it can be read, or it is not a recording.
    """
    account = Account(tell)
    with ExitStack() as cleanup:
        parts = find_parts(paths, account)
        storages = open_storages(parts.files, account, cleanup)
        yield Bag(paths[0], storages, parts.metadata, account)


def stored_qos(connection: Connection) -> list[Qos]:
    """Return the profiles that the publishers of a topic offered; empty where the bag does not tell."""
    assert isinstance(connection.ext, ConnectionExtRosbag2)
    return connection.ext.offered_qos_profiles


def select(connections: list[Connection], topics: list[str] | None) -> list[Connection]:
    """Return the connections of these topics; of all where `topics` is None.

    Raises:
        BagError: if one of the topics is not in the bag.
    """
    if topics is None:
        return list(connections)
    present = {connection.topic for connection in connections}
    if missing := [topic for topic in topics if topic not in present]:
        raise BagError(
            f"the bag has no topic {', '.join(missing)}; it has {', '.join(sorted(present)) or 'none at all'}"
        )
    return [connection for connection in connections if connection.topic in topics]


def _joined(
    storages: Sequence[Storage], metadata: Sequence[Metadata]
) -> tuple[list[Connection], list[dict[int, int]]]:
    """Renumber the topics of all files, one and the same in several files once.

    Returns:
        The topics, and for every file the number by the file's own.
    """
    joined: dict[tuple[object, ...], Connection] = {}
    channels: list[dict[int, int]] = []
    profiles = {topic: found for entry in metadata for topic, found in entry.profiles.items()}
    for storage in storages:
        ids = {}
        for own in storage.connections:
            assert isinstance(own.ext, ConnectionExtRosbag2)
            key = (own.topic, own.msgtype, own.ext.serialization_format, own.msgdef, own.digest)
            known = joined.get(key)
            # Who edits metadata.yaml does it for this: it goes before what the recorder wrote.
            stated = profiles.get(own.topic) or own.ext.offered_qos_profiles
            if known is None:
                ext = own.ext._replace(offered_qos_profiles=stated)
                joined[key] = own._replace(id=len(joined) + 1, ext=ext)
            else:
                assert isinstance(known.ext, ConnectionExtRosbag2)
                longer = max(known.ext.offered_qos_profiles, stated, key=len)
                ext = known.ext._replace(offered_qos_profiles=longer)
                joined[key] = known._replace(msgcount=known.msgcount + own.msgcount, ext=ext)
            ids[own.id] = joined[key].id
        channels.append(ids)
    return list(joined.values()), channels


def _renumbered(found: Iterator[Read], ids: dict[int, int]) -> Iterator[Read]:
    return (read._replace(channel=ids[read.channel]) for read in found)
