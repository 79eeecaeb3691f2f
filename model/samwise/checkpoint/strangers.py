"""Whose weights they are, if not SAMWISE's, judged by the parameter names."""

from __future__ import annotations

from collections.abc import Collection

_TAIL = "give a checkpoint of SAMWISE, such as final_model_mevis.pth"
# Name prefixes that must all occur, whose model that is, and what to do. The first match counts.
_SIGNS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("fusion.image_encoder.", "mask_decoder."),
        "a model of this library without its configuration",
        "give the .safetensors file that it was saved in",
    ),
    (
        ("image_encoder.trunk.", "memory_attention.", "obj_ptr_tpos_proj."),
        "SAM 2.1 alone, without text encoder and adapters",
        _TAIL,
    ),
    (
        ("image_encoder.trunk.", "memory_attention."),
        "SAM 2 alone, without text encoder and adapters",
        f"{_TAIL}; to train from SAM 2, name it under `foundation`",
    ),
    (("image_encoder.blocks.", "mask_decoder."), "SAM, the first version", _TAIL),
    (("vision_encoder.", "memory_attention."), "SAM 2 with the names of transformers", _TAIL),
    (("encoder.sentence_encoder.",), "RoBERTa alone (fairseq)", _TAIL),
    (("roberta.",), "RoBERTa alone (transformers)", _TAIL),
    (("text_model.", "vision_model."), "CLIP alone", _TAIL),
    (("transformer.", "class_embed."), "a detection transformer, such as ReferFormer", _TAIL),
)


def stranger(names: Collection[str]) -> str | None:
    """Whose parameters have these names, and what to give instead; None if unknown."""
    for beginnings, owner, remedy in _SIGNS:
        if all(any(name.startswith(beginning) for name in names) for beginning in beginnings):
            return f"it is {owner}; {remedy}"
    return None
