from pathlib import Path

import pytest
from recordings import read_all, types_for_strings

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.writer import BagWriter


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


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BagError, match="cannot write .*a.mcap"):
        write(tmp_path / "file" / "a.mcap", "hello")
