"""Frame by frame through decoder, CME and memory (paper sections 3.3 and 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from samwise.network.conditional_memory_encoder import SWITCH_GAIN, rewrite
from samwise.network.mask_decoder import Prediction
from samwise.network.samwise import FrameFeatures, Samwise
from samwise.state.decisions import DecisionPolicy, DecisionSchedule
from samwise.state.memory_bank import MemoryBank


@dataclass
class Track:
    """State of following B sentences through one video.

    Attributes:
        bank: their memories.
        schedules: one per sentence.
        next_frames: for each sentence, the number of the next frame, from 0 where it was given.
        unread: switches of the last frame, bool `[B]`, that the schedules have not been told of yet.
    """

    bank: MemoryBank
    schedules: list[DecisionSchedule]
    next_frames: list[int]
    unread: Tensor | None = None

    def due(self) -> tuple[bool, ...]:
        """For each sentence, whether to decide at the next frame.

        Whether the last frame switched is read from the device only now: by now its masks have been waited
        for, so nothing waits for the decision alone.
        """
        self._read()
        return tuple(s.due(frame) for s, frame in zip(self.schedules, self.next_frames, strict=True))

    def select(self, rows: Sequence[int]) -> None:
        """Keep some of the sentences, in this order."""
        self._read()
        self.bank.select(torch.tensor(rows))
        self.schedules = [self.schedules[row] for row in rows]
        self.next_frames = [self.next_frames[row] for row in rows]

    def join(self, other: Track) -> None:
        """Take in the sentences of another track, whose bank holds as many frames, behind those here."""
        self._read()
        other._read()
        self.bank.join(other.bank)
        self.schedules += other.schedules
        self.next_frames += other.next_frames

    def advance(self, switched: Tensor | None) -> None:
        """Note that a frame is done, and who switched in it, bool `[B]`; None: nobody."""
        self.unread = switched
        self.next_frames = [frame + 1 for frame in self.next_frames]

    def _read(self) -> None:
        if self.unread is None:
            return
        for i, switch in enumerate(self.unread.tolist()):
            if switch:
                self.schedules[i].last_switch = self.next_frames[i] - 1
        self.unread = None


@dataclass(frozen=True)
class TrackedFrame:
    """The outcome of tracking one frame.

    Attributes:
        prediction: the masks to show, with memory.
        candidate: the memory-less branch; None where no sentence was due for a decision.
        decided: for each sentence whether the CME ran.
        switch_probability: of the CME, `[B]` in [0, 1]; None like `candidate`.
        switched: bool `[B]`, whether a sentence's memory was rewritten; None like `candidate`.
    """

    prediction: Prediction
    candidate: Prediction | None
    decided: tuple[bool, ...]
    switch_probability: Tensor | None
    switched: Tensor | None


def new_track(model: Samwise, sentences: int, policy: DecisionPolicy) -> Track:
    """Fresh state for that many sentences."""
    schedules = [DecisionSchedule(policy, model.config.decision_window) for _ in range(sentences)]
    return Track(model.memory.new_bank(), schedules, [0] * sentences)


def track_frame(
    model: Samwise,
    frame: FrameFeatures,
    track: Track,
    threshold: float = 0.5,
    gain: float = SWITCH_GAIN,
    official: bool = False,
    picture: tuple[int, int] | None = None,
) -> TrackedFrame:
    """Segment the next frame, decide whether the memory is wrong, and remember the frame.

    A switch changes what is remembered, not the mask of this frame; it takes effect from the next frame on.

    Args:
        model: in evaluation mode.
        frame: features of the frame for B sentences.
        track: advanced by one frame.
        threshold: CME probability above which the memory is rewritten; 0.5 is the published argmax.
        gain: lambda, what a candidate's logits are multiplied by where they go into the memory.
        official: count a switch to an empty candidate, which leaves the memory unchanged and postpones the
            next decision.
        picture: rows and columns of the canvas that show the frame; None: all. A candidate beyond them is
            empty for whoever looks at the frame.
    """
    prediction = model.segment(frame, track.bank)
    decided = track.due()
    candidate = probability = switched = None
    remembered = prediction.high_res
    if any(decided):
        candidate = model.segment_without_memory(frame)
        logits = model.decide(prediction.object_pointer, candidate.early_object_pointer)
        probability = logits.float().softmax(dim=1)[:, 1]
        switched = torch.tensor(decided, device=probability.device)
        if track.schedules[0].policy.learned:
            switched = switched & (probability > threshold)
            if not official:
                rows, columns = picture or candidate.high_res.shape[-2:]
                shown = candidate.high_res[..., :rows, :columns]
                switched = switched & (shown > 0).flatten(1).any(dim=1)
        rewritten = rewrite(remembered, candidate.high_res, gain)
        remembered = torch.where(switched[:, None, None, None], rewritten, remembered)
    track.bank.append(model.remember(frame, remembered, prediction.object_pointer))
    track.advance(switched)
    return TrackedFrame(prediction, candidate, decided, probability, switched)
