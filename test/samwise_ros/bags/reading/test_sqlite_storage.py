import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from odd_bags import SAID, SECOND, START, Topic, add_rows, open_sqlite, sentence, sentences, write_sqlite

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.account import Account
from samwise_ros.bags.reading.ordering import Read
from samwise_ros.bags.reading.sqlite_storage import SqliteStorage


def read(path: Path) -> tuple[list[Read], list[str], list[str]]:
    """Messages, faults, and all that was told."""
    told: list[str] = []
    account = Account(told.append)
    storage = SqliteStorage(path, account)
    found = list(storage.messages([connection.id for connection in storage.connections]))
    storage.close()
    return found, account.faults, told


def texts(found: list[Read]) -> list[str]:
    return [message.data[8:-1].decode().rstrip("x") for message in found]


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def large(count: int) -> list[tuple[Topic, int, bytes]]:
    """Messages over several pages each."""
    return [(SAID, START + n * SECOND, sentence(f"{n}{'x' * 9000}")) for n in range(count)]


def fingerprints(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_messages_in_order_of_time(tmp_path: Path) -> None:
    write_sqlite(tmp_path / "a.db3", [sentences(20)[(7 * n) % 20] for n in range(20)])
    found, faults, told = read(tmp_path / "a.db3")
    assert (texts(found), faults, told) == (numbers(20), [], [])


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    write_sqlite(tmp_path / "a.db3", [*sentences(20), *sentences(20, Topic("/other"))])
    storage = SqliteStorage(tmp_path / "a.db3", Account(pytest.fail))
    assert texts(list(storage.messages([1], START + SECOND // 2, START + SECOND))) == numbers(10)[5:]
    assert storage.span == (START, START + 19 * SECOND // 10)
    assert [connection.msgcount for connection in storage.connections] == [20, 20]
    storage.close()


def test_names_that_are_no_plain_addresses(tmp_path: Path) -> None:
    path = tmp_path / "what? 100% #1.db3"
    write_sqlite(path, sentences(3))
    assert texts(read(path)[0]) == numbers(3)


def test_tables_of_the_oldest_version(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "a.db3")
    database.executescript(
        "CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT, type TEXT, serialization_format TEXT);"
        "CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER, timestamp INTEGER, data BLOB);"
        "INSERT INTO topics VALUES(1, '/said', 'std_msgs/msg/String', 'cdr');"
    )
    database.execute("INSERT INTO messages VALUES(1, 1, ?, ?)", (START, sentence("0")))
    database.commit()
    database.close()
    assert texts(read(tmp_path / "a.db3")[0]) == ["0"]


def test_rows_that_are_no_messages_cost_themselves(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "a.db3")
    add_rows(database, sentences(3))
    for row in ((1, "soon", b"x"), (9, START, b"x")):
        database.execute("INSERT INTO messages(topic_id, timestamp, data) VALUES(?, ?, ?)", row)
    database.close()
    found, faults, _ = read(tmp_path / "a.db3")
    assert texts(found) == numbers(3)
    assert faults == [f"{tmp_path / 'a.db3'}: messages without a topic or a time are left out (2)"]


KILLED = """
import os, sqlite3, sys
from odd_bags import add_rows, open_sqlite, sentences, SAID
mode, path = sys.argv[1:]
database = open_sqlite(path)
database.execute(f"PRAGMA journal_mode={mode}")
database.execute("PRAGMA wal_autocheckpoint=0")
database.execute("PRAGMA cache_size=5")
add_rows(database, sentences(10))
if mode == "DELETE":
    database.execute("PRAGMA synchronous=OFF")
    database.execute("BEGIN")
    for number in range(300):
        database.execute("UPDATE messages SET timestamp = timestamp + 1, data = randomblob(900)")
        if os.path.exists(path + "-journal") and os.path.getsize(path + "-journal") > 2000:
            break
    database.execute("INSERT INTO messages(topic_id, timestamp, data) VALUES(1, 1, randomblob(100000))")
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("mode", "log"), [("WAL", "-wal"), ("DELETE", "-journal")])
def test_the_log_of_a_killed_recorder_is_read_and_left_alone(tmp_path: Path, mode: str, log: str) -> None:
    path = tmp_path / "a.db3"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", KILLED, mode, str(path)], env=environment, check=False)
    assert Path(f"{path}{log}").stat().st_size > 0
    before = fingerprints(tmp_path)
    found, faults, told = read(path)
    assert (texts(found), faults) == (numbers(10), [])
    assert f"a.db3{log}" in told[0]
    assert fingerprints(tmp_path) == before


def test_a_log_that_cannot_be_copied_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sqlite(tmp_path / "a.db3", sentences(3))
    (tmp_path / "a.db3-wal").write_bytes(b"x")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(
        BagError, match="a.db3-wal have to be copied .* No space left on device; let TMPDIR name"
    ):
        SqliteStorage(tmp_path / "a.db3", Account())


def test_a_truncated_file_gives_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.db3"
    write_sqlite(path, large(50))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    before = fingerprints(tmp_path)
    found, faults, _ = read(path)
    assert 15 <= len(found) <= 30
    assert texts(found) == numbers(len(found))
    [fault] = faults
    assert f"{len(found)} messages can be read" in fault and "samwise_ros.bags.repair" in fault
    assert fingerprints(tmp_path) == before


def test_a_hole_in_the_middle_costs_what_lay_there(tmp_path: Path) -> None:
    path = tmp_path / "a.db3"
    write_sqlite(path, large(200))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 5 * 4096] = b"\xff" * 5 * 4096
    path.write_bytes(content)
    found, faults, _ = read(path)
    assert 150 <= len(found) < 200 and faults
    assert texts(found) == sorted(texts(found), key=int)
    assert {"0", "199"} <= set(texts(found))


def test_an_sqlite_file_of_something_else_is_named(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "a.db3")
    database.execute("CREATE TABLE cookies(id)")
    database.commit()
    database.close()
    with pytest.raises(BagError, match="a.db3 is an SQLite file, but no recording"):
        SqliteStorage(tmp_path / "a.db3", Account())


def test_only_the_beginning_of_a_file_is_an_error(tmp_path: Path) -> None:
    write_sqlite(tmp_path / "a.db3", large(5))
    content = (tmp_path / "a.db3").read_bytes()
    for length in (16, 50, 100, 1000):
        (tmp_path / "a.db3").write_bytes(content[:length])
        with pytest.raises(BagError, match="a.db3"):
            SqliteStorage(tmp_path / "a.db3", Account())


def test_a_recording_without_messages(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "a.db3")
    add_rows(database, [])
    database.close()
    storage = SqliteStorage(tmp_path / "a.db3", Account(pytest.fail))
    assert storage.span is None
    assert storage.stretches(SECOND) == []
    storage.close()


@pytest.mark.parametrize(
    "tables",
    [
        "CREATE TABLE topics(id INTEGER, name TEXT); CREATE TABLE messages(topic_id, timestamp, data)",
        "CREATE TABLE topics(id, name, type); CREATE TABLE messages(topic_id, stamp, payload)",
    ],
)
def test_tables_of_something_else(tmp_path: Path, tables: str) -> None:
    database = sqlite3.connect(tmp_path / "a.db3")
    database.executescript(tables)
    database.close()
    with pytest.raises(BagError, match="is an SQLite file, but no recording: it has no table"):
        SqliteStorage(tmp_path / "a.db3", Account())


def test_tables_of_other_writers(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "a.db3", isolation_level=None)
    database.executescript(
        "CREATE TABLE topics(id, name, type); INSERT INTO topics VALUES(1, '/said', 'std_msgs/msg/String');"
        "CREATE TABLE messages(topic_id INTEGER, timestamp INTEGER, data BLOB);"
        "CREATE TABLE message_definitions(something TEXT)"
    )
    for _, time_ns, data in sentences(3):
        database.execute("INSERT INTO messages VALUES(1, ?, ?)", (time_ns, data))
    database.close()
    found, faults, _ = read(tmp_path / "a.db3")
    assert (texts(found), faults) == (numbers(3), [])
