import random
import re
import struct
import subprocess
from pathlib import Path

import pytest
from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import Channel, Message
from mcap.writer import CompressionType, IndexType
from mcap.writer import Writer as ForeignWriter
from odd_bags import SAID, SECOND, START, Topic, sentence, sentences, write_mcap
from recordings import write_story

from samwise_ros.bags.reading import mcap_storage
from samwise_ros.bags.reading.account import Account
from samwise_ros.bags.reading.mcap_storage import McapStorage
from samwise_ros.bags.reading.ordering import Read

ALL = [CompressionType.NONE, CompressionType.LZ4, CompressionType.ZSTD]
CHUNK = b"\x06"


def read(path: Path) -> tuple[list[Read], list[str]]:
    """Messages and faults."""
    told: list[str] = []
    account = Account(told.append)
    storage = McapStorage(path, account)
    found = list(storage.messages([connection.id for connection in storage.connections]))
    assert sum(connection.msgcount for connection in storage.connections) >= len(found)
    storage.close()
    return found, account.faults


def texts(found: list[Read]) -> list[str]:
    return [message.data[8:-1].decode() for message in found]


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]


@pytest.mark.parametrize("compression", ALL)
@pytest.mark.parametrize("chunks", [True, False])
@pytest.mark.parametrize("index", [True, False])
def test_every_layout(tmp_path: Path, compression: CompressionType, chunks: bool, index: bool) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(20), compression=compression, chunks=chunks, index=index)
    found, faults = read(tmp_path / "a.mcap")
    assert texts(found) == numbers(20)
    assert [message.time_ns for message in found] == [time for _, time, _ in sentences(20)]
    assert faults == []


@pytest.mark.parametrize("chunks", [True, False])
def test_messages_out_of_order_are_put_in_order(tmp_path: Path, chunks: bool) -> None:
    shuffled = [sentences(20)[(7 * n) % 20] for n in range(20)]
    write_mcap(tmp_path / "a.mcap", shuffled, chunks=chunks)
    assert texts(read(tmp_path / "a.mcap")[0]) == numbers(20)


