"""Goes through MCAP files that were cut off, are damaged, or have no index."""

from __future__ import annotations

import shlex
import struct
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from mcap.opcode import Opcode

from samwise_ros.bags.reading.account import Account, repair_advice
from samwise_ros.bags.reading.kinds import MCAP_MAGIC
from samwise_ros.bags.reading.mcap_index import Block, Index
from samwise_ros.bags.reading.mcap_records import (
    MAGIC_SIZE,
    MESSAGE_HEAD_SIZE,
    DamageError,
    Header,
    find_record,
    message_head,
    read_header,
    records,
    unpack_chunk,
)

#: Messages outside of chunks are taken together up to this many bytes, and then handled like a chunk.
RUN_BYTES = 1 << 20
#: What statistics begin with: the number of messages.
_COUNT = struct.Struct("<Q")


class Scan:
    """Goes through a file from its beginning, past what is damaged, to the end of what can be understood.

    Args:
        file: open for reading.
        size: of it in bytes.
        path: for messages.
        account: gets what is wrong with the file.

    Attributes:
        index: what was found.
    """

    def __init__(self, file: BinaryIO, size: int, path: Path, account: Account) -> None:
        self.index = Index()
        self._file, self._size, self._path, self._account = file, size, path, account
        self._run: Block | None = None
        #: How many messages the file says that it has.
        self._stated = 0
        self._go(MAGIC_SIZE)

    def _go(self, position: int) -> None:
        while True:
            try:
                header = read_header(self._file, position)
            except DamageError:
                self._run = None
                found = find_record(self._file, position, self._size)
                if found is None:
                    self._garbage(position)
                    return
                self._damage(f"is damaged: {found - position} bytes from byte {position} on are left out")
                position = found
                continue
            if header is None or header.end > self._size:
                self._broken_off(header, position)
                return
            if header.opcode == Opcode.FOOTER:
                self._after(header.end)
                self._compare()
                return
            try:
                self._take(header, position)
            except DamageError as damage:
                self._damage(f"is damaged at byte {position}: {damage}; what is in there is left out")
            position = header.end

    def _take(self, header: Header, position: int) -> None:
        if header.opcode == Opcode.MESSAGE:
            self._message(header, position)
            return
        self._run = None
        if header.opcode == Opcode.CHUNK:
            self._chunk(self._file.read(header.length), header, whole=True)
        elif header.opcode in (Opcode.SCHEMA, Opcode.CHANNEL):
            self.index.note(header.opcode, self._file.read(header.length))
        elif header.opcode in (Opcode.ATTACHMENT, Opcode.METADATA):
            self.index.extras += 1
        elif header.opcode == Opcode.STATISTICS and header.length >= _COUNT.size:
            (self._stated,) = _COUNT.unpack(self._file.read(_COUNT.size))

    def _message(self, header: Header, position: int) -> None:
        channel, _, time_ns, _ = message_head(self._file.read(min(header.length, MESSAGE_HEAD_SIZE)))
        run = self._run
        if run is None or header.end - run.offset > RUN_BYTES:
            run = self._run = Block(position, 0, time_ns, time_ns, chunk=False, channels=set())
            self.index.blocks.append(run)
        run.length = header.end - run.offset
        assert run.channels is not None
        run.channels.add(channel)
        run.start_ns, run.end_ns = min(run.start_ns, time_ns), max(run.end_ns, time_ns)
        self.index.counts[channel] += 1

    def _chunk(self, record: bytes, header: Header, *, whole: bool) -> None:
        times: list[int] = []
        counts: Counter[int] = Counter()
        for opcode, content in records(unpack_chunk(record, whole=whole)):
            if opcode == Opcode.MESSAGE:
                channel, _, time_ns, _ = message_head(content)
                times.append(time_ns)
                counts[channel] += 1
            else:
                self.index.note(opcode, content)
        if times:
            self.index.counts.update(counts)
            self.index.blocks.append(
                Block(
                    header.offset,
                    len(record),
                    min(times),
                    max(times),
                    chunk=True,
                    whole=whole,
                    channels=set(counts),
                )
            )

    def _broken_off(self, header: Header | None, position: int) -> None:
        if header is not None and header.opcode == Opcode.CHUNK:
            with suppress(DamageError):
                self._chunk(self._file.read(), header, whole=False)
        if position == self._size:
            self._cut_off("has no end: the recorder was stopped before it could close the file")
        else:
            self._cut_off(f"ends in the middle of a record (byte {position} of {self._size})")

    def _garbage(self, position: int) -> None:
        self._file.seek(position)
        zeros = not self._file.read(self._size - position).strip(b"\x00")
        what = "ends in zeros, as after a power cut," if zeros else "cannot be understood"
        self._cut_off(f"{what} from byte {position} of {self._size} on")

    def _after(self, position: int) -> None:
        """Say what follows a footer, which ends a file."""
        self._file.seek(position)
        end = position + MAGIC_SIZE
        if self._file.read(MAGIC_SIZE) != MCAP_MAGIC:
            self._cut_off("ends in the middle of its last record")
        elif self._file.read(MAGIC_SIZE) == MCAP_MAGIC:
            self._account.fault(
                f"{self._path} is several recordings one after the other, of which the first is read; "
                f"`tail -c +{end + 1} {shlex.quote(str(self._path))} > NEXT.mcap` takes the others out"
            )
        elif extra := self._size - end:
            self._account.note(f"{self._path} is whole, but {extra} bytes follow its end; they are ignored")

    def _compare(self) -> None:
        """Say when messages are missing that no damage explains."""
        count = self.index.counts.total()
        if count < self._stated and not self._account.faults:
            self._account.fault(f"{self._path} counts {self._stated} messages, but {count} can be read")

    def _cut_off(self, what: str) -> None:
        count = self.index.counts.total()
        self._account.fault(f"{self._path} {what}: {count} messages can be read; {repair_advice(self._path)}")

    def _damage(self, what: str) -> None:
        self._account.damage(self._path, what)
