"""ROS, as environments show it."""

import pytest

from samwise.doctor.finding import Level
from samwise.doctor.ros import ros


def found(**environment: str) -> dict[str, tuple[Level, str, str]]:
    return {f.name: (f.level, f.value, f.remedy) for f in ros(environment)}


def test_without_ros_there_is_nothing_to_mend():
    assert [level for level, *_ in found().values()] == [Level.WELL]


@pytest.mark.parametrize(
    ("distribution", "variable"),
    [
        ("humble", "FASTRTPS_DEFAULT_PROFILES_FILE"),
        ("jazzy", "FASTRTPS_DEFAULT_PROFILES_FILE"),
        ("kilted", "FASTDDS_DEFAULT_PROFILES_FILE"),
        ("lyrical", "FASTDDS_DEFAULT_PROFILES_FILE"),
    ],
)
def test_the_profile_goes_by_the_name_that_the_distribution_knows(tmp_path, distribution, variable):
    level, _, remedy = found(ROS_DISTRO=distribution)["Fast DDS profile"]
    assert level is Level.COULD_BE_BETTER and variable in remedy
    profile = tmp_path / "fastdds.xml"
    environment = {"ROS_DISTRO": distribution, variable: str(profile)}
    assert found(**environment)["Fast DDS profile"][0] is Level.BROKEN
    profile.touch()
    assert found(**environment)["Fast DDS profile"][:2] == (Level.WELL, str(profile))


def test_another_middleware_needs_no_profile():
    assert "Fast DDS profile" not in found(ROS_DISTRO="jazzy", RMW_IMPLEMENTATION="rmw_cyclonedds_cpp")
    assert "rmw_fastrtps_cpp, by default" in found(ROS_DISTRO="jazzy")["middleware"]


def test_a_workspace_that_was_not_sourced_is_broken(monkeypatch):
    monkeypatch.setattr("samwise.doctor.ros.find_spec", lambda name: None if name == "samwise_msgs" else name)
    level, value, _ = found(ROS_DISTRO="jazzy")["ROS packages"]
    assert level is Level.BROKEN and value.startswith("samwise_msgs ")


def test_an_old_distribution_is_named():
    assert found(ROS_DISTRO="foxy")["ROS"][0] is Level.COULD_BE_BETTER
