"""Too little memory is not a damaged file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samwise.errors import CheckpointError

# torch has no error class for the CPU's allocator, and safetensors has none for a failed mapping.
_SIGNS = (
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "out of memory",
    "bad_alloc",
    "(os error 12)",
)


def is_shortage(error: BaseException) -> bool:
    """Whether an error says that there is not enough memory."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(sign in text for sign in _SIGNS)


@contextmanager
def shortage_named(file: Path) -> Iterator[None]:
    """Turn out-of-memory errors inside into one line.

    Args:
        file: the file being loaded.

    Raises:
        CheckpointError: with the size of the file and a remedy.
    """
    try:
        yield
    except (MemoryError, RuntimeError, OSError) as error:
        if not is_shortage(error):
            raise
        raise CheckpointError(
            f"there is too little memory to load {str(file)!r}, which takes up to twice its "
            f"{file.stat().st_size / 1e6:,.0f} MB for a moment; end other programs, or raise the limit"
        ) from error
