"""Single trainings and evaluations of an ablation, each in a process of its own."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import torch

from samwise import checkpoint
from samwise.ablate.plan import Evaluation, Look, Plan, Variant
from samwise.ablate.variant import starting_model, training_of
from samwise.evaluate.pool import ModelSource, judge_all
from samwise.evaluate.records import Job, Record
from samwise.evaluate.report import to_json
from samwise.evaluate.summary import summarise
from samwise.evaluate.videos import Format, seeds_of
from samwise.train.feed import Feed, Library, held_out, with_steps
from samwise.train.loop import MODEL_FILE, STATE_FILE, Training
from samwise.train.low_rank import add_low_rank, merge_low_rank
from samwise.train.replicas import Replicas
from samwise.train.run_log import RunLog
from samwise.train.run_state import RunState

Result = dict[str, Any]
"""One line of the results: name, seed, key, parameters trained (of trainings), and scores by split."""


@dataclass(frozen=True)
class Run:
    """One model of an ablation: trained, if `variant` says how, and scored.

    Attributes:
        name: of the variant or the look.
        seed: of its training; None: it is not trained, nor is what it looks at.
        key: tells whether a stored result is of the very same run.
        folder: of the training that is done or looked at; None: the model that the ablation starts from.
        initial: that model; None: the miniature that ships.
        training: of the plan.
        variant: what to train; None: nothing.
        fresh: see `Plan`.
        evaluation: how to score.
        hsa: False: score it without.
        device: as torch names it.
    """

    name: str
    seed: int | None
    key: str
    folder: Path | None
    initial: Path | None
    training: dict[str, Any]
    variant: Variant | None
    fresh: tuple[str, ...]
    evaluation: Evaluation
    hsa: bool
    device: str

    @property
    def checkpoint(self) -> Path | None:
        """The model to score; None: the miniature that ships."""
        return self.initial if self.folder is None else self.folder / MODEL_FILE


def runs_of(plan: Plan, initial: Path | None, out: Path, device: str) -> tuple[list[Run], list[Run]]:
    """All trainings of a plan, and all looks, which need the trainings to be done.

    Raises:
        ConfigurationError: if a variant's training is wrong.
        CheckpointError: if the model to start from cannot be read.
    """
    weights = checkpoint.content_hash(checkpoint.read_model(initial)[0].state_dict())
    training = dict(plan.training)

    def make(name: str, seed: int | None, variant: Variant | None, look: Look, trained: str | None) -> Run:
        asked = plan.evaluation
        evaluation = replace(asked, cme=look.cme or asked.cme, mode=look.mode or asked.mode)
        source = None if trained is None else asdict(plan.variants[trained])
        parts = [weights, training, source, seed, plan.fresh, asdict(evaluation), look.hsa]
        key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
        folder = None if trained is None else out / trained / f"seed{seed}"
        return Run(
            name, seed, key, folder, initial, training, variant, plan.fresh, evaluation, look.hsa, device
        )

    trainings = [
        make(name, seed, variant, Look(of=name), name)
        for name, variant in plan.variants.items()
        for seed in plan.seeds
    ]
    for run in trainings:
        assert run.variant is not None and run.seed is not None
        training_of(training, run.variant, run.seed)
    looks = [
        make(name, seed, None, look, look.of)
        for name, look in plan.looks.items()
        for seed in (plan.seeds if look.of is not None else (None,))
    ]
    return trainings, looks


def perform(run: Run) -> Result:
    """Train, if that is asked for, and score. What training prints goes to `run.log` in its folder.

    A training that was broken off goes on from its last checkpoint.
    """
    result: Result = {"name": run.name, "seed": run.seed, "key": run.key}
    if run.variant is not None:
        assert run.folder is not None
        run.folder.mkdir(parents=True, exist_ok=True)
        with (
            (run.folder / "run.log").open("a") as log,
            contextlib.redirect_stderr(log),
            contextlib.redirect_stdout(log),
        ):
            result["trained_parameters"] = _train(run)
    form = Format(run.evaluation.frames, Format.size, run.evaluation.fps)
    source = ModelSource(run.checkpoint, run.device, threads=1, hsa=run.hsa)
    scores = {}
    for split in run.evaluation.splits:
        jobs = [
            Job(split, seed, form, run.evaluation.cme, run.evaluation.mode)
            for seed in seeds_of(split, run.evaluation.series, run.evaluation.videos)
        ]
        records: Sequence[Record] = [r for video in judge_all(source, jobs, workers=0) for r in video]
        scores[split] = to_json(summarise(records))
    return {**result, "scores": scores}


def _train(run: Run) -> int:
    assert run.variant is not None and run.seed is not None and run.folder is not None
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    initial, tokenizer = checkpoint.read(run.initial)
    model = starting_model(initial, run.variant, run.fresh, run.seed)
    if run.variant.low_rank is not None:
        low_rank = run.variant.low_rank
        add_low_rank(model, low_rank.modules, low_rank.rank, low_rank.alpha)
    library, alone = Library(), Replicas()
    config = with_steps(training_of(run.training, run.variant, run.seed), library)
    feed = Feed(config, library, model.config.image_size, tokenizer, alone)
    state = _state(run)
    with RunLog(run.folder) as log:
        watched = held_out(config, library)
        Training(model.to(run.device), tokenizer, config, run.folder, feed, watched, log, alone).run(state)
    patterns = {pattern for stage in config.stages for pattern in stage.trainable}
    trained = sum(
        p.numel() for name, p in model.named_parameters() if any(fnmatchcase(name, x) for x in patterns)
    )
    # The model that the last stage left in the folder has its updates apart; nobody else can read that.
    merge_low_rank(model)
    checkpoint.save(run.folder / MODEL_FILE, model, tokenizer)
    return trained


def _state(run: Run) -> RunState | None:
    """What is left of the same training, if it was begun; that of another one is forgotten."""
    assert run.folder is not None
    key, state = run.folder / "key.txt", run.folder / STATE_FILE
    if key.is_file() and key.read_text() == run.key and state.is_file():
        return RunState.load(state)
    state.unlink(missing_ok=True)
    (run.folder / "log.jsonl").unlink(missing_ok=True)
    key.write_text(run.key)
    return None
