"""`samwise info`: what is inside a checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path

import yaml
from torch import nn

from samwise.checkpoint import content_hash, read_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("checkpoint", type=Path, nargs="?", help="default: the miniature that ships")


def run(args: argparse.Namespace) -> int:
    """Print configuration, parameter counts and hash."""
    model, tokenizer = read_model(args.checkpoint)
    print(yaml.safe_dump(_plain(model.config.to_dict()), sort_keys=False).rstrip())
    print("parameters:")
    for name, part in model.named_children():
        print(f"  {name}: {_count(part):,}")
    print(f"  total: {_count(model):,}")
    print(f"tokenizer: {'embedded' if tokenizer else 'not in the file'}")
    print(f"sha256: {content_hash(model.state_dict())}")
    return 0


def _count(part: nn.Module) -> int:
    return sum(p.numel() for p in part.parameters())


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return list(value) if isinstance(value, tuple) else value
