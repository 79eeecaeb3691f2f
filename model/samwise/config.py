"""Sizes of the model: one frozen dataclass per part, and presets.

The published model and a miniature for a CPU differ only in these numbers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Annotated, Any, TypeVar

from samwise.errors import ConfigurationError
from samwise.shell.spans import FrameRate, Span, check_values

NUM_STAGES = 4
FIRST_FUSED_STAGE = 1
"""The first adapter sits after the second Hiera stage (paper section 3.2; stages count from 0)."""
NUM_ADAPTERS = NUM_STAGES - FIRST_FUSED_STAGE
PUBLISHED_RATE = 10.0
"""Frames per second to which the official demo cuts a video before it looks at it."""
TEXT_KINDS = ("roberta", "clip")
Size = Annotated[int, Span(1, 10**6)]
SizeFrom0 = Annotated[int, Span(0, 10**6)]
Dropout = Annotated[float, Span(0, 1, below=True)]
Stages = tuple[Size, Size, Size, Size]


@dataclass(frozen=True, kw_only=True)
class HieraConfig:
    """Image encoder (SAM 2's Hiera trunk)."""

    embed_dim: Size = 112
    num_heads: Size = 2
    stages: Stages = (2, 3, 16, 3)
    window_spec: Stages = (8, 4, 14, 7)
    global_att_blocks: tuple[SizeFrom0, ...] = (12, 16, 20)
    position_size: tuple[Size, Size] = (14, 14)

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels after each stage."""
        return tuple(self.embed_dim * 2**i for i in range(NUM_STAGES))


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    """Text encoder. `stage_ends[i]` is the number of layers run before and in step i.

    Attributes:
        kind: `roberta` or `clip`.
    """

    vocabulary_size: Size = 50265
    width: Size = 768
    num_heads: Size = 12
    feed_forward: Size = 3072
    max_positions: Size = 514
    stage_ends: Stages = (1, 4, 8, 12)
    dropout: Dropout = 0.1
    kind: str = "roberta"

    def __post_init__(self) -> None:
        """Reject kinds that do not exist."""
        if self.kind not in TEXT_KINDS:
            raise ConfigurationError(f"text.kind is {self.kind!r}; choose one of {', '.join(TEXT_KINDS)}")


@dataclass(frozen=True, kw_only=True)
class AdapterConfig:
    """Cross-Modal Temporal adapters (paper section 3.2).

    Attributes:
        hsa: whether there is Hierarchical Selective Attention.
        hsa_patches: window side of each adapter's HSA, in tokens; a single value is used for all.
        visual_to_text: whether the visual stream is gated by words (VTA).
        text_to_visual: whether the words are gated by the visual stream (TVA).

    With none of the three parts there are no adapters: the "MLP only" row of the paper's ablation.
    """

    width: Size = 256
    num_heads: Size = 8
    hsa: bool = True
    hsa_patches: tuple[Size, ...] = (8, 4, 2)
    dropout: Dropout = 0.1
    visual_to_text: bool = True
    text_to_visual: bool = True

    @property
    def patches(self) -> tuple[int | None, ...]:
        """HSA's window side of each adapter, None where it has no HSA; empty if there are no adapters."""
        if not (self.hsa or self.visual_to_text or self.text_to_visual):
            return ()
        sides = self.hsa_patches * NUM_ADAPTERS if len(self.hsa_patches) == 1 else self.hsa_patches
        return sides if self.hsa else (None,) * NUM_ADAPTERS

    def __post_init__(self) -> None:
        """Reject a wrong number of window sides."""
        if len(self.hsa_patches) not in (1, NUM_ADAPTERS):
            raise ConfigurationError(
                f"adapter.hsa_patches is {self.hsa_patches}; give one number, or one for each of the "
                f"{NUM_ADAPTERS} adapters"
            )


@dataclass(frozen=True, kw_only=True)
class MemoryConfig:
    """SAM 2's memory attention, memory encoder and bank."""

    width: Size = 64
    num_layers: Size = 4
    feed_forward: Size = 2048
    num_frames: SizeFrom0 = 6
    num_pointers: SizeFrom0 = 15
    dropout: Dropout = 0.1


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The whole model. The defaults are the published one (Hiera-B+, RoBERTa-base, 1024 pixels).

    Attributes:
        image_size: side S of the square canvas frames are padded to, pixels, a multiple of 32.
        width: channels C of SAM 2's heads.
        clip_length: T, frames the adapters attend over.
        decision_window: W, frames between decisions of the conditional memory encoder.
        object_score: whether the decoder predicts presence (off in the image pre-training variant).
        motion_prompt: whether verbs form a prompt of their own (paper section 3.3).
        frame_rate: frames per second of the videos it was trained on, of the fastest where they differ; None:
            not known. More frames make everything slower than the model has seen it move.
    """

    image_size: Size = 1024
    width: Size = 256
    clip_length: Size = 8
    decoder_feed_forward: Size = 2048
    decision_feed_forward: Size = 128
    decision_window: Size = 4
    object_score: bool = True
    motion_prompt: bool = False
    frame_rate: FrameRate | None = None
    hiera: HieraConfig = field(default_factory=HieraConfig)
    text: TextConfig = field(default_factory=TextConfig)
    adapter: AdapterConfig = field(default_factory=AdapterConfig)
    memory: MemoryConfig = field(default_factory=MemoryConfig)

    def __post_init__(self) -> None:
        """Reject sizes that do not fit together, before they surface as a shape error deep inside."""
        if self.image_size % 32:
            raise ConfigurationError(f"image_size is {self.image_size}; use a multiple of 32")
        if self.width % self.memory.width:
            raise ConfigurationError(
                f"memory.width {self.memory.width} must divide width {self.width}: "
                "object pointers are split into memory-wide tokens"
            )
        for stage, patch in enumerate(self.adapter.patches, FIRST_FUSED_STAGE):
            side = self.image_size // (4 * 2**stage)
            if patch is not None and side % patch:
                raise ConfigurationError(
                    f"adapter.hsa_patches has {patch} for a {side}x{side} stage; use a divisor of {side}"
                )

    def to_dict(self) -> dict[str, Any]:
        """Plain nested dictionary, ready for JSON."""
        return asdict(self)

    @staticmethod
    def from_dict(values: dict[str, Any]) -> ModelConfig:
        """Inverse of `to_dict`.

        Raises:
            ConfigurationError: for an unknown name, or a value of the wrong type or out of range.
        """
        parts = {"hiera": HieraConfig, "text": TextConfig, "adapter": AdapterConfig, "memory": MemoryConfig}
        for name, value in values.items():
            if name in parts and not isinstance(value, dict):
                raise ConfigurationError(f"{name} is {value!r}; give a mapping of names to values")
        flat = {k: _build(parts[k], v) if k in parts else v for k, v in values.items()}
        return _build(ModelConfig, flat)


Part = TypeVar("Part")


def _build(kind: type[Part], values: dict[str, Any]) -> Part:
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    tupled = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    try:
        check_values(kind, {name: value for name, value in tupled.items() if name in known}, kind.__name__)
        return kind(**tupled)
    except TypeError as error:
        raise ConfigurationError(f"{kind.__name__}: {error}; was it written by a newer version?") from error


_HIERA = {
    "tiny": HieraConfig(
        embed_dim=96,
        num_heads=1,
        stages=(1, 2, 7, 2),
        window_spec=(8, 4, 14, 7),
        global_att_blocks=(5, 7, 9),
        position_size=(7, 7),
    ),
    "small": HieraConfig(
        embed_dim=96,
        num_heads=1,
        stages=(1, 2, 11, 2),
        window_spec=(8, 4, 14, 7),
        global_att_blocks=(7, 10, 13),
        position_size=(7, 7),
    ),
    "base_plus": HieraConfig(),
    "large": HieraConfig(
        embed_dim=144,
        num_heads=2,
        stages=(2, 6, 36, 4),
        window_spec=(8, 4, 16, 8),
        global_att_blocks=(23, 33, 43),
        position_size=(7, 7),
    ),
}
_TEXT = {
    "roberta": TextConfig(),
    "clip": TextConfig(
        vocabulary_size=49408,
        width=512,
        num_heads=8,
        feed_forward=2048,
        max_positions=77,
        stage_ends=(1, 4, 8, 12),
        dropout=0.0,
        kind="clip",
    ),
}


def published(hiera: str = "base_plus", text: str = "roberta") -> ModelConfig:
    """Sizes of the paper's models.

    Args:
        hiera: tiny, small, base_plus or large.
        text: roberta (RoBERTa-base) or clip (the text half of CLIP-B, which has no published weights).

    Raises:
        ConfigurationError: for another name.
    """
    if hiera not in _HIERA:
        raise ConfigurationError(f"no Hiera is called {hiera!r}; choose one of {', '.join(_HIERA)}")
    if text not in _TEXT:
        raise ConfigurationError(f"no text encoder is called {text!r}; choose one of {', '.join(_TEXT)}")
    return ModelConfig(hiera=_HIERA[hiera], text=_TEXT[text], frame_rate=PUBLISHED_RATE)


def miniature(vocabulary_size: int) -> ModelConfig:
    """Sizes of the bundled miniature: a few million parameters, 256 pixels, made for a CPU."""
    return ModelConfig(
        image_size=256,
        width=128,
        decoder_feed_forward=512,
        hiera=HieraConfig(
            embed_dim=32,
            num_heads=1,
            stages=(1, 2, 5, 2),
            window_spec=(8, 4, 8, 4),
            global_att_blocks=(4, 6, 9),
            position_size=(7, 7),
        ),
        text=TextConfig(
            vocabulary_size=vocabulary_size,
            width=128,
            num_heads=4,
            feed_forward=512,
            max_positions=66,
            stage_ends=(1, 2, 3, 4),
            dropout=0.0,
        ),
        adapter=AdapterConfig(width=128, num_heads=4, dropout=0.0),
        memory=MemoryConfig(width=32, num_layers=2, feed_forward=256, dropout=0.0),
    )
