"""Plots, drawn without a display."""

from __future__ import annotations

from typing import Any

from samwise.errors import SamwiseError


def figures() -> Any:
    """The `Figure` of matplotlib, which draws without a display.

    Raises:
        SamwiseError: if matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SamwiseError(
            "plots need matplotlib: pip install matplotlib (soak can do without: --no-plot)"
        ) from error
    return Figure
