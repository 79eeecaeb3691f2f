"""Opens recordings of every kind that `rosbags` reads, with errors for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rosbags.highlevel import AnyReader, AnyReaderError
from rosbags.interfaces import Connection, ConnectionExtRosbag2, Qos

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.message_types import standard_types


@contextmanager
def open_bag(path: Path) -> Iterator[AnyReader]:
    """Open a rosbag2 directory, or a single .mcap or .db3 file.

    Raises:
        BagError: there is nothing, it is damaged, or it is no recording.
    """
    if not path.exists():
        raise BagError(f"there is no bag {path}; give a rosbag2 directory or an .mcap file")
    try:
        # Old SQLite recordings do not carry the definitions of their types.
        reader = AnyReader([path], default_typestore=standard_types())
        reader.open()
    except (AnyReaderError, OSError) as error:
        raise BagError(
            f"cannot read {path}: {error} A recording that was cut off can be mended with "
            "`ros2 bag reindex` (directory) or `mcap recover` (file)"
        ) from error
    try:
        yield reader
    finally:
        reader.close()


def messages(
    reader: AnyReader,
    connections: Sequence[Connection],
    start_ns: int | None = None,
    stop_ns: int | None = None,
) -> Iterator[tuple[Connection, int, bytes]]:
    """Yield connection, time in nanoseconds and serialised message, in order of time.

    Args:
        reader: the bag, open.
        connections: topics to read; none at all yields nothing (rosbags would yield everything).
        start_ns: from this time of the recording on.
        stop_ns: before this one.

    Raises:
        BagError: the bag is damaged in the middle.
    """
    if not connections:
        return
    recorded = reader.messages(connections, start_ns, stop_ns)
    while True:
        try:
            message = next(recorded)
        except StopIteration:
            return
        except Exception as error:  # Those of decompressors and parsers come through as they are.
            raise BagError(
                f"{reader.paths[0]} is damaged: {error}. What comes before can be saved with `mcap recover`"
            ) from error
        yield message


def stored_qos(connection: Connection) -> list[Qos]:
    """Return the profiles that the publishers of a topic offered; empty where the bag does not tell."""
    assert isinstance(connection.ext, ConnectionExtRosbag2)
    return connection.ext.offered_qos_profiles


def select(connections: list[Connection], topics: list[str] | None) -> list[Connection]:
    """Return the connections of these topics; of all where `topics` is None.

    Raises:
        BagError: one of the topics is not in the bag.
    """
    if topics is None:
        return list(connections)
    present = {connection.topic for connection in connections}
    if missing := [topic for topic in topics if topic not in present]:
        raise BagError(f"the bag has no topic {', '.join(missing)}; it has {', '.join(sorted(present))}")
    return [connection for connection in connections if connection.topic in topics]
