import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from other_readers import read_with_rosbags
from recordings import read_all, types_for_strings
from rosbags.highlevel import AnyReader
from rosbags.interfaces import ConnectionExtRosbag2

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.qos_conversion import stored
from samwise_ros.bags.writer import BagWriter

#: A bound, not an expectation.
PATIENCE_S = 60.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    for _ in range(round(PATIENCE_S / 0.05)):
        if condition():
            return
        threading.Event().wait(0.05)
    pytest.fail("nothing happened")


def write(path: Path, text: str, **options: bool) -> None:
    types, string = types_for_strings()
    with BagWriter(path, types, **options) as writer:
        topic = writer.add_topic("/said", "std_msgs/msg/String")
        writer.write(topic, 5, string(text))


@pytest.mark.parametrize("compress", [False, True])
def test_an_mcap_name_makes_one_file_and_nothing_beside_it(tmp_path: Path, compress: bool) -> None:
    path = tmp_path / "folder" / "a.mcap"
    write(path, "hello", compress=compress)
    assert [(time, message.data) for time, message in read_all(path, "/said")] == [(5, "hello")]
    assert list(path.parent.iterdir()) == [path]


def test_another_name_makes_a_rosbag2_directory(tmp_path: Path) -> None:
    write(tmp_path / "bag", "hello")
    assert sorted(file.name for file in (tmp_path / "bag").iterdir()) == ["bag.mcap", "metadata.yaml"]
    assert read_all(tmp_path / "bag", "/said")[0][1].data == "hello"


def test_serialised_messages_are_written_as_they_are(tmp_path: Path) -> None:
    types, string = types_for_strings()
    with BagWriter(tmp_path / "a.mcap", types) as writer:
        topic = writer.add_topic("/said", "std_msgs/msg/String")
        writer.write(topic, 5, bytes(types.serialize_cdr(string("raw"), "std_msgs/msg/String")))
    assert read_all(tmp_path / "a.mcap", "/said")[0][1].data == "raw"


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_an_existing_recording_is_only_replaced_on_request(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "old")
    with pytest.raises(BagError, match="exists already"):
        write(tmp_path / name, "new")
    assert read_all(tmp_path / name, "/said")[0][1].data == "old"
    write(tmp_path / name, "new", overwrite=True)
    assert read_all(tmp_path / name, "/said")[0][1].data == "new"


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "a.mcap", "old")
    types, _ = types_for_strings()
    with pytest.raises(RuntimeError), BagWriter(tmp_path / "a.mcap", types, overwrite=True) as writer:
        writer.add_topic("/said", "std_msgs/msg/String")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == [tmp_path / "a.mcap"]
    assert read_all(tmp_path / "a.mcap", "/said")[0][1].data == "old"


