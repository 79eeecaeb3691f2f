"""What an MCAP file holds: which topics, and which blocks of messages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mcap.opcode import Opcode
from mcap.records import Channel, Schema

from samwise_ros.bags.reading.mcap_records import DamageError, stream


@dataclass
class Block:
    """A chunk, or a run of records that are in none.

    Attributes:
        offset: of the chunk's content, or of the first record of the run.
        length: in bytes.
        start_ns: time of the earliest message.
        end_ns: time of the latest.
        chunk: whether it is one.
        whole: otherwise the file ends within.
        channels: of the messages; None where the file does not tell without being read.
    """

    offset: int
    length: int
    start_ns: int
    end_ns: int
    chunk: bool
    whole: bool = True
    channels: set[int] | None = None


@dataclass
class Index:
    """Content of an MCAP file.

    Attributes:
        schemas: by id.
        channels: by id.
        counts: messages by channel.
        blocks: that hold messages, in the order of the file.
        extras: number of attachments and of records of metadata.
    """

    schemas: dict[int, Schema] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)
    blocks: list[Block] = field(default_factory=list)
    extras: int = 0

    def note(self, opcode: int, content: bytes) -> None:
        """Keep a schema or a channel, ignore everything else.

        Raises:
            DamageError: if it is damaged, or has the number of another one.
        """
        try:
            if opcode == Opcode.SCHEMA:
                schema = Schema.read(stream(content))
                known = self.schemas.setdefault(schema.id, schema)
                same = (known.name, known.encoding, known.data) == (schema.name, schema.encoding, schema.data)
            elif opcode == Opcode.CHANNEL:
                channel = Channel.read(stream(content))
                first = self.channels.setdefault(channel.id, channel)
                same = (first.topic, first.schema_id) == (channel.topic, channel.schema_id)
            else:
                return
        except Exception as error:  # The parser of mcap takes for granted that bytes are there and are UTF-8.
            raise DamageError(f"a description of a topic is damaged ({error})") from error
        if not same:
            raise DamageError(
                "two topics or types share a number, and nothing tells whose messages these are"
            )
