"""The training loop: stage after stage, with validation, checkpoints and a log."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from shutil import copyfile
from typing import NoReturn

from tqdm import tqdm

from samwise import checkpoint
from samwise.errors import CheckpointError, UnfinishedError
from samwise.network.samwise import Samwise
from samwise.shell.placing import output_file
from samwise.text.tokenizer import Tokenizer
from samwise.train.gallery import Gallery
from samwise.train.optimise.blend import Blend, mix_in
from samwise.train.optimise.replicas import Replicas
from samwise.train.recipe.run import TrainingConfig
from samwise.train.recipe.stage import Stage
from samwise.train.run_log import RunLog
from samwise.train.run_state import RunState
from samwise.train.samples.batch import Batch
from samwise.train.stage_run import StageRun
from samwise.train.validate import validate
from samwise.video.labelled import LabelledVideo

STATE_FILE = "training.pt"
MODEL_FILE = "model.safetensors"
REPORT_EVERY = 25

BatchSource = Callable[[int, int], Iterable[Batch]]
"""From the index of a stage and the number of its first step to the batches from there on."""


class Training:
    """One run, in one folder.

    Args:
        model: to train, on its device.
        tokenizer: of the model; saved with it.
        config: the stages and how to run them.
        folder: gets the checkpoint to resume from, and the weights.
        batches: where training data come from.
        held_out: videos for validation.
        log: to report to.
        replicas: processes that train together.
    """

    def __init__(
        self,
        model: Samwise,
        tokenizer: Tokenizer,
        config: TrainingConfig,
        folder: Path,
        batches: BatchSource,
        held_out: Sequence[LabelledVideo],
        log: RunLog,
        replicas: Replicas = Replicas(),  # noqa: B008 - immutable
    ) -> None:
        self._model, self._tokenizer, self._config, self._folder = model, tokenizer, config, folder
        self._batches, self._held_out, self._log = batches, held_out, log
        self._replicas = replicas
        self._decides = False

    def run(self, resume: RunState | None = None) -> None:
        """Train all stages, or what is left of them.

        The weights are written after every stage; those of all but the last are kept in a file of their own.

        Raises:
            CheckpointError: if what is to be resumed is of another model or vocabulary.
            OutputError: if weights, state or log cannot be written; what was written before is whole.
            UnfinishedError: if the losses are no numbers any more.
        """
        stages = self._config.stages
        first = 0 if resume is None else resume.stage
        self._decides = any(s.losses.decision for s in stages[:first])
        if resume is not None:
            try:
                self._model.load_state_dict(resume.model)
            except RuntimeError as error:
                raise CheckpointError(
                    "the run to resume is of another model, or of a world with other words "
                    f"({str(error).splitlines()[-1].strip()}); start without --resume, in another folder"
                ) from error
        for index in range(first, len(stages)):
            halfway = resume if resume is not None and index == first and resume.step else None
            if halfway is None:
                for blend in stages[index].blends:
                    self._mix_in(blend)
            run = StageRun(
                self._model,
                stages[index],
                index,
                self._config.seed,
                self._config.average_decay,
                self._replicas,
            )
            if halfway is not None:
                run.resume(halfway)
            self._decides = self._decides or stages[index].losses.decision > 0
            self._run_stage(index, stages[index], run)
            if self._replicas.first:
                checkpoint.save(self._folder / MODEL_FILE, self._model, self._tokenizer)
                if index + 1 < len(stages):
                    # Another run may start from here, as those on videos do from the images.
                    with output_file(self._after(index), lambda _: (), overwrite=True) as made:
                        copyfile(self._folder / MODEL_FILE, made)
                # Last, so that whoever resumes from it finds the files above.
                RunState(index + 1, 0, self._model.state_dict(), None, None).save(self._folder / STATE_FILE)

    def _after(self, index: int) -> Path:
        return self._folder / f"stage_{index + 1}.safetensors"

    def _mix_in(self, blend: Blend) -> None:
        index = [s.name for s in self._config.stages].index(blend.stage)
        earlier, _ = checkpoint.read(self._after(index))
        mix_in(self._model, earlier, blend.parameters, blend.share)

    def _run_stage(self, index: int, stage: Stage, run: StageRun) -> None:
        device = next(self._model.parameters()).device
        batches = iter(self._batches(index, run.done))
        earlier = sum(s.steps for s in self._config.stages[:index])
        meter = _Meter(stage.data.videos * stage.data.sentences * stage.data.clip_length)
        with tqdm(
            total=stage.steps,
            initial=run.done,
            desc=stage.name,
            mininterval=2.0,
            disable=not self._replicas.first,
        ) as bar:
            while run.done < stage.steps:
                losses = run.step(next(batches).to(device))
                _check_finite(losses, stage, run.done)
                meter.add(losses)
                if not self._replicas.first:
                    continue
                last = run.done == stage.steps
                bar.update()
                if last or run.done % REPORT_EVERY == 0:
                    values = meter.flush()
                    bar.set_postfix({k: f"{v:.3g}" for k, v in values.items()}, refresh=False)
                    self._log.report("train", earlier + run.done, {"stage": stage.name, **values})
                if last or run.done % self._config.validation.every == 0:
                    self._validate(earlier + run.done, stage, run, bar)
                    meter.restart_clock()
                if not last and run.done % self._config.checkpoint_every == 0:
                    run.state().save(self._folder / STATE_FILE)
        if run.average is not None:
            run.average.apply()

    def _validate(self, total_step: int, stage: Stage, run: StageRun, bar: tqdm[NoReturn]) -> None:
        # A CME that has learned nothing yet would switch at random.
        cme = "learned" if self._decides else "never"
        gallery = Gallery(self._held_out) if self._log.takes_pictures else None
        with nullcontext() if run.average is None else run.average.applied():
            score = validate(self._model, self._tokenizer, self._held_out, cme, gallery)
        if gallery is not None:
            for name, picture in gallery.pictures.items():
                self._log.show(f"validation/{name}", total_step, picture)
        values = asdict(score)
        self._log.report("validation", total_step, {"stage": stage.name, **values})
        bar.write(f"step {total_step}: " + ", ".join(f"{k} {v:.3f}" for k, v in values.items()))


def _check_finite(losses: dict[str, float], stage: Stage, step: int) -> None:
    """No later step mends weights that are no numbers."""
    wrong = [name for name, value in losses.items() if not math.isfinite(value)]
    if wrong:
        raise UnfinishedError(
            f"stage {stage.name!r}, step {step}: {', '.join(wrong)} is {losses[wrong[0]]}; lower the "
            "learning rate, lengthen the warm-up, or train in float32"
        )


class _Meter:
    """Means of the losses, and frames per second, since the last report."""

    def __init__(self, frames_per_step: int) -> None:
        self._frames = frames_per_step
        self._sums: dict[str, float] = defaultdict(float)
        self._steps, self._seconds = 0, 0.0
        self._last = time.perf_counter()

    def add(self, values: dict[str, float]) -> None:
        now = time.perf_counter()
        self._seconds += now - self._last
        self._last = now
        self._steps += 1
        for name, value in values.items():
            self._sums[name] += value

    def restart_clock(self) -> None:
        self._last = time.perf_counter()

    def flush(self) -> dict[str, float]:
        means = {name: total / self._steps for name, total in self._sums.items()}
        means["frames_per_second"] = self._frames * self._steps / self._seconds
        self._sums.clear()
        self._steps, self._seconds = 0, 0.0
        return means
