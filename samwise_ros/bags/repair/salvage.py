"""Copies what can be read of a recording into a new one, message by message and as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mcap.records import Channel, Schema
from rosbags.interfaces import Connection, ConnectionExtRosbag2, MessageDefinitionFormat
from rosbags.typesys import Stores, get_typestore

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.account import Account, repair_advice
from samwise_ros.bags.reading.mcap_records import MESSAGE_HEAD_SIZE, message_head
from samwise_ros.bags.reading.mcap_storage import McapStorage
from samwise_ros.bags.reading.opening import open_storages
from samwise_ros.bags.reading.parts import find_parts
from samwise_ros.bags.reading.storage import Storage
from samwise_ros.bags.reading.unpacking import unpacked
from samwise_ros.bags.writer import BagWriter, Description
from samwise_ros.bags.writing.bag_metadata import profiles_text
from samwise_ros.bags.writing.bag_place import BagPlace

#: How the advice begins that is being followed.
_ADVICE = repair_advice("").split(" '")[0]
_ENCODINGS = {MessageDefinitionFormat.MSG: "ros2msg", MessageDefinitionFormat.IDL: "ros2idl"}


class _Found(NamedTuple):
    """A message to copy."""

    channel: int
    time_ns: int
    data: bytes
    sequence: int = 0
    published_ns: int | None = None


@dataclass
class Salvage:
    """What was saved.

    Attributes:
        saved: messages by topic.
        lost: messages by topic that the recording counts and that are not saved.
        before_1970: number of messages whose time MCAP cannot tell.
        remarks: what is wrong with the recording, one line each; none: it was whole.
    """

    saved: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    before_1970: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Messages saved."""
        return sum(self.saved.values())


def salvage(bags: Sequence[Path], out: Path, *, overwrite: bool, tell: Callable[[str], object]) -> Salvage:
    """Write all messages that can be read into a new recording.

    Args:
        bags: the recording, or its parts.
        out: see `BagWriter`, like overwrite.
        overwrite: replace an existing bag.
        tell: gets a line for everything that is wrong with the recording.

    Raises:
        BagError: if there is nothing to be saved, or the new recording cannot be written.
        OutputError: if the place is taken.
    """
    # Before the work. The writer looks once more.
    BagPlace(out, overwrite=overwrite)
    result = Salvage()

    def remark(line: str) -> None:
        result.remarks.append(_without_advice(line))
        tell(result.remarks[-1])

    account = Account(remark)
    with ExitStack() as cleanup:
        parts = find_parts(bags, account)
        try:
            storages = open_storages(parts.files, account, cleanup)
        except BagError as error:
            raise BagError(_without_advice(str(error))) from error
        if not any(topic.msgcount for storage in storages for topic in storage.connections):
            raise BagError(f"{bags[0]} holds no message that could be saved")
        with BagWriter(out, get_typestore(Stores.EMPTY), compress=True, overwrite=overwrite) as writer:
            copies: dict[tuple[str, Description], Connection] = {}
            for storage in storages:
                _copy(storage, writer, copies, result)
            if not result.total:
                raise BagError(f"nothing of {bags[0]} could be saved")
    counted = sum(metadata.message_count for metadata in parts.metadata)
    if counted > result.total:
        account.fault(f"{bags[0]} counts {counted} messages in its metadata.yaml, {result.total} are saved")
    if lost := result.lost.total():
        account.fault(f"{bags[0]} counts {result.total + lost} messages, {result.total} are saved")
    if extras := sum(storage.index.extras for storage in storages if isinstance(storage, McapStorage)):
        account.fault(f"attachments and metadata beside the messages are not saved ({extras})")
    if result.before_1970:
        account.fault(f"MCAP knows no time before 1970: messages get the time 0 ({result.before_1970})")
    return result


def _copy(
    storage: Storage,
    writer: BagWriter,
    copies: dict[tuple[str, Description], Connection],
    result: Salvage,
) -> None:
    """Copy one file. Parts of a recording share the descriptions of their topics."""
    descriptions = _descriptions(storage)
    saved: Counter[int] = Counter()
    for found in _messages(storage):
        topic, description = descriptions[found.channel]
        key = topic, description
        if key not in copies:
            copies[key] = writer.describe_topic(topic, description)
        data, time_ns = unpacked(found.data), max(0, found.time_ns)
        writer.write(copies[key], time_ns, data, sequence=found.sequence, published_ns=found.published_ns)
        result.before_1970 += found.time_ns < 0
        saved[found.channel] += 1
    for channel, (topic, description) in descriptions.items():
        if (topic, description) not in copies:
            copies[topic, description] = writer.describe_topic(topic, description)
        counted = sum(c.msgcount for c in storage.connections if c.id == channel)
        result.saved[topic] += saved[channel]
        result.lost[topic] += max(0, counted - saved[channel])


def _descriptions(storage: Storage) -> dict[int, tuple[str, Description]]:
    """Return name and description of all topics by channel: as it is, where the file is MCAP, too."""
    if isinstance(storage, McapStorage):
        schemas = storage.index.schemas
        return {
            number: (channel.topic, _same(channel, schemas.get(channel.schema_id)))
            for number, channel in storage.index.channels.items()
        }
    return {topic.id: (topic.topic, _described(topic)) for topic in storage.connections}


def _messages(storage: Storage) -> Iterator[_Found]:
    if not isinstance(storage, McapStorage):
        for read in storage.messages([topic.id for topic in storage.connections]):
            yield _Found(read.channel, read.time_ns, read.data)
        return
    for record in storage.records():
        channel, sequence, time_ns, published_ns = message_head(record)
        if channel in storage.index.channels:
            yield _Found(channel, time_ns, record[MESSAGE_HEAD_SIZE:], sequence, published_ns)


def _same(channel: Channel, schema: Schema | None) -> Description:
    return Description(
        msgtype=schema.name if schema else "",
        definition_encoding=schema.encoding if schema else "",
        definition=schema.data if schema else b"",
        message_encoding=channel.message_encoding,
        metadata=tuple(channel.metadata.items()),
    )


def _described(topic: Connection) -> Description:
    """Describe a topic of an SQLite file. Old ones have no definitions; those of ROS itself are known."""
    assert isinstance(topic.ext, ConnectionExtRosbag2)
    encoding, text = _ENCODINGS.get(topic.msgdef.format, ""), topic.msgdef.data
    if not encoding:
        known = get_typestore(Stores.LATEST)
        if topic.msgtype in known.fielddefs:
            encoding, text = "ros2msg", known.generate_msgdef(topic.msgtype, ros_version=2)[0]
    metadata = {"offered_qos_profiles": profiles_text(topic.ext.offered_qos_profiles)}
    if topic.digest:
        metadata["topic_type_hash"] = topic.digest
    return Description(
        topic.msgtype, encoding, text.encode(), topic.ext.serialization_format, tuple(metadata.items())
    )


def _without_advice(line: str) -> str:
    """Leave out the advice to do what is being done."""
    before, advice, _ = line.partition(_ADVICE)
    return before.removesuffix("Try ").rstrip(" ;.") if advice else line
