"""One stage under way: its optimiser, its averaged weights, and how a step is taken."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from samwise.errors import ConfigurationError
from samwise.network.samwise import Samwise
from samwise.train.auxiliary.heads import Heads
from samwise.train.losses.cme_labels import DIFFERENT
from samwise.train.losses.unroll import decision_losses, mask_losses
from samwise.train.optimise.parameters import embeddings, make_optimizers, select_trainable, set_modes
from samwise.train.optimise.reduced_products import reduced_products
from samwise.train.optimise.replicas import Replicas
from samwise.train.optimise.weight_average import WeightAverage
from samwise.train.recipe.schedule import learning_rate
from samwise.train.recipe.stage import Stage
from samwise.train.run_state import RunState
from samwise.train.samples.batch import Batch


class StageRun:
    """Takes the steps of a stage.

    Args:
        model: to train.
        stage: what to do.
        index: of the stage in the run.
        seed: of the run; together with `index` and the number of the step it fixes every random choice.
        average_decay: of the moving average of the weights; 0: none.
        replicas: processes that take every step together.

    Raises:
        ConfigurationError: if an auxiliary head asks for what the model does not have, or the stage trains a
            parameter that it does not have.
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
        try:
            self._heads = Heads(model, stage.losses, seed).to(self._parameters[0].device)
        except ConfigurationError as error:
            raise ConfigurationError(f"stage {stage.name!r}: {error}") from error
        self._parameters += self._heads.parameters()
        self._optimizers = make_optimizers(self._parameters, stage.optimiser, embeddings(model))
        self.average = WeightAverage(model, average_decay) if average_decay else None
        self.done = 0

    def resume(self, state: RunState) -> None:
        """Go on from a checkpoint of this stage."""
        self._model.load_state_dict(state.model)
        self.done = state.step
        for optimizer, held in zip(self._optimizers, state.optimizers or (), strict=False):
            optimizer.load_state_dict(held)
        if state.auxiliary is not None:
            self._heads.load_state_dict(state.auxiliary)
        if self.average is not None:
            if state.average is not None:
                self.average.load_state_dict(state.average)
            else:
                self.average.restart()

    def state(self) -> RunState:
        """Checkpoint of this moment."""
        average = None if self.average is None else self.average.state_dict()
        optimizers = [optimizer.state_dict() for optimizer in self._optimizers]
        return RunState(
            self._index, self.done, self._model.state_dict(), optimizers, average, self._heads.state_dict()
        )

    def step(self, batch: Batch) -> dict[str, float]:
        """One optimiser step.

        Returns:
            The losses, weighted, by name, and `different`: share of the CME's labels that say so.
        """
        stage, schedule, mode = self._stage, self._stage.optimiser, self._stage.mode
        rate = learning_rate(
            self.done, stage.steps, schedule.learning_rate, schedule.warmup, schedule.final_share
        )
        for group in (group for optimizer in self._optimizers for group in optimizer.param_groups):
            group["lr"] = rate
        random = np.random.default_rng((self._seed, self._index, self.done))
        torch.manual_seed(int(random.integers(2**62)))
        causal = bool(random.random() < mode.causal_share)
        phase = int(random.integers(self._model.config.clip_length)) if causal else 0
        exchange = bool(random.random() < mode.exchange_share)

        set_modes(self._model, mode, masks=stage.trains_masks)
        with reduced_products(batch.frames.device, mode.precision != "float32"):
            losses, extra = self._losses(batch, causal, phase, exchange)
        total = torch.stack(list(losses.values())).sum()
        for optimizer in self._optimizers:
            optimizer.zero_grad()
        total.backward()
        self._agree()
        nn.utils.clip_grad_norm_(self._parameters, schedule.clip_norm)
        for optimizer in self._optimizers:
            optimizer.step()
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
        stage, mode, weights = self._stage, self._stage.mode, self._stage.losses
        losses: dict[str, Tensor] = {}
        extra: dict[str, Tensor] = {}
        if stage.trains_masks:
            losses |= mask_losses(
                self._model,
                batch,
                weights,
                causal=causal,
                phase=phase,
                memory=mode.memory,
                follow=mode.follow,
                stride=mode.mask_stride,
                heads=self._heads,
            )
        if weights.decision:
            found, labels = decision_losses(
                self._model,
                batch,
                weights.decision,
                causal=causal,
                phase=phase,
                first=mode.first_decision,
                exchange=exchange,
            )
            losses |= found
            extra["different"] = (labels == DIFFERENT).float().mean()
        return losses, extra
