"""Point the ROS wheels' CMake files at this machine's Python and numpy headers.

The wheels were built in a container whose include paths ended up in their CMake exports
(/opt/python/cpXY-cpXY/...). Run with the virtual environment's own python; running it again changes nothing.
"""

import re
import sys
import sysconfig
from pathlib import Path

import numpy

BUILD_PYTHON = r"/opt/python/cp\d+-cp\d+"
NUMPY_INCLUDE = re.compile(BUILD_PYTHON + r"/lib/python3\.\d+/site-packages/numpy/_?core/include")
PYTHON_INCLUDE = re.compile(BUILD_PYTHON + r"/include/python3\.\d+")


def patch(text: str) -> str:
    """Return the text of a CMake file with the include paths of the build container replaced."""
    text = NUMPY_INCLUDE.sub(lambda _: numpy.get_include(), text)
    return PYTHON_INCLUDE.sub(lambda _: sysconfig.get_path("include"), text)


def main() -> None:
    """Patch every CMake file below <prefix>/share."""
    share = Path(sys.prefix, "share")
    changed = 0
    for path in share.rglob("*.cmake"):
        before = path.read_text(encoding="utf-8")
        after = patch(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed += 1
    print(f"include paths corrected in {changed} CMake files of the ROS wheels")


if __name__ == "__main__":
    main()
