"""`samwise convert`: any checkpoint, official or ours, becomes a safetensors file that needs nothing else."""

from __future__ import annotations

import argparse
from pathlib import Path

from samwise.checkpoint import TOKENIZERS, read_model, save, tokenizer_of
from samwise.errors import CheckpointError
from samwise.tokenizer import Tokenizer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("checkpoint", type=Path, help="of the official code (.pth), or ours (.safetensors)")
    parser.add_argument("output", type=Path, help="file to write (.safetensors)")
    parser.add_argument(
        "--tokenizer",
        help="folder or cached name of the one to embed "
        f"(default: the file's own, or that of its text encoder: {', '.join(TOKENIZERS.values())})",
    )
    parser.add_argument("--half", action="store_true", help="store float16: half the size")


def run(args: argparse.Namespace) -> int:
    """Convert."""
    model, embedded = read_model(args.checkpoint)
    tokenizer: Tokenizer | None = None
    try:
        tokenizer = tokenizer_of(model, embedded, args.tokenizer)
    except CheckpointError as error:
        print(f"no tokenizer goes into the file, it will be looked for when loading: {error}")
    save(args.output, model, tokenizer, half=args.half)
    print(f"wrote {args.output} ({args.output.stat().st_size / 1e6:.0f} MB)")
    return 0
