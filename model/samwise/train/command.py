"""`samwise train`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import torch

from samwise import checkpoint
from samwise.config import miniature
from samwise.model import Samwise
from samwise.tokenizer import Tokenizer, word_level
from samwise.train.feed import Feed, Library, held_out, with_steps
from samwise.train.foundation import Foundation
from samwise.train.loop import STATE_FILE, Training
from samwise.train.replicas import Replicas
from samwise.train.run_log import RunLog, tensorboard_installed
from samwise.train.run_state import RunState
from samwise.train.stages import TrainingConfig, read_config
from samwise.world import vocabulary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `samwise train`."""
    parser.add_argument("config", type=Path, help="YAML file with the stages, such as configs/miniature.yaml")
    parser.add_argument(
        "--out", type=Path, default=Path("run"), help="folder for weights and log (%(default)s)"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the folder")
    parser.add_argument("--steps-scale", type=float, default=1.0, help="multiply all steps (%(default)s)")
    parser.add_argument("--device", default="cpu", help="as torch names it (%(default)s)")
    parser.add_argument("--threads", type=int, help="of torch; the configuration's if not given")
    parser.add_argument(
        "--tensorboard",
        action=argparse.BooleanOptionalAction,
        help="write curves and pictures for TensorBoard, too (default: if it is installed)",
    )


def run(args: argparse.Namespace) -> int:
    """Train; returns the exit status.

    Raises:
        SamwiseError: for a wrong configuration or nothing to resume.
    """
    config = read_config(args.config).scaled(args.steps_scale)
    threads = config.threads if args.threads is None else args.threads
    if threads:
        torch.set_num_threads(threads)
    # Averages of gradients sink into denormal numbers, which are many times slower to compute with.
    torch.set_flush_denormal(True)
    args.out.mkdir(parents=True, exist_ok=True)
    resume = RunState.load(args.out / STATE_FILE) if args.resume else None
    model, tokenizer = starting_point(config)
    replicas = Replicas.join(args.device)
    config.check_shares(replicas.count)
    library = Library()
    config = with_steps(config, library)
    feed = Feed(config, library, model.config.image_size, tokenizer, replicas)
    watched = held_out(config, library)
    with RunLog(args.out, replicas.first and _wants_tensorboard(args.tensorboard)) as log:
        Training(model.to(args.device), tokenizer, config, args.out, feed, watched, log, replicas).run(resume)
    print(f"weights and log are in {os.fspath(args.out)}", file=sys.stderr)
    return 0


def _wants_tensorboard(asked: bool | None) -> bool:
    if asked is None and not tensorboard_installed():
        print(
            "no TensorBoard is installed, so no curves or pictures: pip install tensorboard", file=sys.stderr
        )
        return False
    return asked is not False


def starting_point(config: TrainingConfig) -> tuple[Samwise, Tokenizer]:
    """The model the first stage starts from, and its tokenizer."""
    if isinstance(config.initial, Foundation):
        return config.initial.build(config.seed)
    if config.initial is not None:
        return checkpoint.read(config.initial)
    torch.manual_seed(config.seed)
    backend = word_level(vocabulary())
    model = Samwise(miniature(backend.get_vocab_size()))
    return model, Tokenizer.from_json(backend.to_str(), model.fusion.text_encoder.max_tokens)
