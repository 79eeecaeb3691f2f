import errno
import os
import random
import zipfile
from pathlib import Path

import pytest
import zstandard
from odd_bags import SAID, SECOND, START, sentence, sentences, write_mcap, write_metadata, write_sqlite

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reader import open_bag
from samwise_ros.bags.reading.account import Account
from samwise_ros.bags.reading.parts import find_parts, in_order


def count(*paths: Path) -> tuple[int, list[str], list[str]]:
    """Messages, faults, and all that was told."""
    told: list[str] = []
    with open_bag(*paths, tell=told.append) as bag:
        return len(list(bag.messages())), bag.faults, told


def split(folder: Path, *numbers: int, base: str = "rec") -> list[Path]:
    paths = [folder / f"{base}_{number}.mcap" for number in numbers]
    for number, path in zip(numbers, paths, strict=True):
        write_mcap(path, sentences(3, start=START + number * SECOND))
    return paths


def test_numbers_in_names_count_by_their_value() -> None:
    names = ["rec_10.mcap", "rec_9.mcap", "rec_1.mcap", "rec.mcap", "rec_100.mcap"]
    assert [path.name for path in in_order([Path(name) for name in names])] == [
        *("rec.mcap", "rec_1.mcap", "rec_9.mcap", "rec_10.mcap", "rec_100.mcap")
    ]


def test_parts_without_metadata(tmp_path: Path) -> None:
    split(tmp_path, *range(11))
    messages, faults, told = count(tmp_path)
    assert (messages, faults) == (33, [])
    assert "no metadata.yaml; its 11 files are played as one recording" in told[0]
    assert [p.name for p in find_parts([tmp_path], Account()).files][9:] == ["rec_9.mcap", "rec_10.mcap"]


def test_a_part_that_is_missing_is_told(tmp_path: Path) -> None:
    split(tmp_path, 0, 1, 3)
    messages, faults, _ = count(tmp_path)
    assert messages == 9
    assert "has no rec_2.mcap: 1 of the recording's parts" in faults[0]


def test_parts_that_metadata_lists_and_that_are_gone(tmp_path: Path) -> None:
    split(tmp_path, 0, 1)
    write_metadata(tmp_path, ["rec_0.mcap", "rec_1.mcap", "rec_2.mcap"], 9)
    messages, faults, _ = count(tmp_path)
    assert messages == 6
    assert "lacks rec_2.mcap of 3 files that its metadata.yaml lists" in faults[0]
    (tmp_path / "rec_0.mcap").unlink()
    (tmp_path / "rec_1.mcap").unlink()
    with pytest.raises(BagError, match="lacks rec_0.mcap, rec_1.mcap, rec_2.mcap"):
        count(tmp_path)


def test_old_metadata_writes_the_folder_before_the_names(tmp_path: Path) -> None:
    folder = tmp_path / "renamed"
    folder.mkdir()
    split(folder, 0)
    write_metadata(folder, ["old_name/rec_0.mcap"], 3)
    assert count(folder) == (3, [], [])


def test_files_that_were_renamed_with_their_folder(tmp_path: Path) -> None:
    split(tmp_path, 0, 1, base="new_name")
    write_metadata(tmp_path, ["old_name_0.mcap", "old_name_1.mcap"], 6)
    assert count(tmp_path) == (6, [], [])


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\x00" * 99,
        "rosbag2_bagfile_information:\n",
        "a: [",
        "- 1\n",
        "rosbag2_bagfile_information: {version: 99}",
    ],
)
def test_metadata_that_makes_no_sense_is_left_aside(tmp_path: Path, content: str) -> None:
    split(tmp_path, 0, 1)
    (tmp_path / "metadata.yaml").write_text(content)
    messages, faults, _ = count(tmp_path)
    assert (messages, faults) == (6, [])


def test_metadata_of_a_newer_version_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    split(tmp_path, 0)
    write_metadata(tmp_path, ["rec_0.mcap"], 3)
    text = (tmp_path / "metadata.yaml").read_text()
    (tmp_path / "metadata.yaml").write_text(text.replace("version: 5", "version: 12"))
    assert count(tmp_path) == (3, [], [])
    assert count(tmp_path / "metadata.yaml") == (3, [], [])


def test_several_recordings_in_a_folder_are_not_guessed_at(tmp_path: Path) -> None:
    split(tmp_path, 0, base="monday")
    split(tmp_path, 0, base="tuesday")
    with pytest.raises(
        BagError, match="several recordings and no metadata.yaml: monday_0.mcap, tuesday_0.mcap"
    ):
        count(tmp_path)


