"""Messages of an SQLite file, also of one whose recorder was killed, and of one that is damaged."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rosbags.interfaces import Connection

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.account import Account, repair_advice
from samwise_ros.bags.reading.kinds import cannot_open
from samwise_ros.bags.reading.metadata import parse_profiles
from samwise_ros.bags.reading.ordering import Read
from samwise_ros.bags.reading.sqlite_rows import DamagedRows, Rows, SoundRows
from samwise_ros.bags.reading.storage import NO_DEFINITION, Stretch, connection, definition_of

#: What SQLite keeps beside a database that was not closed: changes to come, or to be taken back.
LOGS = ("-wal", "-journal")
#: What every version has; newer ones tell more.
_COLUMNS = {"topics": {"id", "name", "type"}, "messages": {"topic_id", "timestamp", "data"}}


class SqliteStorage:
    """A `Storage` over an SQLite file of rosbag2, of any version.

    The file is never written to: where SQLite would merge its log, that happens in a copy.

    Args:
        path: of the file.
        account: gets what is wrong with it.
        name: what the user calls it, where that is another path.

    Raises:
        BagError: if it is not a recording, or cannot be read at all.
    """

    def __init__(self, path: Path, account: Account, name: Path | None = None) -> None:
        self.path = name or path
        self._account = account
        self._cleanup = ExitStack()
        try:
            self._database = self._open(path)
            self.connections, self._rows = self._look()
        except sqlite3.Error as error:
            self.close()
            raise BagError(
                f"{self.path} cannot be read: {error}; copy it again, or see if {repair_advice(self.path)}"
            ) from error
        except BaseException:
            self.close()
            raise

    @property
    def span(self) -> Stretch | None:
        """See `Storage`."""
        return self._rows.span

    def messages(
        self, channels: Collection[int], start_ns: int | None = None, stop_ns: int | None = None
    ) -> Iterator[Read]:
        """See `Storage`. Rows that cannot be read are left out, and the account says so."""
        wanted = [channel for channel in channels if any(c.id == channel for c in self.connections)]
        if not wanted:
            return
        last: Read | None = None
        try:
            for read in self._rows.messages(wanted, start_ns, stop_ns):
                last = read
                yield read
        except sqlite3.DatabaseError as error:
            # The pages of large messages are not looked at before they are wanted.
            rows = self._damaged(error)
            start = start_ns if last is None else last.time_ns + 1
            yield from rows.messages(wanted, start, stop_ns)

    def stretches(self, longest_gap_ns: int) -> list[Stretch]:
        """See `Storage`."""
        return self._rows.stretches(longest_gap_ns)

    def close(self) -> None:
        """See `Storage`."""
        self._cleanup.close()

    def _open(self, path: Path) -> sqlite3.Connection:
        logs = [log for ending in LOGS if _has_content(log := Path(f"{path}{ending}"))]
        if logs:
            path = self._copy(path, logs)
        # An immutable file needs neither locks nor a log beside it, and a read-only medium is enough.
        uri = f"{path.absolute().as_uri()}{'' if logs else '?mode=ro&immutable=1'}"
        database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._cleanup.callback(database.close)
        # Without this, SQLite refuses a file that is shorter than it says.
        database.execute("PRAGMA writable_schema=ON")
        database.text_factory = lambda content: content.decode(errors="replace")
        return database

    def _copy(self, path: Path, logs: list[Path]) -> Path:
        try:
            folder = Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="samwise_bag_")))
            for file in (*logs, path):
                shutil.copyfile(file, folder / file.name)
        except OSError as error:
            raise BagError(
                f"{path} and its log {logs[0].name} have to be copied to be read, which failed: "
                f"{error.strerror}; let TMPDIR name a folder with {path.stat().st_size >> 20} MB of room"
            ) from error
        self._account.note(
            f"{self.path} was not closed by its recorder; messages from its log {logs[0].name} are read"
        )
        return folder / path.name

    def _look(self) -> tuple[list[Connection], Rows]:
        for table, columns in _COLUMNS.items():
            if not columns <= self._columns(table):
                raise BagError(
                    f"{self.path} is an SQLite file, but no recording: it has no table {table} with "
                    f"{', '.join(sorted(columns))}"
                )
        try:
            rows: Rows = SoundRows(self._database)
        except sqlite3.DatabaseError as error:
            rows = self._damaged(error)
        definitions = self._definitions()
        topics = self._database.execute("SELECT * FROM topics ORDER BY id")
        names = [column[0] for column in topics.description]
        found = [dict(zip(names, row, strict=True)) for row in topics]
        connections = [_connection(topic, rows.counts.get(topic["id"], 0), definitions) for topic in found]
        if lost := rows.total - sum(connection.msgcount for connection in connections):
            self._account.fault(f"{self.path}: messages without a topic or a time are left out ({lost})")
        return connections, rows

    def _columns(self, table: str) -> set[str]:
        """Return the names of a table's columns; none where there is no such table."""
        return {row[1] for row in self._database.execute(f"PRAGMA table_info({table})")}

    def _definitions(self) -> dict[str, tuple[str, str]]:
        """Return encoding and text of the definitions by type; Humble and older write none."""
        columns = ["topic_type", "encoding", "encoded_message_definition"]
        if not self._columns("message_definitions").issuperset(columns):
            return {}
        query = f"SELECT {', '.join(columns)} FROM message_definitions"
        return {msgtype: (encoding, text) for msgtype, encoding, text in self._database.execute(query)}

    def _damaged(self, error: sqlite3.Error) -> DamagedRows:
        rows = DamagedRows(self._database)
        self._account.fault(
            f"{self.path} is damaged ({error}): {sum(rows.counts.values())} messages can be read; "
            f"{repair_advice(self.path)}"
        )
        return rows


def _connection(topic: dict[str, Any], count: int, definitions: dict[str, tuple[str, str]]) -> Connection:
    encoding, text = definitions.get(topic["type"], ("", ""))
    return connection(
        topic["id"],
        topic["name"] or "",
        topic["type"] or "",
        count,
        serialization=topic.get("serialization_format", ""),
        definition=definition_of(encoding, text) if text else NO_DEFINITION,
        digest=topic.get("type_description_hash") or "",
        profiles=parse_profiles(topic.get("offered_qos_profiles")),
    )


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BagError(cannot_open(path, error)) from error
