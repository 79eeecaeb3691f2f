"""The whole network (paper figure 2). It has no state: banks, caches and schedules are passed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from samwise.config import FIRST_FUSED_STAGE, ModelConfig
from samwise.network.clip_encoder import ClipEncoder
from samwise.network.cmt_adapter import CMTAdapter
from samwise.network.conditional_memory_encoder import ConditionalMemoryEncoder
from samwise.network.fusion import Fusion
from samwise.network.image_encoder import ImageEncoder
from samwise.network.mask_decoder import MaskDecoder, Prediction
from samwise.network.memory import Memory
from samwise.network.prompts import Prompts
from samwise.network.roberta_encoder import RobertaEncoder
from samwise.network.sharing import one_each
from samwise.network.text_encoder import TextEncoder, TextFeatures
from samwise.state.memory_bank import FrameMemory, MemoryBank
from samwise.state.temporal_cache import TemporalCache

_TEXT_ENCODERS: dict[str, type[TextEncoder]] = {"roberta": RobertaEncoder, "clip": ClipEncoder}


@dataclass(frozen=True)
class FrameFeatures:
    """One frame as B sentences see it.

    Attributes:
        stride4: `[B, C/8, S/4, S/4]`.
        stride8: `[B, C/4, S/8, S/8]`.
        stride16: `[B, C, S/16, S/16]`.
        rho: contextual prompt `[B, C]`.
        motion: motion prompt `[B, 1, C]`, or None.
        moving: indices of the sentences that have a motion prompt; the rows of the others are meaningless.
    """

    stride4: Tensor
    stride8: Tensor
    stride16: Tensor
    rho: Tensor
    motion: Tensor | None
    moving: tuple[int, ...]

    def select(self, rows: Sequence[int]) -> FrameFeatures:
        """The same frame as some of the sentences see it, in this order."""
        kept = torch.tensor(rows, device=self.rho.device)
        return FrameFeatures(
            self.stride4[kept],
            self.stride8[kept],
            self.stride16[kept],
            self.rho[kept],
            None if self.motion is None else self.motion[kept],
            tuple(i for i, row in enumerate(rows) if row in self.moving),
        )

    def unprompted(self) -> FrameFeatures:
        """The same frame with nothing asked about it: all prompts zero."""
        return replace(self, rho=torch.zeros_like(self.rho), motion=None, moving=())


@dataclass(frozen=True)
class ClipFeatures(FrameFeatures):
    """T frames as B sentences see them: the fields of `FrameFeatures`, with T after B."""

    def frame(self, t: int) -> FrameFeatures:
        """Frame number t of the clip."""
        motion = None if self.motion is None else self.motion[:, t]
        return FrameFeatures(
            self.stride4[:, t], self.stride8[:, t], self.stride16[:, t], self.rho[:, t], motion, self.moving
        )


class Samwise(nn.Module):
    """SAMWISE after arXiv 2411.17646.

    Args:
        config: sizes. Only this class sees them all; each part gets the numbers it needs.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        grid = config.image_size // 16
        adapter, memory, text = config.adapter, config.memory, vars(config.text).copy()
        self.fusion = Fusion(
            ImageEncoder(width=config.width, **vars(config.hiera)),
            _TEXT_ENCODERS[text.pop("kind")](**text),
            [
                CMTAdapter(
                    visual_width=visual_width,
                    text_width=config.text.width,
                    width=adapter.width,
                    num_heads=adapter.num_heads,
                    hsa_patch=patch,
                    clip_length=config.clip_length,
                    dropout=adapter.dropout,
                    visual_to_text=adapter.visual_to_text,
                    text_to_visual=adapter.text_to_visual,
                )
                # Without patches there are no adapters.
                for visual_width, patch in zip(
                    config.hiera.widths[FIRST_FUSED_STAGE:], adapter.patches, strict=False
                )
            ],
            config.clip_length,
        )
        self.prompts = Prompts(
            text_width=config.text.width,
            width=config.width,
            grid=grid,
            image_size=config.image_size,
            motion=config.motion_prompt,
        )
        self.mask_decoder = MaskDecoder(
            width=config.width,
            feed_forward=config.decoder_feed_forward,
            image_size=config.image_size,
            object_score=config.object_score,
        )
        self.memory = Memory(
            width=config.width,
            grid=grid,
            memory_width=memory.width,
            num_layers=memory.num_layers,
            feed_forward=memory.feed_forward,
            num_frames=memory.num_frames,
            num_pointers=memory.num_pointers,
            dropout=memory.dropout,
        )
        self.cme = ConditionalMemoryEncoder(
            width=config.width,
            feed_forward=config.decision_feed_forward,
            dropout=config.adapter.dropout,
        )

    def encode_text(self, ids: Tensor, padding: Tensor, motion: Tensor | None = None) -> TextFeatures:
        """Compute what depends on the sentences alone.

        Args:
            ids: token ids `[B, L]`.
            padding: bool `[B, L]`, True at padding.
            motion: bool `[B, L]`, True at verbs; None if no verbs are known.
        """
        return self.fusion.encode_text(ids, padding, torch.zeros_like(padding) if motion is None else motion)

    def encode_clip(
        self, frames: Tensor, text: TextFeatures, causal: bool = False, phase: int = 0
    ) -> ClipFeatures:
        """Encode clips.

        Args:
            frames: normalised, `[V, T, 3, S, S]`: V videos with B / V sentences each.
            text: B sentences, those about the first video first.
            causal: whether a frame sees only itself and earlier frames.
            phase: number of the first frame modulo the clip length (causal only).
        """
        return self.ask_clip(self.look(frames), text, causal, phase)

    def encode_frame(self, frame: Tensor, text: TextFeatures, cache: TemporalCache) -> FrameFeatures:
        """Encode the next frame `[3, S, S]` of a stream for B sentences (causal mode)."""
        return self.ask_frame(self.look(frame[None, None]), text, cache)

    def look(self, frames: Tensor) -> list[Tensor]:
        """Compute what does not depend on sentences of `[V, T, 3, S, S]`, once for all who ask."""
        return self.fusion.look(frames)

    def ask_clip(
        self, seen: list[Tensor], text: TextFeatures, causal: bool = False, phase: int = 0
    ) -> ClipFeatures:
        """The rest of `encode_clip`, given what `look` returned."""
        return self._decoder_features(*self.fusion.encode_clip(seen, text, causal, phase), text)

    def ask_frame(self, seen: list[Tensor], text: TextFeatures, cache: TemporalCache) -> FrameFeatures:
        """The rest of `encode_frame`, given what `look` returned."""
        return self._decoder_features(*self.fusion.stream(seen, text, cache), text).frame(0)

    def segment(self, frame: FrameFeatures, bank: MemoryBank) -> Prediction:
        """Segment a frame, conditioned on the memories in `bank`."""
        return self._decode(self.memory.condition(frame.stride16, bank), frame, frame.motion)

    def segment_without_memory(self, frame: FrameFeatures) -> Prediction:
        """Segment a frame on its own: the unbiased answer the CME compares with.

        The motion prompt is left out, as in the published model.
        """
        return self._decode(self.memory.without_memory(frame.stride16), frame, None)

    def decide(self, tracked_pointer: Tensor, candidate_pointer: Tensor) -> Tensor:
        """CME logits `[B, 2]` (stay, switch) of the two branches' pointers, each `[B, C]`."""
        logits: Tensor = self.cme(tracked_pointer, candidate_pointer)
        return logits

    def remember(self, frame: FrameFeatures, mask: Tensor, object_pointer: Tensor) -> FrameMemory:
        """Encode a frame and its mask logits `[B, 1, S, S]` for the bank."""
        return FrameMemory(self.memory.write(frame.stride16, mask), object_pointer)

    def _decode(self, features: Tensor, frame: FrameFeatures, motion: Tensor | None) -> Prediction:
        sentences = range(len(features))
        if motion is None or not frame.moving:
            return self._decode_rows(features, frame, None, sentences)
        still = [i for i in sentences if i not in frame.moving]
        if not still:
            return self._decode_rows(features, frame, motion, sentences)
        # With the motion prompt a sentence has one more token, and the decoder has no padding.
        with_motion = self._decode_rows(features, frame, motion, frame.moving)
        without = self._decode_rows(features, frame, None, still)
        return with_motion.interleaved(without, torch.tensor([*frame.moving, *still]).argsort())

    def _decode_rows(
        self, features: Tensor, frame: FrameFeatures, motion: Tensor | None, sentences: Sequence[int]
    ) -> Prediction:
        rows = torch.tensor(sentences, device=features.device) if len(sentences) < len(features) else ...
        prompt = self.prompts(frame.rho[rows], None if motion is None else motion[rows])
        prediction: Prediction = self.mask_decoder(
            features[rows], frame.stride4[rows], frame.stride8[rows], prompt
        )
        return prediction

    def _decoder_features(self, stages: list[Tensor], tokens: Tensor, text: TextFeatures) -> ClipFeatures:
        batch, frames = len(tokens), stages[-1].shape[1]
        flat = [stage.flatten(0, 1) for stage in stages]
        stride4, stride8, stride16 = self.fusion.image_encoder.pyramid(flat, self.mask_decoder.narrow)
        words = tokens.expand(-1, frames, -1, -1).flatten(0, 1)
        sentence = text.sentence.repeat_interleave(frames)
        motion = self.prompts.motion(words, text.motion.repeat_interleave(frames, dim=0))
        state = words[torch.arange(len(words), device=words.device), sentence]

        def split(x: Tensor) -> Tensor:
            return one_each(x.unflatten(0, (-1, frames)), batch)

        return ClipFeatures(
            split(stride4),
            split(stride8),
            split(stride16),
            split(self.prompts.contextual(state)),
            None if motion is None else split(motion),
            text.moving,
        )
