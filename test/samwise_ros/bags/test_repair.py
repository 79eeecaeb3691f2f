import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mcap.reader import make_reader
from mcap.writer import Writer as ForeignWriter
from other_readers import read_with_mcap, read_with_rosbags
from recordings import types_for_strings
from rosbags.rosbag2 import StoragePlugin
from rosbags.rosbag2 import Writer as RosbagsWriter

from samwise_ros.bags.repair import main
from samwise_ros.bags.writing.growing_mcap import GrowingMcap

Messages = list[tuple[str, int, bytes]]
CHUNKS, IN_A_CHUNK = 6, 4


TYPES, STRING = types_for_strings()


def text(number: int) -> bytes:
    return bytes(TYPES.serialize_cdr(STRING(f"message {number} " * 5), "std_msgs/msg/String"))


def write_mcap(path: Path, *, compress: bool = False) -> tuple[Messages, list[int]]:
    """Write messages of two topics; returns them, and the sizes that the data had after each chunk."""
    mcap = GrowingMcap(path, compress=compress)
    schema = mcap.add_schema("std_msgs/msg/String", "ros2msg", b"string data\n")
    channels = {topic: mcap.add_channel(topic, schema, "cdr", {}) for topic in ("/said", "/heard")}
    written: Messages = []
    ends = []
    for chunk in range(CHUNKS):
        for number in range(chunk * IN_A_CHUNK, (chunk + 1) * IN_A_CHUNK):
            topic = "/heard" if number % 3 else "/said"
            mcap.write(channels[topic], number, text(number))
            written.append((topic, number, text(number)))
        mcap.flush()
        ends.append(mcap._end)
    mcap.close()
    return written, ends


def write_sqlite(folder: Path, count: int) -> Path:
    with RosbagsWriter(folder, version=9, storage_plugin=StoragePlugin.SQLITE3) as writer:
        topic = writer.add_connection("/said", "std_msgs/msg/String", typestore=TYPES)
        for number in range(count):
            writer.write(topic, number, text(number))
    return folder / f"{folder.name}.db3"


def repaired(bag: Path, out: Path) -> Messages:
    assert main([str(bag), str(out)]) == 0
    return read_with_rosbags(out)


@pytest.mark.parametrize("compress", [False, True])
def test_a_file_cut_off_anywhere_gives_at_least_its_whole_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compress: bool
) -> None:
    # So many files are not meant to outlive a power cut.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    written, ends = write_mcap(tmp_path / "whole.mcap", compress=compress)
    content = (tmp_path / "whole.mcap").read_bytes()
    bag, out = tmp_path / "cut.mcap", tmp_path / "out.mcap"
    for size in range(0, len(content), 61):
        bag.write_bytes(content[:size])
        certain = IN_A_CHUNK * sum(end <= size for end in ends)
        code = main([str(bag), str(out), "--overwrite"])
        assert bag.read_bytes() == content[:size]
        if code == 0:
            found = read_with_rosbags(out)
            assert found == written[: len(found)] and len(found) >= max(certain, 1)
        else:
            assert code == 1 and certain == 0
        out.unlink(missing_ok=True)


@pytest.mark.parametrize("rest", [b"", b"\0" * 5000, bytes(range(256)) * 20])
def test_what_follows_the_last_chunk_may_be_anything(tmp_path: Path, rest: bytes) -> None:
    written, ends = write_mcap(tmp_path / "a.mcap")
    content = (tmp_path / "a.mcap").read_bytes()
    (tmp_path / "a.mcap").write_bytes(content[: ends[-1]] + rest)
    assert repaired(tmp_path / "a.mcap", tmp_path / "out") == written


@pytest.mark.parametrize("torn_after", [20, 60, 200, 350])
def test_a_write_that_a_power_cut_tore_costs_only_itself(tmp_path: Path, torn_after: int) -> None:
    written, ends = write_mcap(tmp_path / "a.mcap")
    content = (tmp_path / "a.mcap").read_bytes()
    # Where the next chunk was to come, some of it lies over the old end of the file.
    torn = content[: ends[-1]] + content[ends[-2] :][:torn_after] + content[ends[-1] + torn_after :]
    (tmp_path / "a.mcap").write_bytes(torn)
    assert repaired(tmp_path / "a.mcap", tmp_path / "out")[: len(written)] == written


