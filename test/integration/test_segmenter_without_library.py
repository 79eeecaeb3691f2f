"""The node where the model's library, or torch below it, is missing or broken."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from integration.segmenter_process import START_S, Client, SegmenterProcess
from lifecycle_msgs.msg import State, Transition

#: As long as the file is there, an import fails.
WITHOUT = """
import pathlib, sys

class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r} and pathlib.Path({mark!r}).exists():
            raise {error}

sys.meta_path.insert(0, Broken())
from samwise_ros import segmenter
raise SystemExit(segmenter.main())
"""


@pytest.mark.parametrize(
    ("module", "error", "reason"),
    [
        ("samwise", "ModuleNotFoundError(\"No module named 'samwise'\")", "No module named 'samwise'"),
        ("torch", "ModuleNotFoundError(\"No module named 'torch'\")", "No module named 'torch'"),
        ("torch", "OSError('libcudart.so: cannot open')", "OSError: libcudart.so: cannot open"),
    ],
    ids=["samwise missing", "torch missing", "torch broken"],
)
def test_the_node_is_there_says_what_is_missing_and_is_configured_once_it_is_not(
    start_segmenter: Callable[..., SegmenterProcess],
    client: Client,
    seeded_checkpoint: Path,
    tmp_path: Path,
    module: str,
    error: str,
    reason: str,
) -> None:
    mark = tmp_path / "broken"
    mark.touch()
    program = WITHOUT.format(module=module, mark=str(mark), error=error)
    process = start_segmenter("-c", program, checkpoint=seeded_checkpoint, expression="the dog")
    client.wait_for_log(
        process, f"cannot configure: the model's library cannot be imported ({reason})", START_S
    )
    assert f"`pip install ./model` for {sys.executable}" in process.log
    assert client.state() == State.PRIMARY_STATE_UNCONFIGURED
    assert not client.transition(Transition.TRANSITION_CONFIGURE)
    assert process.log.count("cannot configure: ") == 2
    mark.unlink()
    assert client.transition(Transition.TRANSITION_CONFIGURE)
    assert client.state() == State.PRIMARY_STATE_INACTIVE
    client.wait_for_log(process, "following 'the dog'")
    assert "Traceback" not in process.log
