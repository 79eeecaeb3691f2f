"""One video stream and the sentences followed through it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from samwise.errors import ConfigurationError, ExpressionError, FrameError, SamwiseError
from samwise.model import Model
from samwise.network.conditional_memory_encoder import SWITCH_GAIN
from samwise.network.samwise import FrameFeatures
from samwise.network.text_encoder import TextFeatures
from samwise.results import StepResult
from samwise.state.decisions import DecisionPolicy
from samwise.state.temporal_cache import TemporalCache
from samwise.targets import targets_of
from samwise.tracker import Track, TrackedFrame, new_track, track_frame
from samwise.video.preprocess import Canvas, check_frame


class Session:
    """Follows what sentences name through a stream, frame by frame, in constant memory.

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
        self._policy = policy
        self._official, self._new_canvas = official, canvas
        self.mask_threshold, self.cme_threshold = mask_threshold, cme_threshold
        self.cme_gain = cme_gain
        self._expressions: tuple[str, ...] = ()
        self._text: TextFeatures | None = None
        self._canvas: Canvas | None = None
        self._track: Track | None = None
        self._cache: TemporalCache | None = None

    @property
    def expressions(self) -> tuple[str, ...]:
        """The sentences followed."""
        return self._expressions

    def start(self, expressions: str | Sequence[str]) -> None:
        """Follow these sentences from the next frame on, forgetting everything before.

        Raises:
            ExpressionError: for no sentence, a blank or an overlong one; the old ones stay.
        """
        sentences = (expressions,) if isinstance(expressions, str) else tuple(expressions)
        if not sentences:
            raise ExpressionError("the list of sentences is empty; give at least one")
        ids, padding = self._model.tokenizer.encode(sentences)
        motion = self._motion(sentences)
        device = self._model.device
        with torch.inference_mode(), self._precision():
            self._text = self._model.network.encode_text(ids.to(device), padding.to(device), motion)
        self._expressions = sentences
        self.reset()

    def set_expression(self, expression: str) -> None:
        """Follow one other sentence from the next frame on. Raises like `start`."""
        self.start(expression)

    def reset(self) -> None:
        """Forget the frames seen, keep the sentences."""
        network = self._model.network
        self._track = new_track(network, len(self._expressions), self._policy)
        self._cache = network.fusion.new_cache()
        self._canvas = None

    def step(self, frame: NDArray[np.uint8]) -> StepResult:
        """Segment the next frame, uint8 `[H, W, 3]` RGB. A frame of another size starts over.

        Raises:
            FrameError: for a wrong type, layout or size; the session goes on as before.
            ExpressionError: if no sentence has been given yet.
        """
        text, track, cache, canvas = self._receive([frame])
        return self._decode(self._encode(frame, canvas, text, cache), track)

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
                    if before is not None and np.shape(frame) != before.frame.shape:
                        # Another size forgets what the frame before has yet to be decoded with.
                        waiting = None
                        yield self._decode_ahead(before)
                        before = None
                    waiting = self._encode_ahead(encoder, frame)
                    if before is not None:
                        yield self._decode_ahead(before)
            except SamwiseError:
                if waiting is not None:
                    yield self._decode_ahead(waiting)
                raise
            if (waiting := self._again_if_outdated(encoder, waiting)) is not None:
                yield self._decode_ahead(waiting)

    def step_clip(self, frames: Sequence[NDArray[np.uint8]]) -> tuple[StepResult, ...]:
        """Segment the next frames as one clip, in the published way: each sees all the others.

        Args:
            frames: at most T frames of one size, uint8 `[H, W, 3]` RGB. Another size than before starts over.

        Raises:
            FrameError: as for `step`, and for no frame or frames of several sizes.
            ExpressionError: as for `step`.
        """
        # The published loop takes a clip of one frame for an image and forgets the video.
        text, track, _, canvas = self._receive(frames, anew=self._official and len(frames) == 1)
        clock = _Clock()
        prepared = torch.stack([canvas.prepare(f) for f in frames]).to(self._model.device)
        clock.lap("preprocess")
        with torch.inference_mode(), self._precision():
            clip = self._model.network.encode_clip(prepared[None], text)
            clock.lap("encode")
            shared = {name: seconds / len(frames) for name, seconds in clock.laps.items()}
            return tuple(
                self._decode(_Encoded(clip.frame(t), canvas, shared), track) for t in range(len(frames))
            )

    def _receive(
        self, frames: Sequence[NDArray[np.uint8]], anew: bool = False
    ) -> tuple[TextFeatures, Track, TemporalCache, Canvas]:
        """Check frames, start over if asked to or if their size is another one; the state to go on with."""
        for frame in frames:
            check_frame(frame)
        shapes = {(frame.shape[0], frame.shape[1]) for frame in frames}
        if len(shapes) != 1:
            raise FrameError(
                f"a clip has frames of sizes {sorted(shapes)}; pass one or more frames of one size"
            )
        if self._text is None:
            raise ExpressionError("no sentence yet; call start() first")
        (shape,) = shapes
        canvas = self._canvas
        if anew or (canvas is not None and (canvas.height, canvas.width) != shape):
            self.reset()
        if self._canvas is None:
            self._canvas = self._new_canvas(*shape, self._model.network.config.image_size)
        assert self._track is not None and self._cache is not None
        return self._text, self._track, self._cache, self._canvas

    def _encode_ahead(self, encoder: Executor, frame: NDArray[np.uint8]) -> _Ahead:
        text, track, cache, canvas = self._receive([frame])
        return _Ahead(frame, track, encoder.submit(self._encode, frame, canvas, text, cache))

    def _decode_ahead(self, ahead: _Ahead) -> StepResult:
        return self._decode(ahead.encoded.result(), ahead.track)

    def _again_if_outdated(self, encoder: Executor, ahead: _Ahead | None) -> _Ahead | None:
        """What was encoded for sentences that are no longer followed is encoded once more."""
        if ahead is None or ahead.track is self._track:
            return ahead
        return self._encode_ahead(encoder, ahead.frame)

    def _encode(
        self, frame: NDArray[np.uint8], canvas: Canvas, text: TextFeatures, cache: TemporalCache
    ) -> _Encoded:
        clock = _Clock()
        prepared = canvas.prepare(frame).to(self._model.device)
        clock.lap("preprocess")
        with torch.inference_mode(), self._precision():
            features = self._model.network.encode_frame(prepared, text, cache)
        clock.lap("encode")
        return _Encoded(features, canvas, clock.laps)

    def _decode(self, encoded: _Encoded, track: Track) -> StepResult:
        clock, index = _Clock(), track.next_frame
        with torch.inference_mode(), self._precision():
            tracked = self._track_frame(encoded, track)
            clock.lap("track")
            targets = targets_of(
                tracked, encoded.canvas, self._expressions, self.mask_threshold, self.cme_threshold
            )
        clock.lap("postprocess")
        return StepResult(index, targets, encoded.laps | clock.laps)

    def _track_frame(self, encoded: _Encoded, track: Track) -> TrackedFrame:
        return track_frame(
            self._model.network,
            encoded.features,
            track,
            self.cme_threshold,
            self.cme_gain,
            self._official,
            encoded.canvas.shown,
        )

    def _motion(self, sentences: Sequence[str]) -> Tensor | None:
        if self._model.verbs is None:
            return None
        verbs = self._model.tokenizer.inside(sentences, [self._model.verbs(s) for s in sentences])
        if self._official:
            # The published code stacks the verbs in an order that lets only the first one count.
            verbs = verbs & (verbs.cumsum(dim=1) == 1)
        return verbs.to(self._model.device)

    def _precision(self) -> AbstractContextManager[object]:
        dtype = self._model.autocast
        return torch.autocast(self._model.device.type, dtype, enabled=dtype is not None)


@dataclass(frozen=True)
class _Encoded:
    """A frame between encoder and decoder: its features, where it lies on the input, and seconds spent."""

    features: FrameFeatures
    canvas: Canvas
    laps: dict[str, float]


@dataclass(frozen=True)
class _Ahead:
    """A frame that is being encoded while the one before is decoded, and the track it belongs to."""

    frame: NDArray[np.uint8]
    track: Track
    encoded: Future[_Encoded]


class _Clock:
    """Lap times in seconds."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = now - self._last
        self._last = now
