"""From a path as the user wrote it to a file that can be opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from samwise.errors import CheckpointError
from samwise.shell.published import PUBLISHED, cached, not_here

MINIATURE = "weights/miniature.safetensors"
_SUFFIXES = (".safetensors", ".pth", ".pt", ".bin", ".ckpt")
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]+:/")
_SHOWN = 3


def find(path: str | Path | None) -> Path:
    """The regular, readable file that a path means; `~` is the home directory.

    Args:
        path: as given; None: the bundled miniature. A text that is a name of `PUBLISHED` stands for the file
            that `samwise download` has left on this machine, whatever has that name in the current folder.

    Raises:
        CheckpointError: saying what is there instead, and what a misspelt name may have meant.
    """
    if path is None:
        return Path(str(files("samwise").joinpath(MINIATURE)))
    text = os.fspath(path)
    if not text.strip():
        raise CheckpointError("the path of the checkpoint is blank; name a file, or none for the miniature")
    try:
        file = cached(text) if _is_name(path) else Path(text).expanduser()
        mode = file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise CheckpointError(not_here(text) if _is_name(path) else _missing(text, file)) from None
    except PermissionError as error:
        raise CheckpointError(
            f"no permission to enter the folder of {str(file)!r}; `chmod +x` it and those above it, or copy "
            "the file"
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        # A name that is too long, circular links, the home of an unknown user, a null byte.
        raise CheckpointError(
            f"{text!r} cannot be a path ({getattr(error, 'strerror', None) or error}); check it"
        ) from error
    if stat.S_ISDIR(mode):
        raise CheckpointError(_folder(file))
    if not stat.S_ISREG(mode):
        raise CheckpointError(
            f"{str(file)!r} is a pipe or a device, which cannot be read out of order as a model must be; "
            "save it as a file first"
        )
    try:
        with file.open("rb") as opened:
            # A failing disk only shows here.
            opened.read(1)
            return file
    except PermissionError as error:
        raise CheckpointError(
            f"no permission to read {str(file)!r} (mode {stat.S_IMODE(mode):o}); `chmod +r` it, or run as "
            "its owner"
        ) from error
    except OSError as error:
        raise CheckpointError(
            f"{str(file)!r} cannot be read ({error.strerror}); check the disk, or copy the file again"
        ) from error


def is_address(text: str) -> bool:
    """Whether a text names something on the network, be it misspelt like "http:/x", and no file."""
    return _ADDRESS.match(text) is not None


def _is_name(path: str | Path) -> bool:
    # `Path("./mevis")` forgets how it was written: only a text can be a name.
    return isinstance(path, str) and path in PUBLISHED


def _missing(given: str, file: Path) -> str:
    text = str(file)
    if is_address(given):
        return (
            f"{given!r} is a URL; `samwise download NAME --from URL` fetches a published checkpoint, for "
            "others download the file and give its path"
        )
    if file.is_symlink():
        return f"{text!r} is a link to {os.readlink(file)!r}, which does not exist; fix the link"
    where = "" if file.is_absolute() else f" in {str(Path.cwd())!r}"
    start = f"no checkpoint at {text!r}{where}"
    if "$" in text:
        return f"{start}; variables are not expanded here: write the path out"
    above = file.parent
    if above.is_file():
        return f"{start}: {str(above)!r} is a file, not a folder; check the path"
    if not above.is_dir():
        return f"{start}: there is no folder {str(above)!r}; check the path"
    if near := get_close_matches(file.name.strip(), _names(above), _SHOWN, cutoff=0.75):
        return f"{start}; did you mean {_listed(near)}?"
    return f"{start}; check the path, or give none for the miniature"


def _folder(folder: Path) -> str:
    names = _names(folder)
    if {"data.pkl", "data"} <= {*names}:
        return (
            f"{str(folder)!r} is a folder: a checkpoint that was unpacked like an archive, which some "
            "browsers do on their own; download it again and leave it packed"
        )
    models = sorted(name for name in names if name.endswith(_SUFFIXES))
    if not models:
        return f"{str(folder)!r} is a folder without checkpoints; give the path of a file"
    more = f" and {len(models) - _SHOWN} more" if len(models) > _SHOWN else ""
    return f"{str(folder)!r} is a folder; name the file in it: {_listed(models[:_SHOWN])}{more}"


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _listed(names: Iterable[str]) -> str:
    return " or ".join(map(repr, names))
