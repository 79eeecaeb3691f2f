"""Streaming referring video segmentation: SAMWISE (arXiv 2411.17646) without ROS."""

from samwise.errors import CheckpointError, ConfigurationError, ExpressionError, FrameError, SamwiseError
from samwise.results import Decision, StepResult, Target
from samwise.segmenter import Segmenter, load
from samwise.session import Session

__all__ = [
    "CheckpointError",
    "ConfigurationError",
    "Decision",
    "ExpressionError",
    "FrameError",
    "SamwiseError",
    "Segmenter",
    "Session",
    "StepResult",
    "Target",
    "load",
]
