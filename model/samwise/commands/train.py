"""`samwise train`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from samwise import checkpoint
from samwise.checkpoint.pretrained import Foundation
from samwise.config import miniature
from samwise.errors import UnfinishedError
from samwise.network.samwise import Samwise
from samwise.shell import numbers, values
from samwise.shell.devices import usable_device
from samwise.shell.placing import OutputError
from samwise.text.tokenizer import Tokenizer, word_level
from samwise.train.feed import Feed, Library, held_out, with_steps
from samwise.train.folder import begin, go_on, write_recipe
from samwise.train.loop import STATE_FILE, Training
from samwise.train.optimise.replicas import Replicas
from samwise.train.recipe.read import read_config
from samwise.train.recipe.run import TrainingConfig
from samwise.train.recipe.shipped import Kind, names, shipped_file
from samwise.train.run_log import RunLog, tensorboard_installed
from samwise.world import vocabulary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `samwise train`."""
    parser.add_argument(
        "config",
        type=_recipe,
        metavar="recipe",
        help=f"one that ships ({', '.join(names(Kind.RECIPE))}), or a YAML file with the stages",
    )
    parser.add_argument(
        "--out",
        type=values.path,
        default=Path("run"),
        help="empty or new folder for weights and log (%(default)s)",
    )
    parser.add_argument("--resume", action="store_true", help="continue from the folder's last checkpoint")
    parser.add_argument(
        "--steps-scale",
        type=numbers.real(0.0, 1000.0, above=True),
        default=1.0,
        help="multiply all steps (%(default)s)",
    )
    parser.add_argument("--device", type=values.device, default="cpu", help="as torch names it (%(default)s)")
    parser.add_argument(
        "--threads",
        type=numbers.whole(0, numbers.MAX_PARALLEL),
        help="of torch, 0: its own choice; the configuration's if not given",
    )
    parser.add_argument(
        "--tensorboard",
        action=argparse.BooleanOptionalAction,
        help="write curves and pictures for TensorBoard, too (default: if it is installed)",
    )


def _recipe(text: str) -> Path:
    values.path(text)  # for what is not a path at all
    return values.checked(partial(shipped_file, Kind.RECIPE))(text)


def run(args: argparse.Namespace) -> int:
    """Train; returns the exit status.

    Raises:
        SamwiseError: for a wrong configuration, a folder of something else, or nothing to resume.
        UnfinishedError: if training ended early; it can be resumed from what it has saved.
    """
    config = read_config(args.config).scaled(args.steps_scale)
    where = usable_device(args.device)
    threads = config.threads if args.threads is None else args.threads
    if threads:
        torch.set_num_threads(threads)
    # Averages of gradients sink into denormal numbers, which are many times slower to compute with.
    torch.set_flush_denormal(True)
    # All replicas look before they join, and nothing is written until all have.
    resume = go_on(args.out, config) if args.resume else None
    if not args.resume:
        begin(args.out)
    model, tokenizer = starting_point(config)
    model.config = replace(model.config, frame_rate=config.frame_rate or model.config.frame_rate)
    replicas = Replicas.join(args.device)
    config.check_shares(replicas.count)
    library = Library()
    counted = with_steps(config, library)
    feed = Feed(counted, library, model.config.image_size, tokenizer, replicas)
    watched = held_out(counted, library)
    if resume is not None and resume.stage == len(config.stages):
        print(f"the run in {os.fspath(args.out)} is complete: nothing is left to train", file=sys.stderr)
        return 0
    try:
        if replicas.first:
            write_recipe(args.out, config)
        with RunLog(args.out, replicas.first and _wants_tensorboard(args.tensorboard)) as log:
            training = Training(model.to(where), tokenizer, counted, args.out, feed, watched, log, replicas)
            training.run(resume)
    except KeyboardInterrupt:
        if replicas.first:
            print(f"\nstopped; {_remedy(args.out)}", file=sys.stderr)
        raise
    except OutputError as error:
        raise UnfinishedError(f"{error}; once there is room, {_remedy(args.out)}") from error
    print(f"weights and log are in {os.fspath(args.out)}", file=sys.stderr)
    return 0


def _remedy(folder: Path) -> str:
    begun = (folder / STATE_FILE).exists()
    return f"the same command with --resume goes on from {'the last checkpoint' if begun else 'the start'}"


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
