import subprocess
import sys

import pytest

#: Ends well only if the node's process has all three streams by the time that it runs.
PROGRAM = """
import os
import samwise_ros.segmenter.run

def run(arguments, stop):
    for number in (0, 1, 2):
        os.fstat(number)

samwise_ros.segmenter.run.run_segmenter = run
{close}
raise SystemExit(samwise_ros.segmenter.main([]))
"""


@pytest.mark.parametrize("closed", [(), (0, 1, 2)])
def test_streams_that_the_parent_has_closed_are_not_taken_by_sockets(closed: tuple[int, ...]) -> None:
    # Only of the numbers: Python's own streams were opened before.
    close = "\n".join(f"os.close({number})" for number in closed)
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(close=close)], check=False)
    assert done.returncode == 0
