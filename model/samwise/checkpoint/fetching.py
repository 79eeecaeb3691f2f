"""Files from the network: whole, or kept so far, to go on from there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gdown
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled
from requests import RequestException
from tqdm import tqdm

from samwise.checkpoint.diagnosis import reason
from samwise.errors import CheckpointError
from samwise.shell.placing import FULL, OutputError
from samwise.shell.published import CACHE_VARIABLE

#: Seconds to wait for a connection, and between two pieces of the file.
PATIENCE = (10.0, 60.0)
RETRIES = 5
#: What gdown says when what has come cannot be gone on with. After any other failure it is kept.
OF_NO_USE = ("byte range", "multiple temporary files")
#: All that a tokenizer of `transformers` can consist of, and nothing of its model.
TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "config.json"]


def fetch(address: str, folder: Path) -> Path:
    """Download a file into a folder of its own, or go on where an earlier try was broken off.

    Args:
        address: of the file, as a URL; also Google Drive's, which shows a page before a large file.
        folder: for what comes from this address; made if it is not there.

    Returns:
        The file. What is in it is for the caller to find out: a server may send an error page for it.

    Raises:
        CheckpointError: if the address gives no file.
        OutputError: if there is no room for it, or the folder cannot be written to.
    """
    file = folder / "downloaded"
    with _storing(folder), _answering(address):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _download(address, file)
        except gdown.exceptions.DownloadError as error:
            if not any(said in str(error) for said in OF_NO_USE):
                raise
            # The server cannot go on in the middle, or has another file by now: from the beginning, then.
            for partial in folder.glob("*.part"):
                partial.unlink()
            _download(address, file)
    return file


def fetch_tokenizer(name: str) -> Path:
    """Download a tokenizer into the cache of `transformers`.

    Args:
        name: on the Hugging Face Hub, such as "roberta-base".

    Returns:
        The folder with its files.

    Raises:
        CheckpointError: if it cannot be had.
    """
    try:
        return Path(snapshot_download(name, allow_patterns=TOKENIZER_FILES))
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError, ValueError) as error:
        raise CheckpointError(
            f"the tokenizer {name!r} cannot be downloaded ({reason(error)}); check the network, or give a "
            "folder with its tokenizer.json by --tokenizer"
        ) from error


def _download(address: str, file: Path) -> None:
    with tqdm(unit="B", unit_scale=True, unit_divisor=1024, desc="download") as bar:

        def progress(so_far: int, total: int | None) -> None:
            if total is not None and bar.total is None:
                _check_room(file.parent, total - so_far)
            bar.total = total
            bar.update(so_far - bar.n)

        gdown.download(
            address,
            str(file),
            quiet=True,
            use_cookies=False,
            resume=True,
            progress=progress,
            timeout=PATIENCE,
            retries=RETRIES,
        )


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutputError(
            f"{folder} has room for {free / 1e6:,.0f} MB, and {needed / 1e6:,.0f} MB are still to come; make "
            f"room, or set {CACHE_VARIABLE} to a folder on another disk"
        )


@contextmanager
def _answering(address: str) -> Iterator[None]:
    """Say in one line why an address gives no file."""
    try:
        yield
    except (OutputError, CheckpointError):
        raise
    except gdown.exceptions.FileURLRetrievalError as error:
        raise CheckpointError(
            f"Google Drive does not give the file at {address} now, perhaps because it was asked for too "
            "often today; try again tomorrow, or fetch it in a browser and give the file by --from"
        ) from error
    except (RequestException, gdown.exceptions.DownloadError, KeyError, AssertionError) as error:
        # The last two come from pages that gdown does not understand.
        raise CheckpointError(
            f"nothing can be fetched from {address} ({reason(error)}); check address and network, and give "
            "the command again: it goes on from what has come. Or give a file by --from"
        ) from error


@contextmanager
def _storing(folder: Path) -> Iterator[None]:
    """Say in one line why a file cannot be kept."""
    try:
        yield
    except OSError as error:
        # Of `requests`, they would have been caught before.
        remedy = "make room" if error.errno in FULL else "make it writable"
        raise OutputError(
            f"cannot write to {folder}: {error.strerror or error}; {remedy}, or set {CACHE_VARIABLE} to "
            "another folder"
        ) from error
