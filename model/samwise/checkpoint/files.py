"""Reading models: what a file of weights holds, and the tokenizer that goes with it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from samwise.checkpoint import official, own_format
from samwise.checkpoint.diagnosis import Kind, kind_of
from samwise.checkpoint.filling import filled
from samwise.checkpoint.finding import find
from samwise.checkpoint.shortage import shortage_named
from samwise.checkpoint.trained_with import Plain, applied, plain, remarks
from samwise.checkpoint.unpickling import unpickle
from samwise.errors import CheckpointError, SamwiseError
from samwise.network.roberta_encoder import PAD_TOKEN
from samwise.network.samwise import Samwise
from samwise.text.tokenizer import Tokenizer

TOKENIZERS = {"roberta": "roberta-base", "clip": "openai/clip-vit-base-patch32"}
"""Tokenizer of each kind of text encoder, as the `transformers` cache calls it."""


@dataclass(frozen=True)
class Contents:
    """What a file of weights holds.

    Attributes:
        network: on the CPU, in evaluation mode.
        tokenizer: serialised, if the file carries one.
        trained_with: the command line of the official training code, as far as the file records it.
        remarks: what anyone who runs the model should know; one sentence each, without a full stop.
    """

    network: Samwise
    tokenizer: str | None
    trained_with: Mapping[str, Plain]
    remarks: tuple[str, ...]


def read(path: str | Path | None, tokenizer: str | Path | None = None) -> tuple[Samwise, Tokenizer]:
    """Load a model on the CPU, in evaluation mode, with its tokenizer.

    Args:
        path: see `contents`.
        tokenizer: folder or cached name, used in place of the embedded one, or if there is none.

    Raises:
        CheckpointError: if a file is missing, damaged, or some other model, or if the tokenizer does not
            belong to the model.
    """
    model, embedded = read_model(path)
    return model, tokenizer_of(model, embedded, tokenizer)


def read_model(path: str | Path | None) -> tuple[Samwise, str | None]:
    """Load a model like `read`, with the serialised tokenizer if the file carries one."""
    found = contents(path)
    warn(found, path)
    return found.network, found.tokenizer


def warn(found: Contents, path: str | Path | None) -> None:
    """Issue the remarks about a file's contents as warnings."""
    for remark in found.remarks:
        warnings.warn(f"{str(path)!r}: {remark}", stacklevel=3)


def contents(path: str | Path | None) -> Contents:
    """Load everything in a file of weights. Its format is read from its content, whatever its name.

    Args:
        path: a file of ours, or a checkpoint of the official training code in any of its forms; None: the
            bundled miniature.

    Raises:
        CheckpointError: if it is missing, damaged, or some other model.
    """
    file = find(path)
    with shortage_named(file):
        if kind_of(file) is Kind.SAFETENSORS:
            with _named(file):
                return _from_safetensors(file)
        loaded = unpickle(file)
        with _named(file):
            return _from_training(loaded)


def tokenizer_of(model: Samwise, embedded: str | None, given: str | Path | None) -> Tokenizer:
    """The tokenizer of a model: the one given, else the one its file carried, else the one of its kind.

    Args:
        model: the model to tokenize for.
        embedded: serialised tokenizer from the model's file.
        given: folder or cached name.

    Raises:
        CheckpointError: if there is none on this machine, or its token ids are not the model's.
    """
    text, max_tokens = model.config.text, model.fusion.text_encoder.max_tokens
    if embedded is not None and given is None:
        name, tokenizer = "in the checkpoint", Tokenizer.from_json(embedded, max_tokens)
    else:
        name = str(given or TOKENIZERS[text.kind])
        try:
            tokenizer = Tokenizer.from_pretrained(name, max_tokens)
        except CheckpointError as error:
            if given is not None:
                raise
            raise CheckpointError(
                f"{error}. `samwise convert CHECKPOINT NEW --tokenizer FOLDER` makes a file that needs none"
            ) from error
    # RoBERTa's positions depend on the id of the padding; to CLIP, padding is only what comes last.
    pads_differ = text.kind == "roberta" and tokenizer.pad_token != PAD_TOKEN
    if pads_differ or tokenizer.vocabulary_size > text.vocabulary_size:
        raise CheckpointError(
            f"the tokenizer {name!r} ({tokenizer.vocabulary_size} ids, padding {tokenizer.pad_token}) "
            f"is not this model's ({text.kind}, {text.vocabulary_size} ids); give the one it was trained with"
        )
    return tokenizer


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Prefixes errors with the name of the file."""
    try:
        yield
    except SamwiseError as error:
        raise CheckpointError(f"{str(file)!r}: {error}") from error


def _from_safetensors(file: Path) -> Contents:
    state, metadata = own_format.read_tensors(file)
    if not own_format.claims_to_be_ours(metadata):
        try:
            return _from_official(official.convert(state), {})
        except CheckpointError as error:
            raise CheckpointError(f"it is a safetensors file, but not of SAMWISE: {error}") from error
    args = own_format.trained_with(metadata)
    network = filled(own_format.configuration(metadata, state), state)
    return Contents(network, metadata.get("tokenizer"), args, tuple(remarks(args)))


def _from_training(loaded: Any) -> Contents:
    """From what the official training code saves, or from its state dict alone."""
    if not isinstance(loaded, dict):
        raise CheckpointError(
            f"it holds a {type(loaded).__name__}, not a state dict; give a checkpoint of SAMWISE"
        )
    # Other trainers call it "state_dict".
    state: Any = next((loaded[name] for name in ("model", "state_dict") if name in loaded), loaded)
    args = plain(loaded.get("args"))
    named = isinstance(state, dict) and all(isinstance(name, str) for name in state)
    if not named or not any(isinstance(value, Tensor) for value in state.values()):
        entries = ", ".join(map(repr, list(loaded)[:8])) or "none"
        raise CheckpointError(
            f"it holds no state dict, neither by itself nor as 'model' or 'state_dict' (entries: {entries}); "
            "give a checkpoint of SAMWISE"
        )
    converted = official.convert(state)
    # The optimizer may be larger than the model, and nobody needs it.
    loaded.clear()
    return _from_official(converted, args)


def _from_official(converted: Mapping[str, Tensor], args: Mapping[str, Plain]) -> Contents:
    config = applied(official.configuration(converted), args)
    return Contents(filled(config, converted), None, args, tuple(remarks(args)))