@pytest.mark.parametrize("with_summary", [True, False])
def test_a_damaged_chunk_is_left_out_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], with_summary: bool
) -> None:
    written, ends = write_mcap(tmp_path / "a.mcap")
    content = bytearray((tmp_path / "a.mcap").read_bytes())
    place = content.index(b"message 9 ")
    content[place : place + 4] = b"MESS"
    (tmp_path / "a.mcap").write_bytes(content if with_summary else content[: ends[-1]])
    found = repaired(tmp_path / "a.mcap", tmp_path / "out")
    assert found == written[: 2 * IN_A_CHUNK] + written[3 * IN_A_CHUNK :]
    said = capsys.readouterr()
    assert "checksum" in said.err and "repair" not in said.err.replace("repair_bag:", "")
    if with_summary:
        assert "/heard 13, 3 lost" in said.out and "/said 7, 1 lost" in said.out


def test_topics_that_nobody_here_understands_are_kept_as_they_are(tmp_path: Path) -> None:
    mcap = GrowingMcap(tmp_path / "a.mcap")
    schema = mcap.add_schema("odd.Proto", "protobuf", b"\x00\xff\xfe")
    mcap.write(
        mcap.add_channel("/odd topic!", schema, "protobuf", {"k": "v"}),
        1,
        b"\x08\x01",
        sequence=7,
        published_ns=3,
    )
    mcap.write(mcap.add_channel("/bare", 0, "json", {}), 2, b"{}")
    mcap.flush()
    (tmp_path / "a.mcap").write_bytes((tmp_path / "a.mcap").read_bytes()[: mcap._end])
    assert main([str(tmp_path / "a.mcap"), str(tmp_path / "out.mcap")]) == 0
    assert read_with_mcap(tmp_path / "out.mcap") == [("/odd topic!", 1, b"\x08\x01"), ("/bare", 2, b"{}")]
    with (tmp_path / "out.mcap").open("rb") as file:
        [(schema_out, channel, message), (none, _, _)] = make_reader(file).iter_messages()
    assert schema_out is not None and none is None
    assert (schema_out.name, schema_out.encoding, schema_out.data) == (
        "odd.Proto",
        "protobuf",
        b"\x00\xff\xfe",
    )
    assert (channel.message_encoding, channel.metadata) == ("protobuf", {"k": "v"})
    assert (message.sequence, message.publish_time) == (7, 3)


def test_messages_in_the_log_of_a_killed_recorder_are_saved_and_the_log_stays(tmp_path: Path) -> None:
    path = write_sqlite(tmp_path / "bag", 5)
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("INSERT INTO messages (topic_id, timestamp, data) VALUES (1, 100, ?)", [text(100)])
    database.commit()
    shutil.copytree(tmp_path / "bag", tmp_path / "killed")
    database.close()
    before = {file: file.read_bytes() for file in (tmp_path / "killed").iterdir()}
    found = repaired(tmp_path / "killed", tmp_path / "out")
    assert [time for _, time, _ in found] == [0, 1, 2, 3, 4, 100]
    assert {file: file.read_bytes() for file in (tmp_path / "killed").iterdir()} == before


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_database_that_was_cut_off(tmp_path: Path, part: float) -> None:
    path = write_sqlite(tmp_path / "bag", 2000)
    content = path.read_bytes()
    (tmp_path / "cut.db3").write_bytes(content[: int(len(content) * part)])
    found = repaired(tmp_path / "cut.db3", tmp_path / "out")
    times = [time for _, time, _ in found]
    assert len(set(times)) == len(times) and set(times) <= set(range(2000))
    # The index of times and the pages above take some room, too.
    assert len(times) > 2000 * (part - 0.2)


