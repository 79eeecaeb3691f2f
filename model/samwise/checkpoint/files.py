"""Reading and writing models. A safetensors file carries configuration, tokenizer and a content hash."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from samwise.checkpoint import official
from samwise.config import ModelConfig
from samwise.errors import CheckpointError, ConfigurationError
from samwise.model import Samwise
from samwise.roberta_encoder import PAD_TOKEN
from samwise.tokenizer import Tokenizer

FORMAT = "samwise-1"
MINIATURE = "weights/miniature.safetensors"
TOKENIZERS = {"roberta": "roberta-base", "clip": "openai/clip-vit-base-patch32"}
"""Tokenizer of each kind of text encoder, as the `transformers` cache calls it."""


def content_hash(state: Mapping[str, Tensor]) -> str:
    """SHA-256 over names, types, shapes and bytes of all tensors, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].detach().cpu().contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def save(path: str | Path, model: Samwise, tokenizer: Tokenizer | None, *, half: bool = False) -> None:
    """Write a model as safetensors with its configuration, tokenizer and content hash.

    Args:
        path: file to write.
        model: to save.
        tokenizer: to embed; None: the file will need the text encoder's own where it is loaded.
        half: store float16, half the size; it is computed with in float32 again.
    """
    state = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    if half:
        state = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    metadata = {"format": FORMAT, "config": json.dumps(model.config.to_dict()), "sha256": content_hash(state)}
    if tokenizer is not None:
        metadata["tokenizer"] = tokenizer.to_json()
    save_file(state, path, metadata)
    # safetensors leaves the file readable to its owner only.
    Path(path).chmod(0o644)


def read(path: str | Path | None, tokenizer: str | Path | None = None) -> tuple[Samwise, Tokenizer]:
    """Load a model on the CPU, in evaluation mode, with its tokenizer.

    Args:
        path: ours (`.safetensors`) or a published checkpoint (`.pth`); None: the miniature that ships.
        tokenizer: folder or cached name, to use instead of the embedded one or where there is none.

    Raises:
        CheckpointError: if a file is missing, damaged, or some other model; if the tokenizer is not its own.
    """
    model, embedded = read_model(path)
    return model, tokenizer_of(model, embedded, tokenizer)


def tokenizer_of(model: Samwise, embedded: str | None, given: str | Path | None) -> Tokenizer:
    """The tokenizer of a model: the one given, else the one its file carried, else the one of its kind.

    Args:
        model: to speak to.
        embedded: serialised tokenizer out of the model's file.
        given: folder or cached name.

    Raises:
        CheckpointError: if there is none here, or it has other token ids than the model.
    """
    text, max_tokens = model.config.text, model.fusion.text_encoder.max_tokens
    if embedded is not None and given is None:
        return Tokenizer.from_json(embedded, max_tokens)
    name = given or TOKENIZERS[text.kind]
    tokenizer = Tokenizer.from_pretrained(name, max_tokens)
    # RoBERTa counts positions by the id of the padding; to CLIP padding is only what comes last.
    pads_differ = text.kind == "roberta" and tokenizer.pad_token != PAD_TOKEN
    if pads_differ or tokenizer.vocabulary_size > text.vocabulary_size:
        raise CheckpointError(
            f"the tokenizer {str(name)!r} ({tokenizer.vocabulary_size} ids, padding {tokenizer.pad_token}) "
            f"is not this model's ({text.kind}, {text.vocabulary_size} ids); give the one it was trained with"
        )
    return tokenizer


def read_model(path: str | Path | None) -> tuple[Samwise, str | None]:
    """Load a model like `read`, with the serialised tokenizer if the file carries one."""
    file = Path(str(files("samwise").joinpath(MINIATURE))) if path is None else Path(path).expanduser()
    if not file.is_file():
        raise CheckpointError(
            f"no checkpoint at {str(file)!r}; check the path, or leave it empty for the miniature"
        )
    embedded = None
    if file.suffix == ".safetensors":
        config, state, embedded = _read_ours(file)
    else:
        config, state = _read_official(file)
    model = Samwise(config)
    _load_strictly(model, state, file)
    return model.eval(), embedded


def _read_ours(file: Path) -> tuple[ModelConfig, dict[str, Tensor], str | None]:
    try:
        with safe_open(file, framework="pt") as opened:
            metadata = opened.metadata() or {}
            state = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - not a dict
    except SafetensorError as error:
        raise CheckpointError(f"{str(file)!r} is damaged ({error}); copy or download it again") from error
    if metadata.get("format") != FORMAT:
        raise CheckpointError(
            f"{str(file)!r} is a safetensors file of something else (format {metadata.get('format')!r}); "
            "convert an official checkpoint with `samwise convert`"
        )
    if content_hash(state) != metadata.get("sha256"):
        raise CheckpointError(f"{str(file)!r} does not match its own hash; copy or download it again")
    try:
        return ModelConfig.from_dict(json.loads(metadata["config"])), state, metadata.get("tokenizer")
    except ConfigurationError as error:
        raise CheckpointError(f"{str(file)!r}: {error}") from error


def _read_official(file: Path) -> tuple[ModelConfig, dict[str, Tensor]]:
    try:
        loaded = torch.load(file, map_location="cpu", weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        reason = (str(error) or "the file is empty").splitlines()[0][:120]
        raise CheckpointError(
            f"{str(file)!r} is not a readable checkpoint ({reason}); download it again"
        ) from error
    state = loaded.get("model", loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict) or not all(isinstance(v, Tensor) for v in state.values()):
        raise CheckpointError(f"{str(file)!r} holds no state dict; give an official SAMWISE checkpoint")
    converted = official.convert(state)
    return official.configuration(converted), converted


def _load_strictly(model: Samwise, state: Mapping[str, Tensor], file: Path) -> None:
    own = model.state_dict()
    # Counters of BatchNorm are bookkeeping of training, absent from published checkpoints.
    counters = {n for n in own if n.endswith("num_batches_tracked")}
    missing = sorted(own.keys() - state.keys() - counters)
    unexpected = sorted(state.keys() - own.keys())
    misshapen = [
        f"{n} {tuple(state[n].shape)} instead of {tuple(own[n].shape)}"
        for n in sorted(own.keys() & state.keys())
        if own[n].shape != state[n].shape
    ]
    problems = [
        f"{len(names)} {kind} ({', '.join(names[:8])}{', ...' if len(names) > 8 else ''})"
        for kind, names in (("missing", missing), ("unexpected", unexpected), ("wrongly shaped", misshapen))
        if names
    ]
    if problems:
        raise CheckpointError(f"{str(file)!r} does not fit the model: parameters " + "; ".join(problems))
    model.load_state_dict(state, strict=False)
