import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from other_readers import read_with_mcap, read_with_rosbags

from samwise_ros.bags.span import Span
from samwise_ros.bags.writing import growing_mcap
from samwise_ros.bags.writing.growing_mcap import GrowingMcap

Expected = list[tuple[str, int, bytes]]


def start(path: Path, *, compress: bool = False) -> tuple[GrowingMcap, int]:
    mcap = GrowingMcap(path, compress=compress)
    schema = mcap.add_schema("std_msgs/msg/String", "ros2msg", b"string data\n")
    return mcap, mcap.add_channel("/said", schema, "cdr", {"offered_qos_profiles": ""})


def check(path: Path, expected: Expected) -> None:
    assert read_with_rosbags(path) == read_with_mcap(path) == expected


@pytest.mark.parametrize("compress", [False, True])
def test_the_file_is_whole_after_every_flush(tmp_path: Path, compress: bool) -> None:
    path = tmp_path / "a.mcap"
    expected: Expected = []
    mcap, said = start(path, compress=compress)
    check(path, [])
    for round_ in range(4):
        for time in range(10 * round_, 10 * round_ + 3):
            mcap.write(said, time, b"%d" % time * 50)
            expected.append(("/said", time, b"%d" % time * 50))
        mcap.flush()
        check(path, expected)
        assert mcap.counts == {said: len(expected)}
    assert mcap.span == Span(0, 32)
    mcap.close()
    check(path, expected)


def test_a_topic_may_come_late_and_share_a_type(tmp_path: Path) -> None:
    mcap, said = start(tmp_path / "a.mcap")
    mcap.write(said, 1, b"one")
    mcap.flush()
    schema = mcap.add_schema("std_msgs/msg/String", "ros2msg", b"string data\n")
    assert schema == 1
    heard = mcap.add_channel("/heard", schema, "cdr", {})
    mcap.write(heard, 2, b"two")
    mcap.close()
    check(tmp_path / "a.mcap", [("/said", 1, b"one"), ("/heard", 2, b"two")])


def test_messages_count_only_once_they_are_in_the_file(tmp_path: Path) -> None:
    mcap, said = start(tmp_path / "a.mcap")
    mcap.write(said, 5, b"x")
    assert mcap.message_count == 0
    mcap.flush()
    assert mcap.message_count == 1
    mcap.close()


def test_no_more_than_a_chunk_waits_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_mcap, "PENDING_BYTES", 1000)
    mcap, said = start(tmp_path / "a.mcap")
    for time in range(10):
        mcap.write(said, time, bytes(300))
    assert mcap.message_count == 8
    mcap.close()
    assert len(read_with_mcap(tmp_path / "a.mcap")) == 10


def full_after(limit: int) -> Callable[[int, memoryview, int], int]:
    """A disk that has room for so many bytes of a file, and writes what fits, as disks do."""
    real = os.pwrite

    def pwrite(file: int, data: memoryview, offset: int) -> int:
        room = limit - offset
        if room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(file, data[:room], offset)

    return pwrite


@pytest.mark.parametrize("limit", range(3000, 12000, 500))
def test_a_full_disk_keeps_what_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    path = tmp_path / "a.mcap"
    mcap, said = start(path)
    mcap.write(said, 0, bytes(1000))
    mcap.flush()
    monkeypatch.setattr(os, "pwrite", full_after(limit))
    for time in range(1, 20):
        mcap.write(said, time, bytes(1000))
    with pytest.raises(OSError, match="No space left"):
        mcap.flush()
    # Not one more message would have fitted, with its index and the entry of its chunk.
    kept = len(read_with_mcap(path))
    assert mcap.message_count == kept
    assert path.stat().st_size <= limit < path.stat().st_size + 1300
    monkeypatch.undo()
    # And with room again it goes on.
    mcap.write(said, 30, b"later")
    mcap.close()
    check(path, [("/said", time, bytes(1000)) for time in range(kept)] + [("/said", 30, b"later")])


def test_a_file_that_was_deleted_is_noticed(tmp_path: Path) -> None:
    mcap, said = start(tmp_path / "a.mcap")
    (tmp_path / "a.mcap").unlink()
    mcap.write(said, 1, b"x")
    with pytest.raises(FileNotFoundError, match="deleted"):
        mcap.flush()


def test_a_file_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "a.mcap").write_text("mine")
    with pytest.raises(FileExistsError):
        GrowingMcap(tmp_path / "a.mcap")
    assert (tmp_path / "a.mcap").read_text() == "mine"


def test_a_disk_without_any_room_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", full_after(10))
    with pytest.raises(OSError, match="No space left"):
        GrowingMcap(tmp_path / "a.mcap")
    assert list(tmp_path.iterdir()) == []


def test_a_real_disk_that_is_full(small_disk: Path) -> None:
    mcap, said = start(small_disk / "a.mcap")
    with pytest.raises(OSError, match="No space left"):
        for time in range(2000):
            mcap.write(said, time, bytes(10_000))
            if time % 7 == 0:
                mcap.flush(durable=True)
    with pytest.raises(OSError, match="No space left"):
        mcap.write(said, 3000, bytes(10_000))
        mcap.close()
    found = read_with_mcap(small_disk / "a.mcap")
    assert len(found) > 150
    check(small_disk / "a.mcap", [("/said", time, bytes(10_000)) for time in range(len(found))])
