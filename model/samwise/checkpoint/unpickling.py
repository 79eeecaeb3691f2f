"""Loads what `torch.save` wrote without running anything that the file asks for."""

from __future__ import annotations

import argparse
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import torch

from samwise.checkpoint.diagnosis import Kind, kind_of, reason
from samwise.checkpoint.pickled_names import pickled_names, protocol
from samwise.checkpoint.shortage import is_shortage
from samwise.errors import CheckpointError

# A namespace holds plain values. The training code keeps its command line in one; nothing else is needed.
_HARMLESS: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [argparse.Namespace]
_REFUSED = re.compile(r"GLOBAL (\S+)")
_NEWEST_PROTOCOL = 3
_EXPECTED = ("torch.", "collections.", "argparse.", "_codecs.encode", "builtins.set", "builtins.bytearray")
_CHUNK = 1 << 20


def unpickle(file: Path) -> Any:
    """Load what `torch.save` wrote, in its old form or its zip form, onto the CPU.

    Tensors of the zip form stay on disk until they are accessed.

    Args:
        file: exists and can be read.

    Raises:
        CheckpointError: if it is neither, is damaged, or asks for a class or function that weights do not
            need. In that case nothing in it has run.
    """
    kind = kind_of(file)
    if kind is Kind.SAFETENSORS:
        raise CheckpointError(f"{str(file)!r} is a safetensors file; give a checkpoint written by torch.save")
    packed = kind is Kind.ZIP
    if packed:
        check_sums(file)
    # Given a path, torch judges by the suffix; but only a path can be memory-mapped, and only uncompressed:
    # torch would take compressed bytes for the values.
    mapped = packed and file.suffix != ".safetensors" and _is_stored(file)
    _check_protocol(file, packed)
    try:
        with (
            torch.serialization.safe_globals(_HARMLESS),
            warnings.catch_warnings(),
            file.open("rb") as stream,
        ):
            warnings.simplefilter("ignore")  # e.g. about protocol 3, which the user can do nothing about
            source = str(file) if mapped else stream
            return torch.load(source, map_location="cpu", weights_only=True, mmap=mapped)
    except Exception as error:
        # A pickle is a program: a damaged one can fail in any way.
        if is_shortage(error):
            raise
        if asked := _asked(file, packed, str(error)):
            raise CheckpointError(_refusal(file, asked)) from error
        raise CheckpointError(
            f"{str(file)!r} is damaged or cut off ({_gist(error)}); compare its size of "
            f"{file.stat().st_size:,} bytes with the source, and copy or download it again"
        ) from error


def check_sums(file: Path) -> None:
    """Compare the records of a zip with their checksums, which torch does not do.

    Raises:
        CheckpointError: if one is damaged.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                # 0: saved with `set_crc32_options(False)`.
                if entry.CRC:
                    with archive.open(entry) as record:
                        while record.read(_CHUNK):
                            pass
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise CheckpointError(
            f"{str(file)!r} is damaged ({reason(error)}); copy or download it again"
        ) from error


def _check_protocol(file: Path, packed: bool) -> None:
    """Refuse what torch cannot read safely, naming what it asks for."""
    with _first_pickle(file, packed) as stream:
        version = protocol(stream.read(2)) or 0
        if version <= _NEWEST_PROTOCOL:
            return
    if foreign := _asked(file, packed):
        raise CheckpointError(_refusal(file, foreign))
    raise CheckpointError(
        f"{str(file)!r} was saved with pickle protocol {version}, which torch cannot read without running "
        "it; save it again with torch's default protocol where it was made"
    )


def _is_stored(file: Path) -> bool:
    """Whether the records of a zip are uncompressed, as torch writes them; a repacked zip may differ."""
    with zipfile.ZipFile(file) as archive:
        return all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())


def _asked(file: Path, packed: bool, error: str = "") -> list[str]:
    """The names a file asks for that weights do not need.

    Args:
        file: to look into.
        packed: whether it is a zip.
        error: torch's message, which may name what it refused; for a file that is cut off, only the
            beginning of a name.
    """
    with _first_pickle(file, packed) as stream:
        names = pickled_names(stream)
    if refused := _REFUSED.search(error):
        # torch drops the module name of builtins.
        found = [name for name in names if name.removeprefix("builtins.") == refused[1]]
        if found:
            return found
    return [name for name in names if not name.startswith(_EXPECTED)]


def _gist(error: Exception) -> str:
    """The gist of a torch error, without its advice to trust the file."""
    if "Weights only load failed" not in str(error):
        return reason(error)
    told = str(error).partition("WeightsUnpickler error:")[2].strip().partition("\n")[0]
    return told or "its pickle makes no sense"


@contextmanager
def _first_pickle(file: Path, packed: bool) -> Iterator[IO[bytes]]:
    if not packed:
        with file.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(file) as archive:
        record = next(entry for entry in archive.infolist() if entry.filename.endswith("/data.pkl"))
        # Already checked, if there is one.
        del record.CRC
        with archive.open(record) as content:
            yield io.BytesIO(content.read())


def _refusal(file: Path, asked: list[str]) -> str:
    names = ", ".join(asked[:3])
    return (
        f"{str(file)!r} asks for {names}, which weights do not need and which could run anything, so nothing "
        "in it was run; if you trust its author, ask for the weights alone: "
        "torch.save({'model': model.state_dict()}, ...)"
    )
