"""Names of devices, checked before anything slow is imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from samwise.errors import ConfigurationError

if TYPE_CHECKING:
    import torch

CHOICES = "cpu, cuda, cuda:N or mps"
_NAME = re.compile(r"cpu|mps|cuda(:\d{1,3})?")


def checked_device(name: str) -> str:
    """Return the name if a model can run on such a device; whether this machine has one is not checked.

    Raises:
        ConfigurationError: if it is not a device name.
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"device {name!r} is not one that a model can run on; choose {CHOICES}")
    return name


def usable_device(name: str) -> torch.device:
    """Return a device of this machine.

    Raises:
        ConfigurationError: if it is not a device, or is not present; the message lists those that are.
    """
    import torch

    try:
        where = torch.device(checked_device(name))
        torch.empty(1, device=where)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise ConfigurationError(
            f"device {name!r} cannot be used ({reason}); here is {', '.join(_present())}"
        ) from error
    return where


def _present() -> list[str]:
    import torch

    found = ["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))]
    return [*found, "mps"] if torch.backends.mps.is_available() else found
