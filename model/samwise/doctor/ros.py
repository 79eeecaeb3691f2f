"""ROS as the environment shows it. Nothing of it is imported: the library knows no ROS."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from samwise.doctor.finding import Finding, Level

DISTRIBUTIONS = ("humble", "jazzy", "kilted", "lyrical", "rolling")
#: Those whose Fast DDS still calls itself Fast RTPS.
OLD_NAMES = ("humble", "iron", "jazzy")
FAST_DDS = "rmw_fastrtps_cpp"
PACKAGES = ("rclpy", "samwise_msgs", "samwise_ros")


def ros(environment: Mapping[str, str] | None = None) -> Iterable[Finding]:
    """The distribution, its middleware and the middleware's profile.

    Args:
        environment: variables; None: those of this process.
    """
    env = os.environ if environment is None else environment
    distribution = env.get("ROS_DISTRO", "")
    if not distribution:
        yield Finding("ROS", "not sourced; the library needs none, the node does (source scripts/env.sh)")
        return
    if distribution in DISTRIBUTIONS:
        yield Finding("ROS", distribution)
    else:
        yield Finding(
            "ROS",
            distribution,
            Level.COULD_BE_BETTER,
            f"tested are {', '.join(DISTRIBUTIONS)}: source one of them",
        )
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        yield Finding(
            "ROS packages", f"{', '.join(missing)} cannot be imported", Level.BROKEN,
            "build the workspace and source its setup file, or `make env` and source scripts/env.sh",
        )  # fmt: skip
    middleware = env.get("RMW_IMPLEMENTATION", "") or f"{FAST_DDS}, by default"
    yield Finding("middleware", middleware)
    if middleware.startswith("rmw_fastrtps"):
        yield _profile(env, "FASTRTPS" if distribution in OLD_NAMES else "FASTDDS")


def _profile(env: Mapping[str, str], prefix: str) -> Finding:
    name, variable = "Fast DDS profile", f"{prefix}_DEFAULT_PROFILES_FILE"
    file = env.get(variable, "")
    remedy = f"export {variable}=.../config/fastdds.xml, for the camera's driver as well"
    if not file:
        return Finding(name, "none: large images get lost", Level.COULD_BE_BETTER, remedy)
    if not Path(file).is_file():
        return Finding(name, f"{file} does not exist", Level.BROKEN, remedy)
    return Finding(name, file)
