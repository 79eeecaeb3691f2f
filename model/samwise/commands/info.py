"""`samwise info`: what is inside a checkpoint."""

from __future__ import annotations

import argparse
import sys

import yaml
from torch import nn

from samwise.checkpoint import contents
from samwise.checkpoint.own_format import content_hash
from samwise.shell import values


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "checkpoint",
        type=values.checkpoint,
        nargs="?",
        help="of this library or of the official training code, or the name of a published one "
        "(default: the miniature that ships)",
    )


def run(args: argparse.Namespace) -> int:
    """Print configuration, how it was trained, parameter counts and hash."""
    found = contents(args.checkpoint)
    print(_yaml(_plain(found.network.config.to_dict())))
    if found.trained_with:
        print(_yaml({"trained_with": dict(found.trained_with)}))
    print("parameters:")
    for name, part in found.network.named_children():
        print(f"  {name}: {_count(part):,}")
    print(f"  total: {_count(found.network):,}")
    print(f"tokenizer: {'embedded' if found.tokenizer else 'not in the file'}")
    print(f"sha256: {content_hash(found.network.state_dict())}")
    for remark in found.remarks:
        print(f"samwise info: {remark}", file=sys.stderr)
    return 0


def _count(part: nn.Module) -> int:
    return sum(p.numel() for p in part.parameters())


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True).rstrip()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return list(value) if isinstance(value, tuple) else value
