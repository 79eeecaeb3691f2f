"""The two encoders run side by side, with an adapter after each of the later steps (paper figure 2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from samwise.config import FIRST_FUSED_STAGE, NUM_STAGES
from samwise.network.cmt_adapter import CMTAdapter
from samwise.network.image_encoder import ImageEncoder
from samwise.network.sharing import one_each
from samwise.network.text_encoder import TextEncoder, TextFeatures
from samwise.state.temporal_cache import TemporalCache

Adapt = Callable[[int, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


class Fusion(nn.Module):
    """Image encoder, text encoder and the adapters between them.

    Args:
        image_encoder: driven stage by stage.
        text_encoder: driven in as many steps.
        adapters: one after each step from `FIRST_FUSED_STAGE` on, or none: then the encoders do not interact.
        clip_length: T.
    """

    def __init__(
        self,
        image_encoder: ImageEncoder,
        text_encoder: TextEncoder,
        adapters: Sequence[CMTAdapter],
        clip_length: int,
    ) -> None:
        super().__init__()
        self.image_encoder, self.text_encoder = image_encoder, text_encoder
        self.clip_length = clip_length
        self.adapters = nn.ModuleList(adapters)
        self.active = True
        """Whether the adapters take part; without them the encoders do not interact."""

    def encode_text(self, ids: Tensor, padding: Tensor, motion: Tensor) -> TextFeatures:
        """Run the part of the text encoder that does not depend on the frames."""
        tokens = self.text_encoder.embed(ids, padding)
        for step in range(FIRST_FUSED_STAGE + 1):
            tokens = self.text_encoder.stage(step, tokens, padding)
        moving = tuple(i for i, verbs in enumerate(motion.any(dim=1).tolist()) if verbs)
        return TextFeatures(tokens, padding, motion, self.text_encoder.sentence_token(padding), moving)

    def new_cache(self, sentences: int = 1) -> TemporalCache:
        """Empty state for `stream`; of how many sentences matters only where some leave or join later."""
        return TemporalCache(len(self.adapters), self.clip_length, sentences)

    def look(self, frames: Tensor) -> list[Tensor]:
        """Run the stages that no sentence has a part in, on `[V, T, 3, S, S]`: `[V, T, Ci, Hi, Wi]` each."""
        x = self.image_encoder.embed(frames.flatten(0, 1))
        stages: list[Tensor] = []
        for step in range(FIRST_FUSED_STAGE + 1):
            x = self.image_encoder.stage(step, x)
            stages.append(x.unflatten(0, (-1, frames.shape[1])).movedim(-1, 2))
        return stages

    def encode_clip(
        self, seen: list[Tensor], text: TextFeatures, causal: bool = False, phase: int = 0
    ) -> tuple[list[Tensor], Tensor]:
        """Encode whole clips.

        Args:
            seen: T frames of V videos with B / V sentences each, as `look` returns them.
            text: of B sentences.
            causal: frames see only themselves and earlier ones.
            phase: number of the first frame modulo T (causal only).

        Returns:
            Four stage outputs `[B, T, Ci, Hi, Wi]`, the first ones `[V, T, Ci, Hi, Wi]` as long as no
            sentence has touched them; the text `[B, T', L, D]`, T' = T if causal, else 1.
        """
        tokens = text.tokens[:, None]
        if causal:
            tokens = tokens.expand(-1, seen[0].shape[1], -1, -1)

        def adapt(index: int, visual: Tensor, words: Tensor, padding: Tensor) -> tuple[Tensor, Tensor]:
            result: tuple[Tensor, Tensor] = self.adapters[index](visual, words, padding, causal, phase)
            return result

        return self._interleave(seen, tokens, text.padding, adapt)

    def stream(
        self, seen: list[Tensor], text: TextFeatures, cache: TemporalCache
    ) -> tuple[list[Tensor], Tensor]:
        """Encode the next frame of one video for B sentences, causal mode; `seen` is what `look` returned.

        Returns and shapes as for `encode_clip` with T = 1; `cache` advances by one frame.
        """

        def adapt(index: int, visual: Tensor, words: Tensor, padding: Tensor) -> tuple[Tensor, Tensor]:
            adapter = self.adapters[index]
            assert isinstance(adapter, CMTAdapter)
            return adapter.stream(visual, words, padding, slot, cache.rings[index])

        slot = cache.slot
        if isinstance(slot, Tensor):
            slot = slot.to(seen[0].device)
        out = self._interleave(seen, text.tokens[:, None], text.padding, adapt)
        cache.advance()
        return out

    def _interleave(
        self, seen: list[Tensor], tokens: Tensor, padding: Tensor, adapt: Adapt
    ) -> tuple[list[Tensor], Tensor]:
        *stages, visual = seen
        length = visual.shape[1]
        for step in range(FIRST_FUSED_STAGE, NUM_STAGES):
            if step > FIRST_FUSED_STAGE:
                x = self.image_encoder.stage(step, visual.movedim(2, -1).flatten(0, 1))
                visual = x.unflatten(0, (-1, length)).movedim(-1, 2)
                repeated = padding.repeat_interleave(tokens.shape[1], dim=0)
                moved = self.text_encoder.stage(step, tokens.flatten(0, 1), repeated)
                tokens = moved.unflatten(0, tokens.shape[:2])
            if self.active and len(self.adapters):
                visual_delta, text_delta = adapt(step - FIRST_FUSED_STAGE, visual, tokens, padding)
                visual = one_each(visual, len(visual_delta)) + visual_delta
                tokens = tokens + text_delta
            stages.append(visual)
        return stages, tokens
