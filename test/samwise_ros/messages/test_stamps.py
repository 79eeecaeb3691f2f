import numpy as np
import pytest

from samwise_ros.bags.message_types import standard_types
from samwise_ros.messages.stamps import nanoseconds, read_stamp, shift_stamp

TYPES = standard_types()
MSGTYPE = "sensor_msgs/msg/CompressedImage"


def serialised(stamp_ns: int, little_endian: bool) -> bytes:
    time = TYPES.types["builtin_interfaces/msg/Time"](*divmod(stamp_ns, 1_000_000_000))
    header = TYPES.types["std_msgs/msg/Header"](time, "camera")
    message = TYPES.types[MSGTYPE](header, "jpeg", np.frombuffer(b"picture", np.uint8))
    return bytes(TYPES.serialize_cdr(message, MSGTYPE, little_endian=little_endian))


@pytest.mark.parametrize("little_endian", [True, False])
@pytest.mark.parametrize("offset", [0, 1, -1, 123_456_789_012, -5_000_000_001])
def test_shifting_moves_the_stamp_and_nothing_else(little_endian: bool, offset: int) -> None:
    stamp = 1_700_000_000_000_000_000
    shifted = shift_stamp(serialised(stamp, little_endian), offset)
    message = TYPES.deserialize_cdr(shifted, MSGTYPE)
    assert nanoseconds(message.header.stamp) == read_stamp(shifted) == stamp + offset
    assert message.header.frame_id == "camera"
    assert bytes(message.data) == b"picture"
