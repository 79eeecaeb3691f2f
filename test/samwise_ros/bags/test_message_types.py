import json
from pathlib import Path

import pytest
from ament_index_python.packages import get_package_share_directory

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.message_types import (
    begins_with_header,
    no_types,
    register_installed,
    standard_types,
)


@pytest.mark.parametrize(
    "msgtype", ["samwise_msgs/msg/TargetState", "samwise_msgs/msg/TargetSwitched", "sensor_msgs/msg/Image"]
)
def test_the_hash_is_the_one_that_ros_computed(msgtype: str) -> None:
    package, _, name = msgtype.split("/")
    description = Path(get_package_share_directory(package), "msg", f"{name}.json")
    if not description.exists():
        pytest.skip("this ROS is older than type hashes")
    hashes = {
        entry["type_name"]: entry["hash_string"]
        for entry in json.loads(description.read_text())["type_hashes"]
    }
    types = no_types()
    register_installed(types, msgtype)
    assert types.hash_rihs01(msgtype) == hashes[msgtype]


def test_registering_twice_is_harmless() -> None:
    types = no_types()
    register_installed(types, "std_msgs/msg/Header")
    register_installed(types, "std_msgs/msg/Header")
    assert "builtin_interfaces/msg/Time" in types.fielddefs


@pytest.mark.parametrize("msgtype", ["nowhere_msgs/msg/Thing", "std_msgs/msg/Nonesuch"])
def test_a_type_that_is_not_installed_is_named(msgtype: str) -> None:
    with pytest.raises(BagError, match=f"{msgtype} is not installed"):
        register_installed(no_types(), msgtype)


def test_only_a_header_in_the_first_place_counts() -> None:
    types = standard_types()
    assert begins_with_header(types, "sensor_msgs/msg/Image")
    assert not begins_with_header(types, "std_msgs/msg/Header")
    assert not begins_with_header(types, "std_msgs/msg/String")
    assert not begins_with_header(types, "std_msgs/msg/Empty")