@pytest.mark.parametrize("chunks", [True, False])
def test_only_what_is_asked_for(tmp_path: Path, chunks: bool) -> None:
    other = Topic("/other")
    write_mcap(
        tmp_path / "a.mcap",
        sorted([*sentences(20), *sentences(20, other)], key=lambda m: m[1]),
        chunks=chunks,
    )
    storage = McapStorage(tmp_path / "a.mcap", Account(pytest.fail))
    [said] = [connection.id for connection in storage.connections if connection.topic == "/said"]
    start, stop = START + SECOND // 2, START + SECOND
    assert texts(list(storage.messages([said], start, stop))) == ["5", "6", "7", "8", "9"]
    assert storage.span == (START, START + 19 * SECOND // 10)
    assert list(storage.messages([])) == []


@pytest.mark.parametrize("index", [True, False])
def test_blocks_without_a_wanted_message_are_not_read(
    tmp_path: Path, index: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = Topic("/rare")
    write_mcap(tmp_path / "a.mcap", [(rare, START - 1, sentence("rare")), *sentences(200)], index=index)
    storage = McapStorage(tmp_path / "a.mcap", Account(pytest.fail))
    [channel] = [connection.id for connection in storage.connections if connection.topic == "/rare"]
    unpacked: list[int] = []
    unpack = mcap_storage.unpack_chunk

    def counted(record: bytes, *, whole: bool) -> bytes:
        unpacked.append(len(record))
        return unpack(record, whole=whole)

    monkeypatch.setattr(mcap_storage, "unpack_chunk", counted)
    assert texts(list(storage.messages([channel]))) == ["rare"]
    assert len(unpacked) == 1


@pytest.mark.parametrize("compression", ALL)
@pytest.mark.parametrize("chunks", [True, False])
def test_a_file_cut_off_anywhere_gives_what_came_before(
    tmp_path: Path, compression: CompressionType, chunks: bool
) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(20), compression=compression, chunks=chunks)
    content = path.read_bytes()
    before = 0
    for length in range(8, len(content), 7):
        path.write_bytes(content[:length])
        found, faults = read(path)
        assert texts(found) == numbers(len(found))
        assert len(found) >= before
        before = len(found)
        [fault] = faults
        assert f"{len(found)} messages can be read" in fault
        assert f"python -m samwise_ros.bags.repair {path} OUT" in fault
    assert before == 20


@pytest.mark.parametrize("compression", ALL)
def test_within_a_chunk_the_messages_before_the_cut_are_read(
    tmp_path: Path, compression: CompressionType
) -> None:
    path, noise = tmp_path / "a.mcap", random.Random(0)
    long = [(SAID, START + n, sentence(f"{n} {noise.randbytes(500).hex()}")) for n in range(1000)]
    write_mcap(path, long, compression=compression, chunk_size=1 << 24)
    content = path.read_bytes()
    begin = next(place for place in range(len(content)) if _is_chunk(content, place))
    path.write_bytes(content[: begin + (len(content) - begin) * 2 // 3])
    found, faults = read(path)
    assert 300 < len(found) < 1000 and len(faults) == 1
    assert [message.data for message in found] == [data for _, _, data in long[: len(found)]]


@pytest.mark.parametrize("rest", [bytes(5000), b"\xff" * 5000, b"garbage " * 99])
@pytest.mark.parametrize("chunks", [True, False])
def test_garbage_behind_the_end_takes_nothing_away(tmp_path: Path, rest: bytes, chunks: bool) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(20), chunks=chunks)
    path.write_bytes(path.read_bytes() + rest)
    found, faults = read(path)
    assert (texts(found), faults) == (numbers(20), [])


@pytest.mark.parametrize("chunks", [True, False])
def test_a_power_cut_leaves_zeros(tmp_path: Path, chunks: bool) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(20), chunks=chunks)
    content = path.read_bytes()
    kept = content.index(sentence("15")) - 30
    path.write_bytes(content[:kept] + bytes(len(content) - kept))
    found, faults = read(path)
    assert 10 <= len(found) <= 15 and texts(found) == numbers(len(found))
    assert faults


@pytest.mark.parametrize("compression", ALL)
@pytest.mark.parametrize("index", [True, False])
def test_a_damaged_chunk_costs_its_own_messages(
    tmp_path: Path, compression: CompressionType, index: bool
) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(20), compression=compression, index=index)
    content = bytearray(path.read_bytes())
    starts = [place for place in range(len(content)) if _is_chunk(content, place)]
    second = starts[1]
    content[second + 9 + 60 : second + 9 + 70] = b"\x55" * 10
    path.write_bytes(content)
    found, faults = read(path)
    assert 10 < len(found) < 20
    assert {"0", "19"} < set(texts(found)) < set(numbers(20))
    [fault] = faults
    assert "is damaged at byte" in fault and "left out" in fault


def _is_chunk(content: bytes, place: int) -> bool:
    if content[place : place + 1] != CHUNK or place + 9 + 28 > len(content):
        return False
    length, start = struct.unpack_from("<QQ", content, place + 1)
    return length < len(content) and START <= start < START + 10 * SECOND


def test_a_hole_between_messages_costs_what_lay_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(40), chunks=False)
    content = bytearray(path.read_bytes())
    begin, end = content.index(sentence("10")) - 3, content.index(sentence("14")) + 3
    content[begin:end] = bytes(end - begin)
    path.write_bytes(content)
    found, faults = read(path)
    assert set(numbers(10) + [str(n) for n in range(16, 40)]) <= set(texts(found))
    assert len(faults) >= 1 and "left out" in faults[0]


def test_very_many_damaged_places_are_not_all_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(200), compression=CompressionType.ZSTD)
    path.write_bytes(path.read_bytes().replace(b"zstd", b"what"))
    found, faults = read(path)
    assert found == []
    assert len(faults) == 4
    assert "packed with 'what'" in faults[0] and faults[-1].endswith("is damaged at more places")


def test_messages_without_a_topic_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, [*sentences(3), *sentences(4, Topic("/other"))], chunks=False)
    content = bytearray(path.read_bytes())
    # The kind of record that describes the second topic, twice, becomes one of applications' own.
    for place in (content.index(b"/other"), content.rindex(b"/other")):
        content[place - 4 - 4 - 9] = 0x99
    path.write_bytes(content)
    found, faults = read(path)
    assert texts(found) == numbers(3)
    assert faults == [f"{path}: messages without a topic are left out (4)"]


def test_a_recording_without_messages(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [], topics=[SAID])
    storage = McapStorage(tmp_path / "a.mcap", Account(pytest.fail))
    assert storage.span is None
    assert [connection.msgcount for connection in storage.connections] == [0]


