"""Messages in, messages out: what the node does with a frame, without any communication.

An evaluator that reads a bag drives this very class, with a clock of its own.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Duration
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise.errors import ExpressionError, FrameError
from samwise.results import StepResult, Target
from samwise.video.metrics import region_similarity
from samwise.video.overlay import draw_overlay
from samwise_msgs.msg import TargetEvent, TargetState, TargetSwitched
from samwise_ros.errors import InputError
from samwise_ros.messages.images import to_message, to_rgb
from samwise_ros.messages.regions import bounding_region
from samwise_ros.messages.stamps import NANOSECONDS, nanoseconds
from samwise_ros.target_status import Change, Hysteresis, Status, TargetStatus

_EVENTS = {
    (Status.SEARCHING, Status.TRACKING): TargetEvent.FOUND,
    (Status.TRACKING, Status.LOST): TargetEvent.LOST,
    (Status.LOST, Status.TRACKING): TargetEvent.FOUND_AGAIN,
    (Status.TRACKING, Status.SEARCHING): TargetEvent.RESET,
    (Status.LOST, Status.SEARCHING): TargetEvent.RESET,
}
#: A bag that starts over goes back by seconds; drivers, and threads that share their work, by a fraction.
RESTART_THRESHOLD_S = 1.0


class StreamingSession(Protocol):
    """The part of `samwise.Session` that the pipeline drives."""

    mask_threshold: float
    cme_threshold: float

    def set_expression(self, expression: str) -> None:
        """Follow another sentence, forgetting the old target."""

    def reset(self) -> None:
        """Forget the frames seen, keep the sentence."""

    def step(self, frame: npt.NDArray[np.uint8]) -> StepResult:
        """Segment the next frame, uint8 [H, W, 3] RGB."""


@dataclass(frozen=True)
class FrameOutput:
    """What is to be said about one frame. All messages carry the header of its image.

    Attributes:
        mask: mono8, 255 on the target and 0 elsewhere, at the size of the image.
        state: of the target.
        events: changes of its status.
        switches: the switch that the CME decided on, if it did.
        notices: for the log: what was found out about the stream or the sentence on the way.
        frame: uint8 [H, W, 3] RGB, the decoded image.
        visible: bool [H, W], the mask as an array.
    """

    mask: Image
    state: TargetState
    events: tuple[TargetEvent, ...]
    switches: tuple[TargetSwitched, ...]
    notices: tuple[str, ...]
    frame: npt.NDArray[np.uint8]
    visible: npt.NDArray[np.bool_]

    def overlay(self) -> Image:
        """Draw the mask into the image, rgb8. Takes milliseconds, so only call it for someone who looks."""
        state = self.state
        tracking = state.status == TargetState.TRACKING
        verdict = f"{state.score:.0%}" if tracking else Status(state.status).name.lower()
        drawn = draw_overlay(self.frame, self.visible, f"{state.expression}  {verdict}")
        return to_message(drawn, "rgb8", state.header)


class Pipeline:
    """One camera stream, one sentence. Not thread-safe; thresholds may be set from anywhere.

    Args:
        session: that does the work, fresh.
        clock: nanoseconds now, on the clock that stamps the images.
        unknown_words: tells which words of a sentence the model has never seen; raises ExpressionError for a
            sentence that it has no use for.

    Attributes:
        restart_threshold: seconds; a stamp that is further behind the newest one than this means that a
            recording began again. May be set from anywhere.
        hysteresis: what it takes for a target to be found, and to be lost. May be set from anywhere.
    """

    def __init__(
        self,
        session: StreamingSession,
        clock: Callable[[], int],
        unknown_words: Callable[[str], tuple[str, ...]] = lambda sentence: (),
    ) -> None:
        self._session, self._clock, self._unknown_words = session, clock, unknown_words
        self._sentence: str | None = None
        self._refused: str | None = None
        self._id = 0
        self._status = TargetStatus()
        self._asked: deque[str] = deque(maxlen=1)
        #: Why everything was forgotten since the last frame that was segmented.
        self._forgotten_because = ""
        self.restart_threshold, self.hysteresis = RESTART_THRESHOLD_S, Hysteresis()
        self._newest_stamp: int | None = None
        self._disorder_told = False
        self._last_size: str | None = None

    def set_thresholds(self, mask: float, cme: float) -> None:
        """Use these probabilities, 0 to 1, from the next frame on."""
        self._session.mask_threshold, self._session.cme_threshold = mask, cme

    def unknown_words(self, sentence: str) -> tuple[str, ...]:
        """Words of a sentence that the model has never seen. May be called from anywhere.

        Raises:
            InputError: for a sentence that the model has no use for.
        """
        try:
            return self._unknown_words(sentence)
        except ExpressionError as error:
            raise InputError(str(error)) from error

    def forget(self, reason: str) -> None:
        """Forget what was seen before the next frame, and say why. May be called from anywhere."""
        self._asked.append(reason)

    def restart(self) -> None:
        """Forget what was seen, after a pause in which the scene may have changed. The sentence stays."""
        self._newest_stamp = self._last_size = None
        self._disorder_told = False
        if self._sentence is not None:
            self._start_over("the node was activated again")

    def process(self, image: Image, sentence: str, id_: int = 1) -> FrameOutput:
        """Segment the next image for `sentence`, which names target number `id_`.

        Another target than that of the last call makes the session forget the old target. So does a stamp
        that is older than the newest one by more than `restart_threshold`: a recording began again. By less,
        pictures have only overtaken each other, and are segmented in the order in which they arrive.

        Raises:
            InputError: for an image or a sentence that cannot be used. The stream goes on with the next image
                and with the last good sentence.
        """
        started = time.monotonic_ns()
        frame = to_rgb(image)
        notices = (*self._follow_sentence(sentence, id_), *self._follow_stream(image))
        target = self._step(frame).targets[0]
        events = self._judge(target, image.header)
        shown = target.present and self._status.now is Status.TRACKING
        visible = target.mask if shown else np.zeros_like(target.mask)
        return FrameOutput(
            mask=to_message(visible.view(np.uint8) * np.uint8(255), "mono8", image.header),
            state=self._state(target, visible, image.header, started),
            events=events,
            switches=self._switches(target, image.header),
            notices=notices,
            frame=frame,
            visible=visible,
        )

    def _follow_sentence(self, sentence: str, id_: int) -> tuple[str, ...]:
        # A sentence that the model refused is not tried again with every frame, as long as there is
        # another one to go on with.
        known = (sentence, id_) == (self._sentence, self._id)
        if known or (sentence == self._refused and self._sentence is not None):
            return ()
        try:
            self._session.set_expression(sentence)
        except ExpressionError as error:
            self._refused = sentence
            raise InputError(str(error)) from error
        self._sentence, self._refused = sentence, None
        self._id, self._status, self._forgotten_because = id_, TargetStatus(), ""
        unknown = self._unknown_words(sentence)
        if not unknown:
            return ()
        words = ", ".join(repr(word) for word in unknown)
        return (f"the model has never seen {words} of {sentence!r}; expect little, or say it in other words",)

    def _follow_stream(self, image: Image) -> tuple[str, ...]:
        notices = []
        if self._asked:
            self._start_over(self._asked.popleft())
        stamp = nanoseconds(image.header.stamp)
        back = 0.0 if self._newest_stamp is None else (self._newest_stamp - stamp) / NANOSECONDS
        if back > self.restart_threshold:
            self._newest_stamp = stamp
            self._start_over(
                f"image stamps went back by {back:.3f} s, as when a bag starts over: starting again"
            )
            notices.append(self._forgotten_because)
        elif back > 0 and not self._disorder_told:
            self._disorder_told = True
            notices.append(
                f"an image is stamped {back:.3f} s before an earlier one: images are segmented in the order "
                f"of their arrival; only beyond restart_threshold, {self.restart_threshold:g} s, does "
                "everything start over"
            )
        size = f"{image.width}x{image.height}"
        if self._last_size not in (None, size):
            # The session notices by itself; the operator should know, too.
            self._forgotten_because = f"image size changed from {self._last_size} to {size}: starting over"
            notices.append(self._forgotten_because)
        self._newest_stamp = stamp if self._newest_stamp is None else max(stamp, self._newest_stamp)
        self._last_size = size
        return tuple(notices)

    def _start_over(self, reason: str) -> None:
        self._session.reset()
        self._forgotten_because = reason

    def _step(self, frame: npt.NDArray[np.uint8]) -> StepResult:
        try:
            return self._session.step(frame)
        except FrameError as error:
            raise InputError(str(error)) from error
        except Exception as error:
            # It may have stopped half way (out of memory, say), with a memory that nobody can trust.
            self._start_over(f"a frame failed: {error}")
            raise

    def _state(
        self, target: Target, visible: npt.NDArray[np.bool_], header: Header, started: int
    ) -> TargetState:
        return TargetState(
            header=header,
            id=self._id,
            expression=target.expression,
            status=self._status.now.value,
            score=target.score,
            roi=bounding_region(visible),
            area=int(np.count_nonzero(visible)),
            latency=_duration(self._clock() - nanoseconds(header.stamp)),
            processing_time=_duration(time.monotonic_ns() - started),
        )

    def _judge(self, target: Target, header: Header) -> tuple[TargetEvent, ...]:
        """Find out the status with this frame, and return its changes."""
        stamp, reason = nanoseconds(header.stamp), self._forgotten_because
        self._forgotten_because = ""
        forgotten = self._status.forget(stamp) if reason else None
        change = self._status.see(target.present, target.score, stamp, self.hysteresis)
        return tuple(
            self._event(change, target.expression, reason, header)
            for change, reason in ((forgotten, reason), (change, ""))
            if change is not None
        )

    def _event(self, change: Change, expression: str, reason: str, header: Header) -> TargetEvent:
        return TargetEvent(
            header=header,
            what=_EVENTS[change.before, change.after],
            id=self._id,
            expression=expression,
            lasted=_duration(change.lasted_ns),
            reason=reason,
        )

    def _switches(self, target: Target, header: Header) -> tuple[TargetSwitched, ...]:
        decision = target.decision
        if decision is None or not decision.switched:
            return ()
        return (
            TargetSwitched(
                header=header,
                id=self._id,
                expression=target.expression,
                probability=decision.probability,
                threshold=decision.threshold,
                from_roi=bounding_region(decision.tracked_mask),
                to_roi=bounding_region(decision.candidate_mask),
                overlap=float(region_similarity(decision.tracked_mask, decision.candidate_mask)),
            ),
        )


def _duration(length_ns: int) -> Duration:
    seconds, rest = divmod(length_ns, NANOSECONDS)
    # A stamp from a clock that was never set can lie further away than the message can say.
    return Duration(sec=max(-(2**31), min(seconds, 2**31 - 1)), nanosec=rest)
