"""Opens the model and builds the pipeline around it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samwise_ros.segmenter.parameters import Settings

if TYPE_CHECKING:
    from samwise import Model
    from samwise_ros.pipeline import Pipeline


@dataclass(frozen=True)
class Opened:
    """A model, ready for a stream.

    Attributes:
        pipeline: around it.
        frame_rate: frames per second that it was trained at; None: its file does not say.
    """

    pipeline: Pipeline
    frame_rate: float | None


def open_pipeline(settings: Settings, clock: Callable[[], int]) -> Opened:
    """Load the checkpoint; takes seconds.

    Args:
        settings: of the node.
        clock: see `Pipeline`.

    Raises:
        ImportError: if the library `samwise`, or torch below it, is missing or does not work.
        samwise.SamwiseError: if the checkpoint, device or precision cannot be used.
    """
    # Imported here, not on top: this takes seconds and fails where something is missing. Both belong to the
    # configure transition, which reports a reason, not to the start of the process.
    try:
        # It may have been installed since the last attempt.
        importlib.invalidate_caches()
        from samwise.shell.threads import wait_passively

        wait_passively()
        from samwise import Session, load
        from samwise_ros.pipeline import Pipeline
    except Exception as error:  # A torch that does not fit the machine raises OSError, or RuntimeError.
        raise ImportError(
            f"the model's library cannot be imported ({_said(error)}); install it, and torch with it, by "
            f"`pip install ./model` for {sys.executable}, see README"
        ) from error
    model = load(
        settings.checkpoint or None,
        device=settings.device,
        precision=settings.precision,
        threads=settings.threads,
    )
    session = Session(model, mask_threshold=settings.mask_threshold, cme_threshold=settings.cme_threshold)
    pipeline = Pipeline(session, clock, lambda sentence: _understood(model, sentence))
    return Opened(pipeline, model.network.config.frame_rate)


def _understood(model: Model, sentence: str) -> tuple[str, ...]:
    """Words that the model has never seen. Raises ExpressionError for a sentence that it has no use for."""
    model.tokenizer.encode([sentence])
    return model.unknown_words(sentence)


def _said(error: Exception) -> str:
    """What is wrong, in one line, with the class of the error where its text may not say enough."""
    line = (str(error).splitlines() or [""])[0]
    return line if isinstance(error, ImportError) and line else f"{type(error).__name__}: {line}"
