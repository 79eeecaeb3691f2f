"""Which classes and functions a pickle asks for, read without executing it."""

from __future__ import annotations

import pickletools
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections.abc import Iterator
from pathlib import Path
from typing import IO

#: In its old form `torch.save` writes five pickles one after the other; in a zip, one.
_PICKLES = 5


def pickled_names(stream: IO[bytes]) -> list[str]:
    """Names like `os.system`, in order, without repeats."""
    return list(dict.fromkeys(_names(stream)))


def is_pickle(file: Path) -> bool:
    """Whether a file begins with a complete pickle, of any protocol."""
    try:
        with file.open("rb") as stream:
            return sum(1 for _ in pickletools.genops(stream)) > 1
    except Exception:
        # The reader has no error class of its own for malformed input.
        return False


def protocol(start: bytes) -> int | None:
    """The protocol of a pickle that begins like this; None for other files, and for protocols 0 and 1."""
    return start[1] if len(start) > 1 and start[0] == 0x80 and 2 <= start[1] <= 5 else None


def _today(module: str, name: str) -> str:
    """A name as in Python 3. Up to protocol 2, a pickle uses Python 2's, such as `__builtin__.xrange`."""
    module, name = NAME_MAPPING.get((module, name), (IMPORT_MAPPING.get(module, module), name))
    return f"{module}.{name}"


def _names(stream: IO[bytes]) -> Iterator[str]:
    texts: list[str] = []
    try:
        for _ in range(_PICKLES):
            for opcode, argument, _ in pickletools.genops(stream):
                if opcode.name in ("GLOBAL", "INST"):
                    yield _today(*str(argument).split(" ", 1))
                elif opcode.name == "STACK_GLOBAL":
                    yield ".".join(texts[-2:])
                elif isinstance(argument, str):
                    texts.append(argument)
    except Exception:
        # Damaged, or at its end: what was found so far is worth reporting.
        return
