import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from mcap.writer import Writer as ForeignMcap
from recordings import types_for_strings
from rosbags.rosbag2 import StoragePlugin
from rosbags.rosbag2 import Writer as RosbagsWriter

from samwise.shell.placing import OutputError
from samwise_ros.bags.writing.bag_place import BagPlace, foreign_in_bag


def bag(folder: Path, plugin: StoragePlugin = StoragePlugin.MCAP) -> Path:
    """A bag that another tool wrote."""
    types, string = types_for_strings()
    with RosbagsWriter(folder, version=9, storage_plugin=plugin) as writer:
        topic = writer.add_connection("/said", "std_msgs/msg/String", typestore=types)
        writer.write(topic, 5, types.serialize_cdr(string("x"), "std_msgs/msg/String"))
    return folder


@pytest.mark.parametrize("plugin", StoragePlugin)
def test_a_bag_of_any_recorder_is_known(tmp_path: Path, plugin: StoragePlugin) -> None:
    folder = bag(tmp_path / "bag", plugin)
    assert foreign_in_bag(folder) == []
    [storage] = [file for file in folder.iterdir() if file.suffix != ".yaml"]
    assert foreign_in_bag(storage) == []
    # Whatever it is called.
    assert foreign_in_bag(storage.rename(tmp_path / "recording")) == []


def test_logs_of_a_killed_recorder_belong_to_its_bag(tmp_path: Path) -> None:
    folder = bag(tmp_path / "bag", StoragePlugin.SQLITE3)
    for log in ("-wal", "-shm"):
        (folder / f"bag.db3{log}").touch()
    assert foreign_in_bag(folder) == []


def somebody_elses_bag(folder: Path) -> None:
    bag(folder / "other_bag")


def a_recording_that_is_not_listed(folder: Path) -> None:
    bag(folder / "scratch")
    (folder / "scratch" / "scratch.mcap").rename(folder / "tuesday.mcap")
    (folder / "scratch" / "metadata.yaml").unlink()
    (folder / "scratch").rmdir()


def a_listed_name_that_is_no_recording(folder: Path) -> None:
    (folder / "bag.mcap").write_text("my diary")


@pytest.mark.parametrize(
    ("put", "named"),
    [
        (lambda folder: (folder / "notes.txt").touch(), "notes.txt"),
        (lambda folder: (folder / "folder").mkdir(), "folder"),
        (somebody_elses_bag, "other_bag"),
        (a_recording_that_is_not_listed, "tuesday.mcap"),
        (a_listed_name_that_is_no_recording, "bag.mcap"),
    ],
)
def test_what_lies_in_a_bag_but_is_no_part_of_it(
    tmp_path: Path, put: Callable[[Path], None], named: str
) -> None:
    folder = bag(tmp_path / "bag")
    put(folder)
    assert foreign_in_bag(folder) == [named]


def a_collection(place: Path) -> None:
    """Recordings that somebody collected: a folder of bags is no bag."""
    bag(place)
    (place / "metadata.yaml").unlink()


def another_metadata(place: Path) -> None:
    place.mkdir()
    (place / "metadata.yaml").write_text("title: my thesis\n")


def a_database(place: Path) -> None:
    with sqlite3.connect(place) as database:
        database.execute("CREATE TABLE messages (id INTEGER, text TEXT)")


def an_mcap_without_ros(place: Path) -> None:
    with place.open("wb") as file:
        writer = ForeignMcap(file)
        writer.start(profile="", library="somebody")
        writer.finish()


@pytest.mark.parametrize(
    "make",
    [
        lambda place: place.write_text("notes"),
        lambda place: place.touch(),
        lambda place: place.write_bytes(b"\x89MCAP0\r\n"),
        a_collection,
        another_metadata,
        a_database,
        an_mcap_without_ros,
    ],
)
@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_what_is_no_bag_is_left_as_it_is(tmp_path: Path, make: Callable[[Path], object], name: str) -> None:
    place = tmp_path / name
    make(place)
    before = sorted((path, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file())
    with pytest.raises(OutputError, match="did not make"):
        BagPlace(place, overwrite=True, grows=False)
    assert sorted((path, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()) == before


def test_looking_does_not_spoil_a_log(tmp_path: Path) -> None:
    folder = bag(tmp_path / "bag", StoragePlugin.SQLITE3)
    database = sqlite3.connect(folder / "bag.db3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("INSERT INTO messages (topic_id, timestamp, data) VALUES (1, 6, 'y')")
    database.commit()
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert "bag.db3-wal" in {path.name for path in before}
    assert foreign_in_bag(folder) == []
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    database.close()


def test_a_place_in_use_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_disk: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (Path(), tmp_path, small_disk):
        with pytest.raises(OutputError, match="in use|did not make"):
            BagPlace(place, overwrite=True, grows=True)
    with pytest.raises(OutputError, match="in use.*small_disk/bag"):
        BagPlace(small_disk, overwrite=False, grows=True)


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_until_it_takes_its_place_a_bag_can_be_seen_beside_it(tmp_path: Path, name: str) -> None:
    place = BagPlace(tmp_path / name, overwrite=False, grows=False)
    place.prepare()
    place.storage.write_text("new")
    assert not (tmp_path / name).exists()
    assert place.made.parent == tmp_path and not place.made.name.startswith(".")
    place.take()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_somebody_put_there_meanwhile_stays(tmp_path: Path) -> None:
    place = BagPlace(tmp_path / "a.mcap", overwrite=True, grows=False)
    place.storage.write_text("new")
    (tmp_path / "a.mcap").write_text("theirs")
    with pytest.raises(OutputError, match=r"a\.mcap"):
        place.take()
    assert (tmp_path / "a.mcap").read_text() == "theirs"


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_a_link_stays_a_link(tmp_path: Path, name: str) -> None:
    original = bag(tmp_path / "disk" / "bag")
    target = original if name == "bag" else original / "bag.mcap"
    (tmp_path / name).symlink_to(target)
    place = BagPlace(tmp_path / name, overwrite=True, grows=False)
    place.prepare()
    place.storage.write_text("new")
    place.take()
    assert os.readlink(tmp_path / name) == str(target)
    assert (target / place.storage.name if name == "bag" else target).read_text() == "new"


@pytest.mark.parametrize("name", ["bag", "bag.mcap"])
def test_pipes_and_devices_are_no_places(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(OutputError, match="is a device or a pipe, where no bag can be"):
        BagPlace(tmp_path / name, overwrite=True)
    assert (tmp_path / name).is_fifo()


def test_a_name_that_the_system_refuses_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="File name too long; choose another place"):
        BagPlace(tmp_path / ("l" * 300), overwrite=False)
