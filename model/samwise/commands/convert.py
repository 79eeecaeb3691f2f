"""`samwise convert`: any checkpoint, official or ours, becomes a safetensors file that needs nothing else."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from samwise.checkpoint import TOKENIZERS, Contents, contents, is_ours, tokenizer_of
from samwise.checkpoint.own_format import write
from samwise.errors import CheckpointError
from samwise.shell import values
from samwise.shell.placing import OutputError, output_file
from samwise.text.tokenizer import Tokenizer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "checkpoint", type=values.checkpoint, help="of the official training code, or of this library"
    )
    parser.add_argument("output", type=values.path, help="file to write (.safetensors)")
    parser.add_argument(
        "--tokenizer",
        help="folder or cached name of the one to embed "
        f"(default: the file's own, or that of its text encoder: {', '.join(TOKENIZERS.values())}). Where "
        "the default is not on this machine the file is written without, and the exit code is 1",
    )
    parser.add_argument("--half", action="store_true", help="store float16: half the size")
    parser.add_argument("--overwrite", action="store_true", help="replace a file of an earlier `convert`")


def run(args: argparse.Namespace) -> int:
    """Convert; 1 if the file was written, but needs a tokenizer where it is loaded."""
    checkpoint, output = args.checkpoint.expanduser(), args.output.expanduser()
    if output.exists() and checkpoint.exists() and output.samefile(checkpoint):
        raise OutputError(f"{output} is the file to convert; choose another name for the result")
    with output_file(output, _foreign, overwrite=args.overwrite) as partial:
        found = contents(checkpoint)
        tokenizer, fault = _tokenizer(found, args.tokenizer)
        write(partial, found.network, tokenizer, half=args.half, trained_with=found.trained_with)
    for remark in (*found.remarks, *fault):
        print(f"samwise convert: {remark}", file=sys.stderr)
    print(f"wrote {output} ({output.stat().st_size / 1e6:.0f} MB)")
    return 1 if fault else 0


def _foreign(output: Path) -> Sequence[str]:
    return () if is_ours(output) else (output.name,)


def _tokenizer(found: Contents, given: str | None) -> tuple[Tokenizer | None, tuple[str, ...]]:
    """The tokenizer to embed, and a word about it if there is none."""
    try:
        return tokenizer_of(found.network, found.tokenizer, given), ()
    except CheckpointError as error:
        if given is not None or found.tokenizer is not None:
            raise
        return None, (f"no tokenizer is in the file, so it is looked for where the file is loaded: {error}",)
