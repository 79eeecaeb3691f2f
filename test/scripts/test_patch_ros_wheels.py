import sys
import sysconfig
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from patch_ros_wheels import patch

EXPORT = """set_target_properties(std_msgs::std_msgs__rosidl_generator_py PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "/opt/python/cp311-cp311/include/python3.11;{numpy};${{prefix}}/include"
"""


def test_both_include_paths_become_those_of_this_python() -> None:
    for folder in ("core", "_core"):
        built = f"/opt/python/cp311-cp311/lib/python3.11/site-packages/numpy/{folder}/include"
        patched = patch(EXPORT.format(numpy=built))
        assert "/opt/python" not in patched
        assert f'"{sysconfig.get_path("include")};{np.get_include()};${{prefix}}/include"' in patched


def test_patching_again_changes_nothing() -> None:
    once = patch(EXPORT.format(numpy="/usr/include"))
    assert patch(once) == once
