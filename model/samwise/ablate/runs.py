"""Single trainings and evaluations of an ablation, each in a process of its own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import torch

from samwise import checkpoint
from samwise.ablate.plan import Evaluation, Look, Plan, Variant
from samwise.ablate.variant import model_of, starting_model, training_of
from samwise.errors import ConfigurationError, SamwiseError, UnfinishedError
from samwise.evaluate.pool import Failure, ModelSource, judge_all
from samwise.evaluate.records import Job, Record
from samwise.evaluate.report import to_json
from samwise.evaluate.summary import summarise
from samwise.evaluate.world_videos import Format, world_jobs
from samwise.train.feed import Feed, Library, held_out, with_steps
from samwise.train.loop import MODEL_FILE, STATE_FILE, Training
from samwise.train.optimise.low_rank import add_low_rank, merge_low_rank
from samwise.train.optimise.replicas import Replicas
from samwise.train.run_log import RunLog
from samwise.train.run_state import RunState

LOG = "run.log"
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
        needs: name, seed and key of the training that has to be done before; None: none has.
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
    needs: tuple[str, int | None, str] | None = None

    @property
    def checkpoint(self) -> Path | None:
        """The model to score; None: the miniature that ships."""
        return self.initial if self.folder is None else self.folder / MODEL_FILE


@dataclass(frozen=True)
class Failed:
    """A run that came to no result.

    Attributes:
        name: of the variant or the look.
        seed: of its training.
        reason: one line.
        log: where there is more about it, if it is.
    """

    name: str
    seed: int | None
    reason: str
    log: Path | None = None

    def __str__(self) -> str:
        seed = "" if self.seed is None else f", seed {self.seed},"
        more = "" if self.log is None else f"; more in {self.log}"
        return f"{self.name}{seed} failed: {self.reason}{more}"


def runs_of(plan: Plan, initial: Path | None, out: Path, device: str) -> tuple[list[Run], list[Run]]:
    """All trainings of a plan, and all looks, which need the trainings to be done.

    Raises:
        ConfigurationError: if a variant's training is wrong.
        CheckpointError: if the model to start from cannot be read.
    """
    model, _ = checkpoint.read_model(initial)
    weights = checkpoint.content_hash(model.state_dict())
    training = dict(plan.training)
    keys: dict[tuple[str, int | None], str] = {}

    def make(name: str, seed: int | None, variant: Variant | None, look: Look, trained: str | None) -> Run:
        asked = plan.evaluation
        evaluation = replace(asked, cme=look.cme or asked.cme, mode=look.mode or asked.mode)
        source = None if trained is None else asdict(plan.variants[trained])
        parts = [weights, training, source, seed, plan.fresh, asdict(evaluation), look.hsa]
        key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
        folder = None if trained is None else out / trained / f"seed{seed}"
        needs = None if variant is not None or trained is None else (trained, seed, keys[trained, seed])
        return Run(
            name,
            seed,
            key,
            folder,
            initial,
            training,
            variant,
            plan.fresh,
            evaluation,
            look.hsa,
            device,
            needs,
        )

    trainings = [
        make(name, seed, variant, Look(of=name), name)
        for name, variant in plan.variants.items()
        for seed in plan.seeds
    ]
    keys.update({(run.name, run.seed): run.key for run in trainings})
    for run in trainings:
        assert run.variant is not None and run.seed is not None
        try:
            training_of(training, run.variant, run.seed)
            model_of(model.config, run.variant)
        except ConfigurationError as error:
            raise ConfigurationError(f"variant {run.name!r}: {error}") from error
    looks = [
        make(name, seed, None, look, look.of)
        for name, look in plan.looks.items()
        for seed in (plan.seeds if look.of is not None else (None,))
    ]
    return trainings, looks


def perform(run: Run) -> Result | Failed:
    """Train, if that is asked for, and score. What training prints goes to `run.log` in its folder.

    A training that was broken off goes on from its last checkpoint. A run that fails does not take the others
    with it.
    """
    log = None if run.variant is None or run.folder is None else run.folder / LOG
    try:
        return _performed(run, log)
    except Exception as error:
        if log is not None:
            with contextlib.suppress(OSError), log.open("a", encoding="utf-8") as file:
                traceback.print_exception(error, file=file)
        reason = str(error) if isinstance(error, SamwiseError) else f"{type(error).__name__}: {error}"
        return Failed(run.name, run.seed, reason.partition("\n")[0], log)


def _performed(run: Run, log: Path | None) -> Result:
    result: Result = {"name": run.name, "seed": run.seed, "key": run.key}
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        with (
            log.open("a", encoding="utf-8") as file,
            contextlib.redirect_stderr(file),
            contextlib.redirect_stdout(file),
        ):
            result["trained_parameters"] = _train(run)
    form = Format(run.evaluation.frames, Format.size, run.evaluation.fps)
    source = ModelSource(run.checkpoint, run.device, threads=1, hsa=run.hsa)
    scores = {}
    asked = run.evaluation
    for split in asked.splits:
        jobs = world_jobs(split, asked.series, asked.videos, form, asked.cme, asked.mode)
        scores[split] = to_json(summarise(_judged(source, jobs)))
    return {**result, "scores": scores}


def _judged(source: ModelSource, jobs: Sequence[Job]) -> list[Record]:
    """Records of all videos: over fewer of them, one variant's scores would not compare with another's."""
    records: list[Record] = []
    for verdict in judge_all(source, jobs, workers=0):
        if isinstance(verdict, Failure):
            raise UnfinishedError(f"video {verdict.job.name} could not be judged: {verdict.reason}")
        records.extend(verdict)
    return records


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
