"""One stage under way: its optimiser, its averaged weights, and how a step is taken."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from samwise.model import Samwise
from samwise.train.batch import Batch
from samwise.train.cme_labels import DIFFERENT
from samwise.train.parameters import make_optimizer, select_trainable, set_modes
from samwise.train.pretext import Pretext
from samwise.train.replicas import Replicas
from samwise.train.run_state import RunState
from samwise.train.schedule import learning_rate
from samwise.train.stages import Stage
from samwise.train.unroll import decision_losses, mask_losses
from samwise.train.weight_average import WeightAverage


class StageRun:
    """Takes the steps of a stage.

    Args:
        model: to train.
        stage: what to do.
        index: of the stage in the run.
        seed: of the run; together with `index` and the number of the step it fixes every random choice.
        average_decay: of the moving average of the weights; 0: none.
        replicas: processes that take every step together.
    """

    def __init__(
        self,
        model: Samwise,
        stage: Stage,
        index: int,
        seed: int,
        average_decay: float,
        replicas: Replicas = Replicas(),  # noqa: B008 - immutable
    ) -> None:
        self._model, self._stage, self._index, self._seed = model, stage, index, seed
        self._replicas = replicas
        self._parameters = select_trainable(model, stage.trainable)
        self._pretext: Pretext | None = None
        if stage.trains_encoders:
            torch.manual_seed(seed)
            sizes = model.config
            self._pretext = Pretext(sizes.width, sizes.text.width, sizes.text.vocabulary_size)
            self._pretext.to(self._parameters[0].device)
            self._parameters += self._pretext.parameters()
        self._optimizer = make_optimizer(self._parameters, stage)
        self.average = WeightAverage(model, average_decay) if average_decay else None
        self.done = 0

    def resume(self, state: RunState) -> None:
        """Go on from a checkpoint of this stage."""
        self._model.load_state_dict(state.model)
        self.done = state.step
        if state.optimizer is not None:
            self._optimizer.load_state_dict(state.optimizer)
        if self._pretext is not None and state.pretext is not None:
            self._pretext.load_state_dict(state.pretext)
        if self.average is not None:
            if state.average is not None:
                self.average.load_state_dict(state.average)
            else:
                self.average.restart()

    def state(self) -> RunState:
        """Checkpoint of this moment."""
        average = None if self.average is None else self.average.state_dict()
        pretext = None if self._pretext is None else self._pretext.state_dict()
        return RunState(
            self._index, self.done, self._model.state_dict(), self._optimizer.state_dict(), average, pretext
        )

    def step(self, batch: Batch) -> dict[str, float]:
        """One optimiser step.

        Returns:
            The losses, weighted, by name, and `different`: share of the CME's labels that say so.
        """
        stage = self._stage
        rate = learning_rate(self.done, stage.steps, stage.learning_rate, stage.warmup, stage.final_share)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        random = np.random.default_rng((self._seed, self._index, self.done))
        torch.manual_seed(int(random.integers(2**62)))
        causal = bool(random.random() < stage.causal_share)
        phase = int(random.integers(self._model.config.clip_length)) if causal else 0
        exchange = bool(random.random() < stage.exchange_share)

        set_modes(self._model, stage)
        losses, extra = self._losses(batch, causal, phase, exchange)
        total = torch.stack(list(losses.values())).sum()
        self._optimizer.zero_grad()
        total.backward()
        self._agree()
        nn.utils.clip_grad_norm_(self._parameters, stage.clip_norm)
        self._optimizer.step()
        if self.average is not None:
            self.average.update()
        self.done += 1
        return {name: x.item() for name, x in (losses | extra).items()}

    def _agree(self) -> None:
        """Give all replicas the same gradients, and the same running statistics."""
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        statistics = [b for b in self._model.buffers() if b.is_floating_point()]
        self._replicas.average(gradients + statistics)

    def _losses(
        self, batch: Batch, causal: bool, phase: int, exchange: bool
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        stage, weights = self._stage, self._stage.losses
        losses: dict[str, Tensor] = {}
        extra: dict[str, Tensor] = {}
        if self._pretext is not None:
            losses |= self._pretext.losses(self._model, batch, weights)
        if stage.trains_masks:
            losses |= mask_losses(
                self._model, batch, weights, causal=causal, phase=phase, memory=stage.memory
            )
        if weights.decision:
            found, labels = decision_losses(
                self._model,
                batch,
                weights.decision,
                causal=causal,
                phase=phase,
                first=stage.first_decision,
                exchange=exchange,
            )
            losses |= found
            extra["different"] = (labels == DIFFERENT).float().mean()
        return losses, extra
