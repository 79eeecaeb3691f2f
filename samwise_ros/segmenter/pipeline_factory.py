"""Opens the model and builds the pipeline around it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from samwise.shell.threads import wait_passively
from samwise_ros.segmenter.parameters import Settings

if TYPE_CHECKING:
    from samwise_ros.pipeline import Pipeline


def open_pipeline(settings: Settings, clock: Callable[[], int]) -> Pipeline:
    """Load the checkpoint; takes seconds.

    Args:
        settings: of the node.
        clock: see `Pipeline`.

    Raises:
        ImportError: the library `samwise` is not installed for this Python.
        samwise.SamwiseError: the checkpoint, device or precision cannot be used.
    """
    wait_passively()
    # Imported here, not on top: this takes seconds and fails where the library is missing. Both belong to
    # the configure transition, which reports a reason, not to the start of the process.
    try:
        import samwise
        from samwise_ros.pipeline import Pipeline
    except ImportError as error:
        raise ImportError(
            f"{error}; install the model with `pip install ./model` for {sys.executable}, see README"
        ) from error
    model = samwise.load(
        settings.checkpoint or None,
        device=settings.device,
        precision=settings.precision,
        threads=settings.threads,
    )
    session = samwise.Session(
        model, mask_threshold=settings.mask_threshold, cme_threshold=settings.cme_threshold
    )
    return Pipeline(session, clock, model.unknown_words, restart_threshold=settings.restart_threshold)
