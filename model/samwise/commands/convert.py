"""`samwise convert`: any checkpoint, official or ours, becomes a safetensors file that needs nothing else."""

from __future__ import annotations

import argparse
from pathlib import Path

from samwise.checkpoint import OFFICIAL_TOKENIZER, read_model, save
from samwise.errors import CheckpointError
from samwise.tokenizer import Tokenizer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("checkpoint", type=Path, help="of the official code (.pth), or ours (.safetensors)")
    parser.add_argument("output", type=Path, help="file to write (.safetensors)")
    parser.add_argument(
        "--tokenizer",
        help=f"folder or cached name of the one to embed (default: the file's own, or {OFFICIAL_TOKENIZER})",
    )
    parser.add_argument("--half", action="store_true", help="store float16: half the size")


def run(args: argparse.Namespace) -> int:
    """Convert."""
    model, embedded = read_model(args.checkpoint)
    max_tokens = model.fusion.text_encoder.max_tokens
    tokenizer: Tokenizer | None = None
    if embedded is not None and args.tokenizer is None:
        tokenizer = Tokenizer.from_json(embedded, max_tokens)
    else:
        try:
            tokenizer = Tokenizer.from_pretrained(args.tokenizer or OFFICIAL_TOKENIZER, max_tokens)
        except CheckpointError as error:
            print(f"no tokenizer goes into the file, it will be looked for when loading: {error}")
    save(args.output, model, tokenizer, half=args.half)
    print(f"wrote {args.output} ({args.output.stat().st_size / 1e6:.0f} MB)")
    return 0