def test_a_folder_of_recordings_names_them(tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    split(tmp_path / "drive", 0)
    write_metadata(tmp_path / "drive", ["drive_0.mcap"], 3)
    with pytest.raises(BagError, match="is not a recording itself, but holds drive; give one of them"):
        count(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BagError, match="a folder without an .mcap or .db3 file"):
        count(tmp_path / "empty")


def test_a_part_that_is_empty_costs_itself(tmp_path: Path) -> None:
    split(tmp_path, 0, 1)
    (tmp_path / "rec_2.mcap").touch()
    messages, faults, _ = count(tmp_path)
    assert messages == 6
    assert "rec_2.mcap is empty (0 bytes)" in faults[0] and "other files are played" in faults[0]


def test_one_part_given_twice_is_one(tmp_path: Path) -> None:
    [part] = split(tmp_path, 0)
    assert count(part, part)[0] == 3


@pytest.mark.parametrize("ending", ["mcap", "db3"])
def test_files_packed_with_zstd(tmp_path: Path, ending: str) -> None:
    write = write_mcap if ending == "mcap" else write_sqlite
    write(tmp_path / "plain", sentences(5))
    packed = zstandard.compress((tmp_path / "plain").read_bytes())
    (tmp_path / f"a_0.{ending}.zstd").write_bytes(packed)
    (tmp_path / "plain").unlink()
    assert count(tmp_path / f"a_0.{ending}.zstd") == (5, [], [])
    assert count(tmp_path) == (5, [], [])


def test_a_packed_file_that_is_cut_off(tmp_path: Path) -> None:
    noise = random.Random(0)
    write_mcap(
        tmp_path / "a.mcap",
        [(SAID, START + n, sentence(noise.randbytes(500).hex())) for n in range(1000)],
        chunk_size=1 << 16,
    )
    packed = zstandard.compress((tmp_path / "a.mcap").read_bytes())
    (tmp_path / "a.mcap.zstd").write_bytes(packed[: len(packed) // 2])
    messages, faults, _ = count(tmp_path / "a.mcap.zstd")
    assert 0 < messages < 1000
    assert "a.mcap.zstd breaks off" in faults[0]
    (tmp_path / "a.mcap.zstd").write_bytes(packed[:20])
    with pytest.raises(BagError, match="nothing of it can be unpacked"):
        count(tmp_path / "a.mcap.zstd")


def test_names_lie(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.bag", sentences(5))
    write_sqlite(tmp_path / "b.mcap", sentences(5))
    assert count(tmp_path / "a.bag")[0] == count(tmp_path / "b.mcap")[0] == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty \\(0 bytes\\)"),
        (bytes(5000), "begins with zeros"),
        (b"\x89MCA", "breaks off after 4 bytes"),
        (b"#ROSBAG V2.0\n", "ROS 1 bag; `rosbags-convert --src .*a.mcap --dst .*a_ros2`"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git-lfs pointer.* `git lfs pull`"),
        (b"\n<!DOCTYPE html><html>", "web page"),
        (b"\xff\xd8\xff\xe0JFIF", "not a recording but a JPEG picture; give a rosbag2 folder"),
        (b"\x00\x00\x00\x20ftypisom", "a video; .*video_to_bag"),
        (b"\x1a\x45\xdf\xa3", "WebM video"),
        (b"just some text\n", "not a recording but text; give a rosbag2 folder"),
        ("\u00fcber".encode() * 2000, "not a recording but text"),
        (b"\x01\x02\x03\xff" * 50, "begins like neither MCAP nor SQLite"),
        (zstandard.compress(b"just some text"), "a.mcap is not a recording but text"),
    ],
)
def test_something_else_is_called_by_its_name(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.mcap").write_bytes(content)
    with pytest.raises(BagError, match=message):
        count(tmp_path / "a.mcap")


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.mcap", "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(BagError, match="a zip archive; unpack it first"):
        count(tmp_path / "a.mcap")


def test_no_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(1))

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(BagError, match="no permission to read .*a.mcap"):
        count(tmp_path / "a.mcap")


def test_a_log_is_not_the_recording(tmp_path: Path) -> None:
    (tmp_path / "a.db3-wal").write_bytes(b"x")
    with pytest.raises(BagError, match="belongs to a.db3; give that file"):
        count(tmp_path / "a.db3-wal")


def test_what_is_given_twice_is_one(tmp_path: Path) -> None:
    [part] = split(tmp_path, 0)
    (tmp_path / "link.mcap").symlink_to(part)
    assert count(part, tmp_path / "link.mcap", tmp_path / "." / ".." / tmp_path.name / part.name)[0] == 3
    write_metadata(tmp_path, [part.name, part.name], 3)
    assert count(tmp_path)[:2] == (3, [])


def test_parts_that_metadata_does_not_list_are_named(tmp_path: Path) -> None:
    split(tmp_path, 0, 1)
    write_metadata(tmp_path, ["rec_0.mcap"], 3)
    messages, faults, [told] = count(tmp_path)
    assert (messages, faults) == (3, [])
    assert "also holds rec_1.mcap, not listed in its metadata.yaml and left out" in told


def aliases_of_aliases() -> str:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    return "\n".join([*lines, "rosbag2_bagfile_information: {relative_file_paths: *a11}"])


@pytest.mark.parametrize("text", ["[" * 5000, aliases_of_aliases()])
def test_metadata_without_an_end_is_no_matter(tmp_path: Path, text: str) -> None:
    split(tmp_path, 0)
    (tmp_path / "metadata.yaml").write_text(text)
    assert count(tmp_path)[:2] == (3, [])


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "bag.mcap")
    with pytest.raises(BagError, match="is a device or a pipe; save its data to a file"):
        count(tmp_path / "bag.mcap")


def test_metadata_that_may_not_be_read_is_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    split(tmp_path, 0)
    write_metadata(tmp_path, ["rec_0.mcap"], 3)
    monkeypatch.setattr(Path, "read_text", forbidden)
    messages, faults, [told] = count(tmp_path)
    assert (messages, faults) == (3, [])
    assert "no permission to read" in told and "`chmod +rX` it" in told and told.endswith("played without it")
