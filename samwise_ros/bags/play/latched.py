"""What a late subscriber of a latched topic hears: more than the last message, where several speak."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from rosbags.interfaces import Connection, Qos, QosDurability, QosHistory

from samwise_ros.bags.qos_conversion import DEFAULT_DEPTH, stored
from samwise_ros.bags.reader import Bag, Message, stored_qos
from samwise_ros.topics import FIXED_TRANSFORMS_TOPIC

#: Messages of a topic that are kept at most.
MOST = 1000
#: Transforms add up: each message speaks of some frames, and the others keep what they had.
ADDS_UP = "tf2_msgs/msg/TFMessage"


def profiles_of(connection: Connection) -> list[Qos]:
    """Return the quality of service that a topic was published with; empty where that is not known.

    Fixed transforms are latched also where the bag does not tell: nobody listens to them in another way.
    """
    told = stored_qos(connection)
    if not told and connection.msgtype == ADDS_UP and connection.topic.endswith(FIXED_TRANSFORMS_TOPIC):
        return [stored(latched=True)]
    return told


def kept(connection: Connection) -> int:
    """Return how many of the last messages of a latched topic still hold; 0 where it is not latched.

    A recording does not tell which publisher a message is from. With one publisher its depth says how many it
    kept; with several, only all messages are sure to have the last one of each among them.
    """
    latched = [p for p in profiles_of(connection) if p.durability is QosDurability.TRANSIENT_LOCAL]
    if not latched:
        return 0
    if len(latched) > 1 or connection.msgtype == ADDS_UP or latched[0].history is QosHistory.KEEP_ALL:
        return min(max(connection.msgcount, len(latched)), MOST)
    return min(latched[0].depth if latched[0].depth > 0 else DEFAULT_DEPTH, MOST)


def before(bag: Bag, connections: Iterable[Connection], start_ns: int) -> Sequence[Message]:
    """Return the messages of latched topics that still hold at a time, in order."""
    depths = {connection.id: depth for connection in connections if (depth := kept(connection))}
    if not depths or start_ns <= bag.start_time:
        return []
    holding = {number: deque[tuple[int, Message]](maxlen=depth) for number, depth in depths.items()}
    latched = [connection for connection in bag.connections if connection.id in depths]
    for order, message in enumerate(bag.messages(latched, stop_ns=start_ns)):
        holding[message[0].id].append((order, message))
    in_order = sorted(
        (entry for entries in holding.values() for entry in entries), key=lambda entry: entry[0]
    )
    return [message for _, message in in_order]
