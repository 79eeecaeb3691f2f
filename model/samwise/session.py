"""One video stream and the sentences followed through it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from samwise.cohort import Cohort
from samwise.encoding import EncodedFrame, encode_clip, encode_frame
from samwise.errors import ConfigurationError, ExpressionError, FrameError, SamwiseError
from samwise.model import Model
from samwise.network.conditional_memory_encoder import SWITCH_GAIN
from samwise.network.samwise import FrameFeatures
from samwise.network.text_encoder import TextFeatures
from samwise.results import StepResult, Target
from samwise.roster import Roster
from samwise.shell.laps import Laps
from samwise.state.decisions import DecisionPolicy
from samwise.targets import targets_of
from samwise.tracker import track_frame
from samwise.video.preprocess import Canvas, check_frame


class Session:
    """Follows what sentences name through a stream, frame by frame, in constant memory.

    Each sentence is followed as if it were the only one, while others come and go. Those that came together
    are computed in one batch, and with the others, too, once their memories are full.

    Args:
        model: as returned by `samwise.load`; sessions may share it.
        mask_threshold: a pixel belongs to the mask where its probability exceeds this, in [0, 1].
        cme_threshold: the CME switches where its probability exceeds this, in [0, 1]; 0.5 is the
            published argmax.
        cme_gain: lambda of the paper, above 0: what the logits of the CME's candidate are multiplied by where
            they replace the tracked mask in the memory; 10 is the published value.
        cme: who decides about switching: `learned`, `never`, `always` or `every:N`. A CME that was never
            trained is not asked: `learned` is `never` then.
        official: behave as the published scripts also where they have defects (docs/fidelity.md).
        canvas: where frames lie on the network's input.
        batched: compute sentences together, which is faster and rounds otherwise than for one of them: by
            some 1e-6 in probability. False: bit for bit as if each were the only one.

    Raises:
        ConfigurationError: for an unknown `cme` or a number that is out of its range.
    """

    def __init__(
        self,
        model: Model,
        *,
        mask_threshold: float = 0.5,
        cme_threshold: float = 0.5,
        cme_gain: float = SWITCH_GAIN,
        cme: str = "learned",
        official: bool = False,
        canvas: type[Canvas] = Canvas,
        batched: bool = True,
    ) -> None:
        if not 0 < cme_gain < math.inf:
            raise ConfigurationError(f"cme_gain is {cme_gain}; choose a number above 0")
        if not 0 <= mask_threshold <= 1:
            raise ConfigurationError(f"mask_threshold is {mask_threshold}; choose a probability from 0 to 1")
        self._model = model
        policy = DecisionPolicy.parse(cme)
        if policy.learned and not model.cme_trained:
            # It would rewrite the memory at random.
            policy = DecisionPolicy.parse("never")
        self._roster = Roster(model.network, policy, batched)
        self._official, self._new_canvas = official, canvas
        self.mask_threshold, self.cme_threshold = mask_threshold, cme_threshold
        self.cme_gain = cme_gain
        self._next_frame = 0
        self._canvas: Canvas | None = None
        self._way: str | None = None

    @property
    def sentences(self) -> dict[int, str]:
        """The sentences followed, by their ids, oldest first."""
        return self._roster.expressions

    @property
    def expressions(self) -> tuple[str, ...]:
        """The sentences followed, oldest first."""
        return tuple(self.sentences.values())

    def start(self, expressions: str | Sequence[str]) -> tuple[int, ...]:
        """Follow these sentences from the next frame on, forgetting everything before.

        Returns:
            Their ids, see `add`.

        Raises:
            ExpressionError: for no sentence, a blank or an overlong one; the old ones stay.
        """
        given = (expressions,) if isinstance(expressions, str) else tuple(expressions)
        if not given:
            raise ExpressionError("the list of sentences is empty; give at least one")
        groups = [given] if self._roster.batched else [(expression,) for expression in given]
        ids = self._roster.replace([(group, self._understand(group)) for group in groups])
        self._begin()
        return ids

    def set_expression(self, expression: str) -> None:
        """Follow one other sentence from the next frame on. Raises like `start`."""
        self.start(expression)

    def add(self, expression: str) -> int:
        """Follow one more sentence from the next frame on; the others go on undisturbed.

        Returns:
            Its id, which the session gives to no other sentence.

        Raises:
            ExpressionError: for a blank or an overlong sentence; nothing changes.
        """
        return self._roster.add(expression, self._understand((expression,)))

    def remove(self, id: int) -> None:
        """Follow a sentence no longer; the others go on undisturbed.

        Raises:
            ExpressionError: for an id that belongs to no sentence followed.
        """
        self._roster.remove(id)

    def reset(self) -> None:
        """Forget the frames seen, keep the sentences."""
        self._roster.forget()
        self._begin()

    def step(self, frame: NDArray[np.uint8]) -> StepResult:
        """Segment the next frame, uint8 `[H, W, 3]` RGB. A frame of another size starts over.

        Raises:
            FrameError: for a wrong type, layout or size, or after `step_clip` without a `reset`; the session
                goes on as before.
            ExpressionError: if no sentence has been given yet.
        """
        canvas = self._receive([frame], "step")
        return self._decode(encode_frame(self._model, frame, canvas, self._roster.cohorts))

    def steps(self, frames: Iterable[NDArray[np.uint8]]) -> Iterator[StepResult]:
        """Segment frames that are at hand, such as a recording's: `step` for each of them, but sooner.

        While one frame is decoded, a second thread encodes the next, which does not depend on the masks; so a
        result comes once the next frame has been taken, and a camera is better served by `step`. Sentences
        may change between two results. A GPU works ahead of the CPU anyway; there it is `step`.

        Whoever stops early leaves a frame in the session that was never decoded: `reset` before other frames.

        Raises:
            FrameError: as `step`, or by who reads the frames, once the frames before have their results.
            ExpressionError: as `step`.
        """
        if self._model.device.type != "cpu":
            yield from map(self.step, frames)
            return
        waiting: _Ahead | None = None
        with ThreadPoolExecutor(1, "encode") as encoder:
            try:
                for frame in frames:
                    waiting = self._again_if_outdated(encoder, waiting)
                    before = waiting
                    if before is not None and self._must_wait(before, frame):
                        waiting = None
                        yield self._decode(before.encoded.result())
                        before = None
                    waiting = self._encode_ahead(encoder, frame)
                    if before is not None:
                        yield self._decode(before.encoded.result())
            except SamwiseError:
                if waiting is not None:
                    yield self._decode(waiting.encoded.result())
                raise
            if (waiting := self._again_if_outdated(encoder, waiting)) is not None:
                yield self._decode(waiting.encoded.result())

    def step_clip(self, frames: Sequence[NDArray[np.uint8]]) -> tuple[StepResult, ...]:
        """Segment the next frames as one clip, in the published way: each sees all the others.

        Args:
            frames: at most T frames of one size, uint8 `[H, W, 3]` RGB. Another size than before starts over.

        Raises:
            FrameError: as for `step`, for no frame or frames of several sizes, or after `step` without a
                `reset`.
            ExpressionError: as for `step`.
        """
        # The published loop takes a clip of one frame for an image and forgets the video.
        canvas = self._receive(frames, "step_clip", anew=self._official and len(frames) == 1)
        encoded = encode_clip(self._model, frames, canvas, self._roster.cohorts)
        return tuple(map(self._decode, encoded))

    def _begin(self) -> None:
        self._next_frame, self._canvas, self._way = 0, None, None

    def _understand(self, expressions: tuple[str, ...]) -> TextFeatures:
        token_ids, padding = self._model.tokenizer.encode(expressions)
        motion, device = self._motion(expressions), self._model.device
        with torch.inference_mode(), self._model.precision():
            return self._model.network.encode_text(token_ids.to(device), padding.to(device), motion)

    def _receive(self, frames: Sequence[NDArray[np.uint8]], way: str, anew: bool = False) -> Canvas:
        """Check frames, start over if asked to or if their size is another one, and bring the batch in order.

        No frame may be in work of which something is still to be remembered.
        """
        for frame in frames:
            check_frame(frame)
        shapes = {(frame.shape[0], frame.shape[1]) for frame in frames}
        if len(shapes) != 1:
            raise FrameError(
                f"a clip has frames of sizes {sorted(shapes)}; pass one or more frames of one size"
            )
        if not self.sentences:
            raise ExpressionError("no sentence to follow; call start() or add() first")
        (shape,) = shapes
        canvas = self._canvas
        if anew or (canvas is not None and (canvas.height, canvas.width) != shape):
            self.reset()
        if self._way not in (None, way):
            raise FrameError(
                f"the frames before were given to {self._way}, which remembers other things than {way}; "
                "stay with one of them, or call reset() first"
            )
        self._way = way
        if self._canvas is None:
            self._canvas = self._new_canvas(*shape, self._model.network.config.image_size)
        self._roster.settle()
        return self._canvas

    def _must_wait(self, ahead: _Ahead, frame: NDArray[np.uint8]) -> bool:
        """Whether the frame before has to be decoded first: its state is about to change."""
        as_before = self._roster.settled and tuple(self._roster.cohorts) == ahead.cohorts
        return not as_before or np.shape(frame) != ahead.frame.shape

    def _encode_ahead(self, encoder: Executor, frame: NDArray[np.uint8]) -> _Ahead:
        canvas, cohorts = self._receive([frame], "step"), tuple(self._roster.cohorts)
        encoding = encoder.submit(encode_frame, self._model, frame, canvas, cohorts)
        return _Ahead(frame, self._roster.epoch, cohorts, encoding)

    def _again_if_outdated(self, encoder: Executor, ahead: _Ahead | None) -> _Ahead | None:
        """What was encoded for sentences that are no longer followed is encoded once more."""
        if ahead is None or ahead.epoch == self._roster.epoch:
            return ahead
        return self._encode_ahead(encoder, ahead.frame)

    def _decode(self, encoded: EncodedFrame) -> StepResult:
        targets: list[Target] = []
        laps = Laps()
        with torch.inference_mode(), self._model.precision():
            for cohort in self._roster.cohorts:
                features = encoded.features_for(self._model, cohort)
                targets += self._decode_for(cohort, features, encoded.canvas, laps)
        index, self._next_frame = self._next_frame, self._next_frame + 1
        followed = self.sentences
        asked = tuple(target for target in targets if target.id in followed)
        return StepResult(index, asked, encoded.seconds | laps.seconds)

    def _decode_for(
        self, cohort: Cohort, features: FrameFeatures, canvas: Canvas, laps: Laps
    ) -> tuple[Target, ...]:
        tracked = track_frame(
            self._model.network,
            features,
            cohort.track,
            self.cme_threshold,
            self.cme_gain,
            self._official,
            canvas.shown,
        )
        laps.lap("track")
        targets = targets_of(tracked, canvas, cohort.sentences, self.mask_threshold, self.cme_threshold)
        laps.lap("postprocess")
        return targets

    def _motion(self, sentences: Sequence[str]) -> Tensor | None:
        if self._model.verbs is None:
            return None
        verbs = self._model.tokenizer.inside(sentences, [self._model.verbs(s) for s in sentences])
        if self._official:
            # The published code stacks the verbs in an order that lets only the first one count.
            verbs = verbs & (verbs.cumsum(dim=1) == 1)
        return verbs.to(self._model.device)


@dataclass(frozen=True)
class _Ahead:
    """A frame that is being encoded for some cohorts while the one before is decoded."""

    frame: NDArray[np.uint8]
    epoch: int
    cohorts: tuple[Cohort, ...]
    encoded: Future[EncodedFrame]
