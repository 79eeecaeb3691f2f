"""Another implementation to be timed in turns with ours."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from samwise.errors import SamwiseError

FrameCall = Callable[[NDArray[np.uint8]], object]
"""Takes a frame, uint8 `[H, W, 3]` RGB, does one frame's work, and returns when it is done."""


def load_other(where: str) -> FrameCall:
    """Make the callable that `package.module:factory` names.

    The factory takes no arguments and returns a `FrameCall`; it loads weights, chooses a sentence and does
    whatever else the other implementation needs. The current folder is searched as well.

    Raises:
        SamwiseError: if there is no such factory, or what it makes cannot be called.
    """
    module_name, _, factory_name = where.partition(":")
    if not module_name or not factory_name:
        raise SamwiseError(f"--against is {where!r}; write package.module:factory")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        factory = getattr(importlib.import_module(module_name), factory_name)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise SamwiseError(f"--against {where!r} cannot be loaded ({error}); check the names") from error
    call = factory()
    if not callable(call):
        raise SamwiseError(
            f"--against {where!r} made a {type(call).__name__}; a factory returns a function of a frame"
        )
    made: FrameCall = call
    return made
