from pathlib import Path

import pytest
from recordings import write_story

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reader import messages, open_bag, select


def test_a_missing_bag_is_named(tmp_path: Path) -> None:
    with pytest.raises(BagError, match="no bag .*gone.mcap"), open_bag(tmp_path / "gone.mcap"):
        pass


@pytest.mark.parametrize("keep", [0, 4, 0.5, 0.999])
def test_a_truncated_bag_is_an_error_with_a_remedy(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "a.mcap"
    write_story(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(keep * len(content)) if keep < 1 else int(keep)])
    with pytest.raises(BagError, match=r"cannot read .*a\.mcap.*recover"), open_bag(path):
        pass


def test_a_bag_that_is_damaged_in_the_middle_is_an_error_when_it_gets_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_story(path)
    content = bytearray(path.read_bytes())
    content[100:300] = bytes(200)
    path.write_bytes(content)
    with open_bag(path) as reader, pytest.raises(BagError, match=r"a\.mcap is damaged"):
        list(messages(reader, reader.connections))


def test_no_topic_means_no_message(tmp_path: Path) -> None:
    write_story(tmp_path / "a.mcap")
    with open_bag(tmp_path / "a.mcap") as reader:
        assert list(messages(reader, [])) == []


def test_something_else_than_a_bag_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.mcap").write_text("this is no recording, but it is long enough to be looked into\n" * 9)
    with pytest.raises(BagError, match="cannot read"), open_bag(tmp_path / "a.mcap"):
        pass


def test_selecting_a_topic_that_is_not_there_tells_which_are(tmp_path: Path) -> None:
    write_story(tmp_path / "a.mcap")
    with open_bag(tmp_path / "a.mcap") as reader:
        assert [c.topic for c in select(reader.connections, ["/expression"])] == ["/expression"]
        assert len(select(reader.connections, None)) == 3
        with pytest.raises(BagError, match="no topic /depth; it has .*/expression"):
            select(reader.connections, ["/expression", "/depth"])
