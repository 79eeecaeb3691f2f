"""The node is there before the model's library is imported, and without it."""

import subprocess
import sys

PROGRAM = """
import sys
{before}
import rclpy
import samwise_ros.segmenter.run
from samwise_ros.segmenter.node import SegmenterNode

rclpy.init(args=["--ros-args", "-p", "device:=cuda", "-p", "expression:=the dog"] if {given} else [])
node = SegmenterNode()
libraries = ("samwise", "torch", "transformers", "sam2")
print(*sorted(name for name in sys.modules if name.split(".")[0] in libraries and sys.modules[name]))
"""


def library_modules(*, given: bool = False, before: str = "") -> list[str]:
    """What of the library a process has imported by the time that its node is in the graph."""
    program = PROGRAM.format(given=given, before=before)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_nothing_of_the_library_is_imported_before_the_node_is_there() -> None:
    assert library_modules() == []


def test_checking_what_is_given_at_start_imports_light_modules_only() -> None:
    assert all(name.split(".")[0] == "samwise" for name in library_modules(given=True))


def test_a_missing_library_does_not_keep_the_node_from_being_there() -> None:
    # What Python finds there in place of a module says that there is none.
    assert library_modules(given=True, before="sys.modules['samwise'] = None") == []