def test_a_database_with_damaged_pages_loses_what_is_on_them(tmp_path: Path) -> None:
    path = write_sqlite(tmp_path / "bag", 2000)
    content = bytearray(path.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    on_it = []
    for number in (20, 21, 22, 40):
        begin = number * page
        on_it += [n for n in range(2000) if text(n) in content[begin : begin + page]]
        content[begin : begin + page] = b"\xaa" * page
    (tmp_path / "damaged.db3").write_bytes(content)
    times = [time for _, time, _ in repaired(tmp_path / "damaged.db3", tmp_path / "out")]
    assert on_it and set(range(2000)) - set(times) <= set(on_it)


@pytest.mark.parametrize("metadata", [None, "", "{", "rosbag2_bagfile_information: 7\n"])
@pytest.mark.parametrize("plugin", ["mcap", "sqlite3"])
def test_a_folder_without_a_metadata_file_that_makes_sense(
    tmp_path: Path, metadata: str | None, plugin: str
) -> None:
    if plugin == "mcap":
        (tmp_path / "bag").mkdir()
        expected, _ = write_mcap(tmp_path / "bag" / "bag_0.mcap")
    else:
        write_sqlite(tmp_path / "bag", 5)
        expected = read_with_rosbags(tmp_path / "bag")
        (tmp_path / "bag" / "metadata.yaml").unlink()
    if metadata is not None:
        (tmp_path / "bag" / "metadata.yaml").write_text(metadata)
    assert repaired(tmp_path / "bag", tmp_path / "out") == expected


def test_parts_that_belong_together_become_one(tmp_path: Path) -> None:
    for number in (0, 1):
        write_mcap(tmp_path / f"a_{number}.mcap")
    assert main([*(str(tmp_path / f"a_{number}.mcap") for number in (0, 1)), str(tmp_path / "out")]) == 0
    assert len(read_with_rosbags(tmp_path / "out")) == 2 * CHUNKS * IN_A_CHUNK


def test_a_whole_bag_is_copied_and_said_to_be_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written, _ = write_mcap(tmp_path / "a.mcap")
    assert repaired(tmp_path / "a.mcap", tmp_path / "out.mcap") == written
    assert "a.mcap was whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda bag: None, "there is no bag"),
        (lambda bag: bag.touch(), "is empty"),
        (lambda bag: bag.write_text("notes"), "not a recording"),
        (lambda bag: bag.write_bytes(bytes(1000)), "zeros"),
        (lambda bag: bag.write_bytes(b"\x89MCAP0\r\n"), ""),
        (lambda bag: bag.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40), ""),
    ],
)
def test_where_nothing_can_be_saved_there_is_one_line_and_no_bag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], object], named: str
) -> None:
    bag = tmp_path / "a.mcap"
    make(bag)
    assert main([str(bag), str(tmp_path / "out.mcap")]) == 1
    said = capsys.readouterr().err
    assert "a.mcap" in said and named in said
    assert "repair " not in said
    assert not (tmp_path / "out.mcap").exists()


def test_the_old_bag_and_what_is_no_bag_are_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_mcap(tmp_path / "a.mcap")
    before = (tmp_path / "a.mcap").read_bytes()
    (tmp_path / "diary.txt").write_text("mine")
    (tmp_path / "link.mcap").symlink_to(tmp_path / "a.mcap")
    for out in ("a.mcap", "link.mcap", "diary.txt", "."):
        assert main([str(tmp_path / "a.mcap"), str(tmp_path / out), "--overwrite"]) == 1
        assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "a.mcap").read_bytes() == before
    assert (tmp_path / "diary.txt").read_text() == "mine"


def test_it_needs_no_ros(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap")
    code = (
        "import sys\n"
        "for name in ('rclpy', 'ament_index_python', 'std_msgs', 'torch'):\n"
        "    sys.modules[name] = None\n"
        "from samwise_ros.bags.repair import main\n"
        f"sys.exit(main(['{tmp_path}/a.mcap', '{tmp_path}/out']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(read_with_rosbags(tmp_path / "out")) == CHUNKS * IN_A_CHUNK


def test_what_is_not_copied_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writer = ForeignWriter(str(tmp_path / "a.mcap"))
    writer.start()
    writer.add_message(writer.register_channel("/said", "cdr", 0), 5, text(1), 5)
    writer.add_attachment(5, 5, "map.png", "image/png", b"x")
    writer.add_metadata("robot", {"name": "Rob"})
    writer.finish()
    assert main([str(tmp_path / "a.mcap"), str(tmp_path / "out.mcap")]) == 0
    assert [data for _, _, data in read_with_mcap(tmp_path / "out.mcap")] == [text(1)]
    out, err = capsys.readouterr()
    assert "attachments and metadata beside the messages are not saved (2)" in err
    assert "was whole" not in out


def test_messages_from_before_1970_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bag = write_sqlite(tmp_path / "a", 3)
    with sqlite3.connect(bag) as database:
        database.execute("UPDATE messages SET timestamp = timestamp - 2")
    database.close()
    messages = repaired(bag, tmp_path / "out")
    assert [(time_ns, data) for _, time_ns, data in messages] == [(0, text(n)) for n in range(3)]
    assert "MCAP knows no time before 1970: messages get the time 0 (2)" in capsys.readouterr().err


def test_names_do_not_break_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = Path(tmp_path / os.fsdecode(b"a\nb\xff.mcap"))
    write_mcap(odd)
    odd.write_bytes(odd.read_bytes()[:-20])
    repaired(odd, tmp_path / os.fsdecode(b"out\nb\xff.mcap"))
    out, err = capsys.readouterr()
    assert err.count("\n") == 1 and r"a\nb\udcff.mcap" in err
    assert out.splitlines()[0].endswith(r"out\nb\udcff.mcap: 24 messages")
