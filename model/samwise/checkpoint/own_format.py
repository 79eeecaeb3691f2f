"""Our own files: safetensors with a configuration, a content hash, a tokenizer, and how it was trained."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from samwise.checkpoint.diagnosis import reason
from samwise.checkpoint.shortage import is_shortage
from samwise.checkpoint.trained_with import Plain, plain
from samwise.config import ModelConfig
from samwise.errors import CheckpointError, SamwiseError
from samwise.network.samwise import Samwise
from samwise.shell.placing import output_file
from samwise.text.tokenizer import Tokenizer

FAMILY, VERSION = "samwise-", "1"
FORMAT = FAMILY + VERSION
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")


def content_hash(state: Mapping[str, Tensor]) -> str:
    """SHA-256 over the names, types, shapes and bytes of all tensors, sorted by name."""
    digest = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].detach().cpu().contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def save(path: str | Path, model: Samwise, tokenizer: Tokenizer | None, *, half: bool = False) -> None:
    """Write a model as safetensors with its configuration, tokenizer and content hash.

    The file appears at its path once it is complete; until then, and after an error, what was there stays.

    Args:
        path: file to write, or to replace.
        model: to save.
        tokenizer: see `write`.
        half: see `write`.

    Raises:
        OutputError: if it cannot be written there.
    """
    with output_file(Path(path), lambda _: (), overwrite=True) as partial:
        write(partial, model, tokenizer, half=half)


def write(
    file: Path,
    model: Samwise,
    tokenizer: Tokenizer | None,
    *,
    half: bool = False,
    trained_with: Mapping[str, Plain] | None = None,
) -> None:
    """Write like `save`, straight into a file.

    Args:
        file: to write.
        model: to save.
        tokenizer: to embed; None: the text encoder's own is then needed wherever the file is loaded.
        half: store float16, half the size; computation is in float32 all the same.
        trained_with: the official training code's command line, to keep.

    Raises:
        OSError: if it cannot be written.
    """
    state = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    if half:
        state = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    metadata = {"format": FORMAT, "config": json.dumps(model.config.to_dict()), "sha256": content_hash(state)}
    if tokenizer is not None:
        metadata["tokenizer"] = tokenizer.to_json()
    if trained_with:
        metadata["trained_with"] = json.dumps(trained_with)
    try:
        save_file(state, file, metadata)
    except SafetensorError as error:
        # This is how it reports a full disk.
        number = int(found[1]) if (found := _SYSTEM_ERROR.search(str(error))) else errno.EIO
        raise OSError(number, os.strerror(number)) from error
    # safetensors makes the file readable by its owner only.
    file.chmod(0o644)


def read_tensors(file: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """All tensors of a safetensors file, and its metadata.

    Raises:
        CheckpointError: if it is damaged.
    """
    try:
        with safe_open(file, framework="pt") as opened:
            metadata = opened.metadata() or {}
            return {name: opened.get_tensor(name) for name in opened.keys()}, metadata  # noqa: SIM118 - no dict
    except (SafetensorError, OSError, RuntimeError, ValueError) as error:
        if is_shortage(error):
            raise MemoryError(str(error)) from error
        raise CheckpointError(f"it is damaged ({reason(error)}); copy or download it again") from error


def is_ours(file: Path) -> bool:
    """Whether a file was written by `save`, of this version or another."""
    try:
        with safe_open(file, framework="pt") as opened:
            return _format(opened.metadata() or {}).startswith(FAMILY)
    except (SafetensorError, OSError):
        return False


def claims_to_be_ours(metadata: Mapping[str, str]) -> bool:
    """Whether metadata come from `save`, of this version or another."""
    return _format(metadata).startswith(FAMILY)


def configuration(metadata: Mapping[str, str], state: Mapping[str, Tensor]) -> ModelConfig:
    """The configuration of a file of ours, after checking that the file is unchanged.

    Raises:
        CheckpointError: if the file is damaged, or of another version.
    """
    if _format(metadata) != FORMAT:
        raise CheckpointError(
            f"it has the format {_format(metadata)!r} of another version of this library, and this one reads "
            f"{FORMAT!r}; update samwise"
        )
    if content_hash(state) != metadata.get("sha256"):
        raise CheckpointError(
            "it does not match its own hash: it is damaged, or another program has changed it; copy or "
            "download it again"
        )
    try:
        return ModelConfig.from_dict(json.loads(metadata["config"]))
    except (SamwiseError, KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        # A malformed configuration may fail in any of these ways.
        raise CheckpointError(
            f"its configuration cannot be read ({reason(error)}); update samwise, or copy the file again"
        ) from error


def trained_with(metadata: Mapping[str, str]) -> dict[str, Plain]:
    """What a file of ours keeps of the official command line; empty if that is unreadable."""
    try:
        return plain(json.loads(metadata.get("trained_with", "{}")))
    except (ValueError, RecursionError):
        return {}


def _format(metadata: Mapping[str, str]) -> str:
    return metadata.get("format", "")
