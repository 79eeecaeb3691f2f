"""`samwise download`: a published model, fetched once, converted, tried, and known by its name."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from samwise.errors import CheckpointError, SamwiseError
from samwise.shell import values
from samwise.shell.hashing import sha256_of
from samwise.shell.placing import OutputError, output_file
from samwise.shell.published import CACHE_VARIABLE, PUBLISHED, Published, cache_folder, cached, note_of

NAME = "samwise download"
SIZE = "840 MB"
"""Of 210 million parameters in float32."""
NOTES = (
    "The size is that on disk, once converted; the download may be three times as large.\n"
    "The licence is that of the official repository (github.com/ClaudiaCuttano/SAMWISE), which names no\n"
    "other for its files."
)
SENTENCE = "the person on the left"
"""For the trial of a model: something to ask about a frame."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="?", choices=tuple(PUBLISHED), help="of the model, see --list")
    parser.add_argument("--list", action="store_true", help="show the published models, and which are here")
    parser.add_argument(
        "--from",
        dest="source",
        metavar="PATH_OR_URL",
        help="take the file from there: a mirror, a server of yours, a file brought on a stick "
        "(default: the authors' Google Drive)",
    )
    parser.add_argument(
        "--tokenizer",
        type=values.path,
        metavar="FOLDER",
        help="folder with the tokenizer.json of the text encoder (default: from the Hugging Face Hub)",
    )
    parser.add_argument("--keep", action="store_true", help="also keep the file as it was downloaded")
    parser.add_argument("--overwrite", action="store_true", help="fetch it again although it is here")


def run(args: argparse.Namespace) -> int:
    """Fetch, convert and try one model, or list all.

    Returns:
        0: it is there and works.

    Raises:
        SamwiseError: if it cannot be fetched, is something else, does not work, or has no place.
    """
    if args.list:
        print(_table())
        return 0
    if args.name is None:
        raise SamwiseError(f"which model? Name one of {', '.join(PUBLISHED)}; --list tells what they are")
    published = PUBLISHED[args.name]
    with _alone(published.name):
        if cached(published.name).is_file() and not args.overwrite:
            print(f"{published.name} is here: {cached(published.name)}; --overwrite fetches it again")
            return 0
        _bring(published, args)
    print(f"load it by its name: samwise segment VIDEO SENTENCE --checkpoint {published.name}")
    return 0


def _bring(published: Published, args: argparse.Namespace) -> None:
    original = _original(published, args.source)
    print(f"sha256 of what was downloaded: {original.sha256}", flush=True)
    place = cached(published.name)
    with output_file(place, lambda _: (), overwrite=True) as made:
        content_hash = _convert(original, made, args.tokenizer)
        _try(made)
    note = {
        "source": original.source,
        "sha256": original.sha256,
        "bytes": original.file.stat().st_size,
        "content_sha256": content_hash,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    _write_note(note_of(published.name), note)
    print(f"wrote {place} ({place.stat().st_size / 1e6:,.0f} MB)")
    original.put_away(place.with_suffix(".original") if args.keep else None)


class _Original:
    """The file as its authors made it.

    Args:
        file: to be read.
        source: where it came from.
        ours: it was downloaded here, and goes when it is no longer needed.

    Attributes:
        file: where it is.
        source: where it came from.
        sha256: of its bytes.
    """

    def __init__(self, file: Path, source: str, *, ours: bool) -> None:
        self.file, self.source, self._ours = file, source, ours
        self.sha256 = sha256_of(file)

    def put_away(self, keep: Path | None) -> None:
        """Delete it, or keep it under another name, if it was downloaded; a file of the user's stays."""
        if not self._ours:
            return
        if keep is not None:
            self.file.replace(keep)
            print(f"kept {keep}")
        shutil.rmtree(self.file.parent, ignore_errors=True)


def _original(published: Published, source: str | None) -> _Original:
    """The official file: given, or fetched."""
    from samwise.checkpoint.finding import find, is_address

    if source is not None and not is_address(source):
        file = find(Path(source))
        return _Original(file, file.name, ours=False)
    from samwise.checkpoint.fetching import fetch

    address = source or published.address
    # What was begun from one address is not gone on with from another.
    mark = hashlib.sha256(address.encode()).hexdigest()[:12]
    print(f"fetching {published.name} from {address}", flush=True)
    file = fetch(address, cache_folder() / "downloads" / f"{published.name}-{mark}")
    return _Original(file, address, ours=True)


def _convert(original: _Original, made: Path, tokenizer: Path | None) -> str:
    """Write the model with its tokenizer; returns the hash of its parameters."""
    from samwise.checkpoint import TOKENIZERS, content_hash, contents, tokenizer_of
    from samwise.checkpoint.fetching import fetch_tokenizer
    from samwise.checkpoint.own_format import write
    from samwise.checkpoint.shortage import is_shortage

    try:
        found = contents(original.file)
    except CheckpointError as error:
        if error.__cause__ is None or not is_shortage(error.__cause__):
            # Or the next try would take it for the file.
            original.put_away(None)
        raise
    try:
        words = tokenizer_of(found.network, found.tokenizer, tokenizer)
    except CheckpointError:
        if found.tokenizer is not None or tokenizer is not None:
            raise
        folder = fetch_tokenizer(TOKENIZERS[found.network.config.text.kind])
        words = tokenizer_of(found.network, None, folder)
    write(made, found.network, words, trained_with=found.trained_with)
    for remark in found.remarks:
        print(f"{NAME}: {remark}", file=sys.stderr)
    return content_hash(found.network.state_dict())


def _try(file: Path) -> None:
    """Segment one frame. Raises CheckpointError if numbers come out that are none."""
    import numpy as np

    from samwise.model import load
    from samwise.session import Session

    session = Session(load(file))
    session.start(SENTENCE)
    frame = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    target = session.step(frame).targets[0]
    if not (np.isfinite(target.score) and np.isfinite(target.probability).all()):
        raise CheckpointError(
            "the model gives no numbers for a frame: its file is damaged; download it again"
        )


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Be the only process that downloads it; another one waits, and says so."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print(f"{name} is being downloaded by another process: waiting for it", file=sys.stderr)
            lock.acquire()
    except OSError as error:
        raise OutputError(
            f"cannot write to {folder}: {error.strerror or error}; make it writable, or set {CACHE_VARIABLE} "
            "to another folder"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _write_note(place: Path, note: Mapping[str, Any]) -> None:
    with output_file(place, lambda _: (), overwrite=True) as made:
        made.write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def _table() -> str:
    rows = [("name", "for", "trained on", "size", "licence", "here")]
    for published in PUBLISHED.values():
        file = cached(published.name)
        here = str(file) if file.is_file() else "-"
        rows.append(
            (published.name, published.purpose, published.trained_on, SIZE, "Apache-2.0", here),
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows) + f"\n\n{NOTES}"
