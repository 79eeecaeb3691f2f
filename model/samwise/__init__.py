"""Streaming referring video segmentation: SAMWISE (arXiv 2411.17646) without ROS.

The public names are imported when they are first accessed (PEP 562): torch takes seconds, and nobody who only
wants an error class or a command's help should wait for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samwise.errors import CheckpointError, ConfigurationError, ExpressionError, FrameError, SamwiseError
    from samwise.model import Model, load
    from samwise.results import Decision, StepResult, Target
    from samwise.session import Session

_HOMES = {
    "CheckpointError": "samwise.errors",
    "ConfigurationError": "samwise.errors",
    "Decision": "samwise.results",
    "ExpressionError": "samwise.errors",
    "FrameError": "samwise.errors",
    "SamwiseError": "samwise.errors",
    "Model": "samwise.model",
    "Session": "samwise.session",
    "StepResult": "samwise.results",
    "Target": "samwise.results",
    "load": "samwise.model",
}

__all__ = [
    "CheckpointError",
    "ConfigurationError",
    "Decision",
    "ExpressionError",
    "FrameError",
    "Model",
    "SamwiseError",
    "Session",
    "StepResult",
    "Target",
    "load",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
