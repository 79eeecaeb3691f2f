"""`samwise train`."""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import torch

from samwise import checkpoint
from samwise.config import miniature
from samwise.model import Samwise
from samwise.tokenizer import Tokenizer, word_level
from samwise.train.batch import Batch
from samwise.train.dataset import HELD_OUT_SEED, ReferringClips, batches
from samwise.train.loop import STATE_FILE, Training
from samwise.train.replicas import Replicas
from samwise.train.run_log import RunLog
from samwise.train.run_state import RunState
from samwise.train.stages import TrainingConfig, read_config
from samwise.world import generate, vocabulary


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
    parser.add_argument("--tensorboard", action="store_true", help="write TensorBoard scalars, too")


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
    watch = config.validation
    held_out = [
        generate(HELD_OUT_SEED + i, watch.split, watch.frames, config.frame_sizes[0])
        for i in range(watch.videos)
    ]
    source = functools.partial(world_batches, config, model.config.image_size, tokenizer, replicas)
    with RunLog(args.out, args.tensorboard) as log:
        Training(model.to(args.device), tokenizer, config, args.out, source, held_out, log, replicas).run(
            resume
        )
    print(f"weights and log are in {os.fspath(args.out)}", file=sys.stderr)
    return 0


def starting_point(config: TrainingConfig) -> tuple[Samwise, Tokenizer]:
    """The model the first stage starts from, and its tokenizer."""
    if config.initial is not None:
        return checkpoint.read(config.initial)
    torch.manual_seed(config.seed)
    backend = word_level(vocabulary())
    model = Samwise(miniature(backend.get_vocab_size()))
    return model, Tokenizer.from_json(backend.to_str(), model.fusion.text_encoder.max_tokens)


def world_batches(
    config: TrainingConfig,
    image_size: int,
    tokenizer: Tokenizer,
    replicas: Replicas,
    index: int,
    first: int,
) -> Iterable[Batch]:
    """Batches of stage number `index` from step `first` on, out of the synthetic world."""
    stage = config.stages[index]
    dataset = ReferringClips(
        generate,
        stage,
        (config.seed, index),
        first * stage.videos,
        (stage.steps - first) * stage.videos,
        config.frame_sizes,
        image_size,
        replicas,
    )
    return batches(dataset, tokenizer, stage.videos // replicas.count, config.workers)
