"""Writes rosbag2 recordings: a single .mcap file, or a directory with metadata."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from rosbags.interfaces import (
    Connection,
    ConnectionExtRosbag2,
    MessageDefinition,
    MessageDefinitionFormat,
    Qos,
)
from rosbags.typesys.store import Typestore

from samwise.shell.placing import OutputError
from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.metadata import parse_profiles
from samwise_ros.bags.writing.bag_metadata import metadata_text, profiles_text, write_metadata
from samwise_ros.bags.writing.bag_place import BagPlace
from samwise_ros.bags.writing.growing_mcap import GrowingMcap

#: What a power cut may cost, in seconds.
FLUSH_PERIOD_S = 1.0

#: What helps, by what went wrong.
_REMEDIES = {
    errno.ENOSPC: "make room, or choose another place",
    errno.EDQUOT: "make room, or choose another place",
    errno.EFBIG: "the disk, or `ulimit -f`, allows no larger file: choose another place",
}
#: Keys of what rosbag2 keeps beside a topic in MCAP.
PROFILES, TYPE_HASH = "offered_qos_profiles", "topic_type_hash"


class Description(NamedTuple):
    """What a file says about a topic besides its name.

    Attributes:
        msgtype: name of the type; "" where there is no definition.
        definition_encoding: language of the definition, as "ros2msg".
        definition: of the type.
        message_encoding: how messages are serialised, as "cdr".
        metadata: more, as pairs.
    """

    msgtype: str
    definition_encoding: str
    definition: bytes
    message_encoding: str
    metadata: tuple[tuple[str, str], ...]


class BagWriter:
    """Writes MCAP.

    Usually the recording takes its name when it is complete, and leaves nothing when the block is left with
    an exception. One that grows is on the disk as it grows, complete at every moment, and stays whatever
    happens.

    Args:
        path: ending in .mcap: that one file. Otherwise a rosbag2 directory with metadata.yaml and one .mcap
            file in it.
        types: definitions of the types that will be written.
        compress: zstd: masks shrink to almost nothing, JPEG does not.
        overwrite: replace a bag that is there, once this one is complete. Otherwise that is an error, as is
            everything else by that name.
        grows: see above. It has its own name from the start, or a name beside a bag that is to be replaced.

    Attributes:
        made: where the recording is while it is written.
        failure: why the recording cannot go on, as for a full disk, found out in the background.

    Raises:
        BagError: if the place is taken, or cannot be written to.
    """

    def __init__(
        self,
        path: Path,
        types: Typestore,
        *,
        compress: bool = False,
        overwrite: bool = False,
        grows: bool = False,
    ) -> None:
        self._path, self._types, self._grows = path, types, grows
        self._topics: list[Connection] = []
        self.failure: BagError | None = None
        with self._failing():
            self._place = BagPlace(path, overwrite=overwrite, grows=grows)
            self._place.prepare()
            try:
                self._mcap = GrowingMcap(self._place.storage, compress=compress)
            except OSError:
                self._place.remove_empty()
                raise
            try:
                self._write_metadata()
            except OSError:
                self._mcap.close()
                self._place.remove()
                raise
        self.made = self._place.made
        self._ending = threading.Event()
        self._flusher = threading.Thread(target=self._flush_again_and_again, name="bag", daemon=True)
        if grows:
            self._flusher.start()

    @property
    def message_count(self) -> int:
        """How many messages the file holds by now."""
        return self._mcap.message_count

    def count(self, connection: Connection) -> int:
        """Return how many messages of a topic the file holds by now."""
        return self._mcap.counts[connection.id]

    def add_topic(self, topic: str, msgtype: str, qos: Sequence[Qos] = ()) -> Connection:
        """Announce a topic. Its type must be in the store that the constructor got."""
        definition, _ = self._types.generate_msgdef(msgtype, ros_version=2)
        metadata = {PROFILES: profiles_text(qos), TYPE_HASH: self._types.hash_rihs01(msgtype)}
        description = Description(msgtype, "ros2msg", definition.encode(), "cdr", tuple(metadata.items()))
        return self.describe_topic(topic, description)

    def describe_topic(self, topic: str, description: Description) -> Connection:
        """Announce a topic of any type, as it is described elsewhere. Its messages are bytes."""
        schema = 0
        if description.msgtype:
            schema = self._mcap.add_schema(
                description.msgtype, description.definition_encoding, description.definition
            )
        metadata = dict(description.metadata)
        profiles = parse_profiles(metadata.get(PROFILES))
        connection = Connection(
            id=self._mcap.add_channel(topic, schema, description.message_encoding, metadata),
            topic=topic,
            msgtype=description.msgtype,
            msgdef=MessageDefinition(MessageDefinitionFormat.NONE, ""),
            digest=metadata.get(TYPE_HASH, ""),
            msgcount=0,
            ext=ConnectionExtRosbag2(description.message_encoding, profiles),
            owner=None,
        )
        self._topics.append(connection)
        return connection

    def write(
        self,
        connection: Connection,
        stamp_ns: int,
        message: object,
        *,
        sequence: int = 0,
        published_ns: int | None = None,
    ) -> None:
        """Append a message: an instance of the type in the store, or the CDR bytes of one.

        Args:
            connection: what `add_topic` or `describe_topic` returned.
            stamp_ns: time of the recording, in nanoseconds since the epoch.
            message: to be written.
            sequence: its number in the topic, where that is known.
            published_ns: when it was sent, where that is known.

        Raises:
            BagError: if the disk is full or fails.
        """
        if self.failure is not None:
            raise self.failure
        if not isinstance(message, bytes | memoryview):
            message = self._types.serialize_cdr(message, connection.msgtype)
        try:
            with self._failing():
                data = bytes(message)
                self._mcap.write(connection.id, stamp_ns, data, sequence=sequence, published_ns=published_ns)
        except BagError as error:
            self.failure = error
            raise

    def close(self) -> None:
        """Complete the recording and give it its name.

        Raises:
            BagError: if the disk is full or fails. What was recorded before is in `made` where it grows.
        """
        self._end_flushing()
        try:
            with self._failing():
                try:
                    self._mcap.close()
                finally:
                    self._write_metadata()
            if self.failure is not None:
                raise self.failure
            with self._failing():
                self._place.take()
        except BaseException:
            if not self._grows:
                self._place.remove()
            raise

    def discard(self) -> None:
        """Give up. What has grown stays, and is completed; everything else is taken away."""
        self._end_flushing()
        with suppress(OSError):
            self._mcap.close()
        if self._grows:
            with suppress(OSError):
                self._write_metadata()
        else:
            self._place.remove()

    def __enter__(self) -> BagWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _flush_again_and_again(self) -> None:
        while not self._ending.wait(FLUSH_PERIOD_S):
            try:
                with self._failing():
                    self._mcap.flush(durable=True)
                    self._write_metadata()
            except BagError as error:
                self.failure = error
                return

    def _end_flushing(self) -> None:
        self._ending.set()
        if self._flusher.is_alive():
            self._flusher.join()

    def _write_metadata(self) -> None:
        """Say in metadata.yaml what the file holds by now, never more."""
        if not self._place.is_file:
            topics = [topic for topic in self._topics if topic.id in self._mcap.channels]
            text = metadata_text(self._place.storage.name, topics, self._mcap.counts, self._mcap.span)
            write_metadata(self._place.made, text)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Turn errors of the file system into those for people."""
        try:
            yield
        except OutputError as error:
            raise BagError(str(error)) from error
        except OSError as error:
            remedy = _REMEDIES.get(error.errno or 0, "choose another place")
            raise BagError(f"cannot write {self._path}: {error.strerror or error}; {remedy}") from error
