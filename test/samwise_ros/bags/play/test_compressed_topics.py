from collections.abc import Mapping

import pytest
from rosbags.interfaces import Connection

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play.compressed_topics import COMPRESSED_IMAGE, default_raw_topic, raw_topics
from samwise_ros.bags.play.play_options import CompressedImages, PlayOptions
from samwise_ros.bags.reading.storage import connection


def bag(*names: str, raw: str = "") -> list[Connection]:
    found = [connection(number, name, COMPRESSED_IMAGE, 1) for number, name in enumerate(names)]
    return [*found, connection(99, raw, "sensor_msgs/msg/Image", 1)] if raw else found


def decoded(
    connections: list[Connection],
    decode: Mapping[str, str | None] | None = None,
    compressed: CompressedImages = "decode",
) -> tuple[dict[str, str], list[str]]:
    """Raw topic by recorded topic, and what was told."""
    told: list[str] = []
    found = raw_topics(connections, PlayOptions(decode=decode or {}, compressed=compressed), told.append)
    return {connections[number].topic: topic for number, topic in found.items()}, told


def test_names_tell_what_is_compressed() -> None:
    found, told = decoded(bag("/a/compressed", "/b/compressedDepth"))
    assert found == {"/a/compressed": "/a", "/b/compressedDepth": "/b"}
    assert told == []


def test_a_name_that_does_not_tell_gets_a_hint() -> None:
    found, told = decoded(bag("/a/image_rect_compressed", "/b"))
    assert found == {}
    assert "--decode /a/image_rect_compressed publishes them on /a/image_rect" in told[0]
    assert "--decode /b publishes them on /b/decoded" in told[1]
    assert decoded(bag("/b"), compressed="as-is") == ({}, [])


def test_what_is_asked_for_is_decoded() -> None:
    asked = {"/a_compressed": None, "/b": "/raw/b"}
    assert decoded(bag("/a_compressed", "/b"), asked) == ({"/a_compressed": "/a", "/b": "/raw/b"}, [])
    assert decoded(bag("/b", "/c/compressed"), {"/b": None}, "as-is") == ({"/b": "/b/decoded"}, [])


def test_asking_for_what_is_not_there_is_an_error() -> None:
    with pytest.raises(BagError, match="--decode /c: no compressed pictures .* there are /a/compressed"):
        decoded(bag("/a/compressed"), {"/c": None})


def test_a_raw_topic_has_one_source() -> None:
    found, told = decoded(bag("/a/compressedDepth", "/a/compressed"))
    assert found == {"/a/compressed": "/a"}
    assert "/a/compressedDepth is played as recorded" in told[0]
    found, told = decoded(bag("/a/compressed", raw="/a"))
    assert found == {}
    assert "/a/compressed is played as recorded" in told[0]


def test_a_suffix_alone_is_no_name() -> None:
    assert default_raw_topic("/compressed") == "/compressed/decoded"
    assert decoded(bag("/compressed"))[0] == {}