def test_a_disk_without_any_room_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(BagError, match="No space left on device; make room"):
        write(tmp_path / "bag", "x")
    assert not any(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BagError, match="cannot write .*a.mcap"):
        write(tmp_path / "file" / "a.mcap", "hello")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_what_grows_can_be_read_while_it_grows(tmp_path: Path, name: str) -> None:
    types, string = types_for_strings()
    with BagWriter(tmp_path / name, types, grows=True) as writer:
        assert read_with_rosbags(tmp_path / name) == []
        topic = writer.add_topic("/said", "std_msgs/msg/String", [stored(latched=True)])
        for time in range(3):
            writer.write(topic, time, string("x"))
        wait_until(lambda: writer.message_count == 3 and len(read_with_rosbags(tmp_path / name)) == 3)
        with AnyReader([tmp_path / name]) as reader:
            assert isinstance(reader.connections[0].ext, ConnectionExtRosbag2)
            assert reader.connections[0].ext.offered_qos_profiles == [stored(latched=True)]


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_what_grew_stays_after_a_failure(tmp_path: Path, name: str) -> None:
    types, string = types_for_strings()
    with pytest.raises(RuntimeError), BagWriter(tmp_path / name, types, grows=True) as writer:
        writer.write(writer.add_topic("/said", "std_msgs/msg/String"), 1, string("x"))
        raise RuntimeError
    assert [time for _, time, _ in read_with_rosbags(tmp_path / name)] == [1]


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_a_bag_that_is_replaced_stays_until_the_new_one_is_closed(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "old")
    types, string = types_for_strings()
    with BagWriter(tmp_path / name, types, overwrite=True, grows=True) as writer:
        writer.write(writer.add_topic("/said", "std_msgs/msg/String"), 77, string("new"))
        assert [time for _, time, _ in read_with_rosbags(tmp_path / name)] == [5]
        assert writer.made in tmp_path.iterdir() and not writer.made.name.startswith(".")
    assert [time for _, time, _ in read_with_rosbags(tmp_path / name)] == [77]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_failed_replacement_leaves_both(tmp_path: Path) -> None:
    write(tmp_path / "a.mcap", "old")
    types, string = types_for_strings()
    writer = BagWriter(tmp_path / "a.mcap", types, overwrite=True, grows=True)
    with pytest.raises(RuntimeError), writer:
        writer.write(writer.add_topic("/said", "std_msgs/msg/String"), 77, string("new"))
        raise RuntimeError
    assert [time for _, time, _ in read_with_rosbags(tmp_path / "a.mcap")] == [5]
    assert [time for _, time, _ in read_with_rosbags(writer.made)] == [77]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    write(tmp_path / "bag", "x")
    (tmp_path / "other").mkdir()
    write(tmp_path / "other", "x", grows=True)
    assert len(read_with_rosbags(tmp_path / "bag")) == len(read_with_rosbags(tmp_path / "other")) == 1


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_a_full_disk_ends_a_recording_with_one_line_and_a_readable_bag(small_disk: Path, name: str) -> None:
    types, string = types_for_strings()
    with (
        pytest.raises(
            BagError, match=rf"cannot write .*{name}: No space left on device; make room"
        ) as raised,
        BagWriter(small_disk / name, types, grows=True) as writer,
    ):
        topic = writer.add_topic("/said", "std_msgs/msg/String")
        for time in range(1000):
            writer.write(topic, time, string("x" * 10_000))
    assert "\n" not in str(raised.value)
    assert len(read_with_rosbags(small_disk / name)) > 200


def test_a_full_disk_leaves_nothing_of_what_does_not_grow(small_disk: Path) -> None:
    types, string = types_for_strings()
    with pytest.raises(BagError, match="No space"), BagWriter(small_disk / "a.mcap", types) as writer:
        topic = writer.add_topic("/said", "std_msgs/msg/String")
        for time in range(1000):
            writer.write(topic, time, string("x" * 10_000))
    assert list(small_disk.iterdir()) == []


@pytest.mark.slow
def test_a_full_disk_is_noticed_although_nothing_comes_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    types, string = types_for_strings()
    with pytest.raises(BagError, match="make room"), BagWriter(tmp_path / "a", types, grows=True) as writer:
        topic = writer.add_topic("/said", "std_msgs/msg/String")

        def no_room(*_: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", no_room)
            writer.write(topic, 1, string("x"))
            wait_until(lambda: writer.failure is not None)
    assert read_with_rosbags(tmp_path / "a") == []


@pytest.mark.parametrize("name", ["bag.mcap", "bag"])
def test_a_bag_that_is_being_written_is_not_replaced(tmp_path: Path, name: str) -> None:
    types, string = types_for_strings()
    with BagWriter(tmp_path / name, types, grows=True) as writer:
        topic = writer.add_topic("/said", "std_msgs/msg/String")
        for grows in (True, False):
            with pytest.raises(BagError, match="is being written by another process; choose another name"):
                BagWriter(tmp_path / name, types, overwrite=True, grows=grows)
        writer.write(topic, 7, string("first"))
    assert len(read_with_rosbags(tmp_path / name)) == 1
    BagWriter(tmp_path / name, types, overwrite=True).close()


@pytest.mark.parametrize("name", ["bag.mcap", "bag"])
@pytest.mark.parametrize("before", [True, False])
def test_only_what_was_to_be_replaced_is(tmp_path: Path, name: str, before: bool) -> None:
    types, string = types_for_strings()

    def begin() -> BagWriter:
        writer = BagWriter(tmp_path / name, types, overwrite=True)
        writer.write(writer.add_topic("/said", "std_msgs/msg/String"), 7, string("x"))
        return writer

    if before:
        begin().close()
    first, second = begin(), begin()
    first.close()
    with pytest.raises(BagError, match="somebody else has just written a new bag .*, which stays"):
        second.close()
    assert len(read_with_rosbags(tmp_path / name)) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