def test_a_time_beside_all_others_is_just_another_time(tmp_path: Path) -> None:
    odd = [
        (SAID, 0, sentence("0")),
        *[(t, time, sentence(str(n))) for n, (t, time, _) in enumerate(sentences(5), 1)],
    ]
    write_mcap(tmp_path / "a.mcap", [*odd, (SAID, 2**63 - 1, sentence("6"))])
    storage = McapStorage(tmp_path / "a.mcap", Account(pytest.fail))
    assert storage.span == (0, 2**63 - 1)
    assert texts(read(tmp_path / "a.mcap")[0]) == numbers(7)


def test_what_our_own_writer_makes(tmp_path: Path) -> None:
    write_story(tmp_path / "a.mcap")
    found, faults = read(tmp_path / "a.mcap")
    assert (len(found), faults) == (14, [])


def test_schemas_of_other_languages_are_no_definitions(tmp_path: Path) -> None:
    odd = Topic("/t", "foo.Bar", "\x00\x01", "protobuf", "protobuf")
    write_mcap(tmp_path / "a.mcap", [(odd, START, b"\x08\x01")])
    storage = McapStorage(tmp_path / "a.mcap", Account(pytest.fail))
    [connection] = storage.connections
    assert connection.msgdef.data == ""
    assert connection.ext.serialization_format == "protobuf"  # type: ignore[union-attr]


@pytest.mark.parametrize("index", IndexType)
def test_messages_of_the_time_zero(tmp_path: Path, index: IndexType) -> None:
    writer = ForeignWriter(str(tmp_path / "a.mcap"), index_types=index)
    writer.start()
    channel = writer.register_channel("/said", "cdr", 0)
    for number in range(3):
        writer.add_message(channel, 0, sentence(str(number)), 0)
    writer.finish()
    assert texts(read(tmp_path / "a.mcap")[0]) == numbers(3)


def test_a_message_outside_of_the_chunks_is_found(tmp_path: Path) -> None:
    writer = ForeignWriter(str(tmp_path / "a.mcap"))
    writer.start()
    channel = writer.register_channel("/said", "cdr", 0)
    for number in range(2):
        writer.add_message(channel, START + number, sentence(str(number)), 0)
    # By its own means it writes either chunks or none.
    private = {
        name: getattr(writer, f"_Writer__{name}")
        for name in ("finalize_chunk", "record_builder", "statistics")
    }
    private["finalize_chunk"]()
    alone = Message(channel_id=channel, log_time=START + 2, publish_time=0, sequence=0, data=sentence("2"))
    alone.write(private["record_builder"])
    private["statistics"].message_count += 1
    private["statistics"].channel_message_counts[channel] += 1
    writer.finish()
    assert texts(read(tmp_path / "a.mcap")[0]) == numbers(3)


def test_two_topics_of_one_number_are_not_mixed_up(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(3), chunks=False)
    first = RecordBuilder()
    Channel(id=1, topic="/heard", message_encoding="cdr", metadata={}, schema_id=1).write(first)
    content = path.read_bytes()
    end = content.index(bytes([Opcode.DATA_END]) + (4).to_bytes(8, "little"))
    path.write_bytes(content[:end] + first.end() + content[end:])
    account = Account(lambda line: None)
    [topic] = McapStorage(path, account).connections
    assert topic.topic == "/said"
    assert "two topics or types share a number" in account.faults[0]


def test_recordings_one_after_the_other(tmp_path: Path) -> None:
    path, rest = tmp_path / "a.mcap", tmp_path / "NEXT.mcap"
    for count in (3, 4):
        write_mcap(rest, sentences(count))
        with path.open("ab") as file:
            file.write(rest.read_bytes())
    found, [fault] = read(path)
    assert texts(found) == numbers(3)
    advice = re.search("`(.*)`", fault)
    assert advice is not None
    rest.unlink()
    subprocess.run(advice[1], shell=True, check=True, cwd=tmp_path)
    assert texts(read(rest)[0]) == numbers(4)


def test_a_message_that_looks_like_something_else_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_mcap(path, sentences(3), chunks=False)
    head = bytes([Opcode.MESSAGE]) + (22 + len(sentence("1"))).to_bytes(8, "little")
    content = path.read_bytes()
    assert content.count(head) == 3
    # Records of applications' own are passed over.
    path.write_bytes(content.replace(head, b"\x85" + head[1:], 1))
    found, [fault] = read(path)
    assert texts(found) == ["1", "2"]
    assert fault.endswith("counts 3 messages, but 2 can be read")
