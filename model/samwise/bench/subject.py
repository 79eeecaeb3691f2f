"""The model to measure: a checkpoint, or a configuration with random weights."""

from __future__ import annotations

from pathlib import Path

import torch

from samwise.config import ModelConfig, miniature, published
from samwise.errors import ConfigurationError
from samwise.model import PRECISIONS, Model, load, reduce_for
from samwise.network.samwise import Samwise
from samwise.shell.devices import usable_device
from samwise.shell.threads import use_threads
from samwise.text.tokenizer import Tokenizer, word_level
from samwise.world import vocabulary


def random_model(name: str, device: str, precision: str, seed: int) -> Model:
    """A model with random weights, which take the same time as trained ones.

    It knows only the words of the synthetic world.

    Args:
        name: `miniature`, or `published:` and the name of a Hiera.
        device: as torch names it.
        precision: one of `PRECISIONS`.
        seed: of the weights.

    Raises:
        ConfigurationError: for another name.
    """
    backend = word_level(vocabulary())
    config = _config(name, backend.get_vocab_size())
    torch.manual_seed(seed)
    network = Samwise(config).eval()
    tokenizer = Tokenizer.from_json(backend.to_str(), network.fusion.text_encoder.max_tokens)
    where, reduced = usable_device(device), PRECISIONS[precision]
    autocast = None if reduced is None else reduce_for(network, reduced, where.type)
    return Model(network.to(where), tokenizer, where, autocast)


def checked_config(name: str) -> str:
    """Return the name of a configuration, `miniature` or `published:HIERA`.

    Raises:
        ConfigurationError: if there is none of that name.
    """
    _config(name, vocabulary_size=1)
    return name


def _config(name: str, vocabulary_size: int) -> ModelConfig:
    if name == "miniature":
        return miniature(vocabulary_size)
    family, _, hiera = name.partition(":")
    if family != "published":
        raise ConfigurationError(
            f"--config is {name!r}; write miniature or published:HIERA, as in published:base_plus"
        )
    return published(hiera)


def subject(
    checkpoint: Path | None, config: str | None, device: str, precision: str, seed: int, threads: int = 0
) -> Model:
    """The checkpoint, the configuration, or the bundled miniature if neither is given.

    Args:
        checkpoint: file.
        config: `miniature` or `published:HIERA`, with random weights.
        device: as torch names it.
        precision: see `load`.
        seed: of random weights.
        threads: see `load`.
    """
    if config is None:
        return load(checkpoint, device=device, precision=precision, threads=threads)
    model = random_model(config, device, precision, seed)
    use_threads(threads, sum(parameter.numel() for parameter in model.network.parameters()))
    return model
