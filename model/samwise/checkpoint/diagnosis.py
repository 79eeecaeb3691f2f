"""What a file really is, judged by its first bytes; its suffix may mislead."""

from __future__ import annotations

import enum
import json
import re
import tarfile
import zipfile
from pathlib import Path

from samwise.checkpoint.pickled_names import is_pickle, pickled_names
from samwise.errors import CheckpointError

_HEAD = 1 << 16
_TORCH_MAGIC = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"
"""Starts the old form of `torch.save`, inside a pickle whose own first bytes depend on its protocol."""
_PACKED = (
    (b"\x1f\x8b", "gzip", "gunzip, or tar xzf"),
    (b"BZh", "bzip2", "bunzip2, or tar xjf"),
    (b"\xfd7zXZ\x00", "xz", "unxz, or tar xJf"),
    (b"\x28\xb5\x2f\xfd", "zstd", "unzstd"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", "7z x"),
    (b"Rar!", "RAR", "unrar x"),
)
_KNOWN = (
    (b"\x89HDF", "an HDF5 file (Keras?)"),
    (b"GGUF", "a GGUF file (llama.cpp?)"),
    (b"\x93NUMPY", "a numpy array"),
    (b"\x7fELF", "a program"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_MODELS = (".pth", ".pt", ".safetensors", ".bin", ".ckpt")


class Kind(enum.Enum):
    """Forms that weights come in."""

    SAFETENSORS = "safetensors"
    ZIP = "torch.save's zip"
    PICKLE = "torch.save's old pickle"


def kind_of(file: Path) -> Kind:
    """The form of a file of weights.

    Args:
        file: exists and can be read.

    Raises:
        CheckpointError: if it has none of them; the message says what it is instead, and what to do then.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        _check_zip(file, size)
        return Kind.ZIP
    if _TORCH_MAGIC in head[:64]:
        return Kind.PICKLE
    if head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 1 << 32:
        _check_safetensors(file, size)
        return Kind.SAFETENSORS
    raise CheckpointError(f"{str(file)!r} {_instead(file, head)}")


def reason(error: BaseException) -> str:
    """The gist of an error: its first line, or its kind if it has no text."""
    if isinstance(error, EOFError):
        return "it ends too early"
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".")[:120] if lines else type(error).__name__


def _instead(file: Path, head: bytes) -> str:
    """What a file without weights is instead, and what to do about it."""
    if not head:
        return "is empty; copy or download it again"
    if not head.strip(b"\x00"):
        return "begins with nothing but zeros, like an interrupted download; download it again"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head")) or b"<html" in start[:1024]:
        return _page(head)
    if head.startswith(b"version https://git-lfs.github.com/spec/"):
        return (
            "is a git-lfs pointer, a placeholder until the file itself is fetched; install git-lfs, and run "
            "`git lfs pull` in its repository"
        )
    for magic, name, command in _PACKED:
        if head.startswith(magic):
            return f"is a {name} archive; unpack it ({command}), and give the file inside"
    if tarfile.is_tarfile(file):
        return "is a tar archive; unpack it (tar xf), and give the file inside"
    if is_pickle(file):
        with file.open("rb") as stream:
            asked = ", ".join(pickled_names(stream)[:3])
        asking = f", which asks for {asked}" if asked else ""
        return (
            f"is a Python pickle that torch.save did not write{asking}; it was not run. Give a checkpoint of "
            "SAMWISE"
        )
    for magic, name in _KNOWN:
        if head.startswith(magic):
            return f"is {name}, not a checkpoint; give a checkpoint of SAMWISE"
    if _is_text(head):
        line = head.decode("utf-8", "replace").strip().splitlines()[0][:60]
        return f"is not a readable checkpoint but text ({line!r} ...); download the checkpoint again"
    return (
        f"is not a readable checkpoint: neither torch nor safetensors files begin with {head[:8].hex(' ')}; "
        "check the path, or download it again"
    )


def _page(head: bytes) -> str:
    text = head.decode("utf-8", "replace")
    found = re.search(r"<title[^>]*>\s*(.*?)\s*</title>", text, re.IGNORECASE | re.DOTALL)
    title = f" ({' '.join(found[1].split())[:60]!r})" if found else ""
    if "quota" in text.lower():
        remedy = "its download quota is used up: try again tomorrow, or copy it to your own Drive first"
    else:
        remedy = "download it with a browser, or from Google Drive with `gdown --fuzzy LINK`"
    return f"is a web page{title}, served instead of the file; {remedy}"


def _is_text(head: bytes) -> bool:
    try:
        text = head[: len(head) - 3].decode() if len(head) == _HEAD else head.decode()
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(c.isprintable() or c.isspace() for c in text)


def _check_zip(file: Path, size: int) -> None:
    """Accept torch's zips and refuse others."""
    name = repr(str(file))
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CheckpointError(
            f"{name} is cut off or damaged: its {size:,} bytes begin like a zip but do not end like one; "
            "copy or download it again"
        ) from error
    inner = {member.partition("/")[2] for member in members}
    if "constants.pkl" in inner:
        raise CheckpointError(
            f"{name} is a TorchScript archive, a program, not weights; give the checkpoint it was made from"
        )
    if "data.pkl" in inner:
        return
    models = [member for member in members if member.endswith(_MODELS)]
    if models:
        raise CheckpointError(f"{name} is a zip archive; unpack it (unzip), and give {models[0]!r} from it")
    raise CheckpointError(
        f"{name} is a zip archive without a checkpoint (it holds {', '.join(members[:3]) or 'nothing'}); "
        "give a checkpoint of SAMWISE"
    )


def _check_safetensors(file: Path, size: int) -> None:
    """Refuse a file that is cut off, saying by how much; other damage shows when it is read."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = stream.read(length) if 8 + length <= size else b""
    try:
        entries = json.loads(header)
        ends = [entry["data_offsets"][1] for name, entry in entries.items() if name != "__metadata__"]
        whole = 8 + length + max(ends, default=0)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        # For a malformed header the library has its own message.
        whole = max(size, 8 + length)
    if size < whole:
        raise CheckpointError(
            f"{str(file)!r} is damaged: cut off after {size:,} bytes of {whole:,}; copy or download it again"
        )
