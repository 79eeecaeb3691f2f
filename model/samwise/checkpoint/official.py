"""Parameter names of the published state dict mapped to ours by rule."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import torch
from torch import Tensor

from samwise.checkpoint.strangers import stranger
from samwise.config import NUM_ADAPTERS, ModelConfig, published
from samwise.errors import CheckpointError

# Parameters the published model carries along but never uses.
_UNUSED = re.compile(
    r"text_encoder\.(_float_tensor|model\.encoder\.(sentence_encoder\.version|lm_head\..*))"
    r"|sam\.(mask_downsample\.(weight|bias)|no_mem_pos_enc)"
    r"|conditional_memory_encoder\.transformerBlock\.norm2\.(weight|bias)"
    r"|.*\.num_batches_tracked"
    r"|.*total_(params|ops)"
)

# What distributed training and torch.compile put in front of every name.
_WRAPPED = re.compile(r"^(module\.|_orig_mod\.)+")
_ROBERTA = "fusion.text_encoder.roberta."
_RULES: tuple[tuple[str, str], ...] = (
    (
        r"text_encoder\.model\.encoder\.sentence_encoder\.embed_tokens",
        _ROBERTA + "embeddings.word_embeddings",
    ),
    (
        r"text_encoder\.model\.encoder\.sentence_encoder\.embed_positions",
        _ROBERTA + "embeddings.position_embeddings",
    ),
    (
        r"text_encoder\.model\.encoder\.sentence_encoder\.layernorm_embedding",
        _ROBERTA + "embeddings.LayerNorm",
    ),
    (r"text_encoder\.model\.encoder\.sentence_encoder\.layers", _ROBERTA + "encoder.layer"),
    (r"self_attn\.([qkv])_proj(?=.*)", r"self_attn.\1_proj"),
    (r"sam\.image_encoder", "fusion.image_encoder"),
    (r"sam\.memory_attention", "memory.attention"),
    (r"sam\.memory_encoder", "memory.encoder"),
    (r"sam\.maskmem_tpos_enc", "memory.temporal_code"),
    (r"sam\.no_mem_embed", "memory.no_memory"),
    (r"sam\.no_obj_ptr", "mask_decoder.no_object_pointer"),
    (r"sam\.obj_ptr_proj", "mask_decoder.object_pointer"),
    (r"sam\.sam_mask_decoder", "mask_decoder.decoder"),
    (r"sam\.sam_prompt_encoder\.project_text", "prompts.project_text"),
    (r"sam\.sam_prompt_encoder\.project_motion_prompts", "prompts.project_motion"),
    (r"sam\.sam_prompt_encoder", "prompts.encoder"),
    (r"cmt_adapters\.(\d+)\.spatial_pos_embed", r"fusion.adapters.\1.hsa.spatial_code"),
    (r"cmt_adapters\.(\d+)\.norm_pre_HSA", r"fusion.adapters.\1.hsa.norm"),
    (r"cmt_adapters\.(\d+)\.hsa\.self_attn", r"fusion.adapters.\1.hsa.attention"),
    (r"cmt_adapters\.(\d+)\.ca_V2T\.multihead_attn", r"fusion.adapters.\1.visual_to_text.attention"),
    (r"cmt_adapters\.(\d+)\.ca_T2V\.multihead_attn", r"fusion.adapters.\1.text_to_visual.attention"),
    (r"cmt_adapters\.(\d+)\.proj_vis_down\.0", r"fusion.adapters.\1.visual_down"),
    (r"cmt_adapters\.(\d+)\.proj_vis_down\.1", r"fusion.adapters.\1.visual_down_norm"),
    (r"cmt_adapters\.(\d+)\.proj_vis_up\.0", r"fusion.adapters.\1.visual_up"),
    (r"cmt_adapters\.(\d+)\.proj_vis_up\.1", r"fusion.adapters.\1.visual_up_norm"),
    (r"cmt_adapters\.(\d+)\.proj_text_down\.0", r"fusion.adapters.\1.text_down"),
    (r"cmt_adapters\.(\d+)\.proj_text_up\.0", r"fusion.adapters.\1.text_up"),
    (r"cmt_adapters", "fusion.adapters"),
    (r"conditional_memory_encoder\.transformerBlock\.self_attn", "cme.attention"),
    (r"conditional_memory_encoder\.transformerBlock\.norm3", "cme.norm2"),
    (r"conditional_memory_encoder\.transformerBlock", "cme"),
    (r"conditional_memory_encoder\.decision_class_head", "cme.head"),
    (r"conditional_memory_encoder", "cme"),
)
# fairseq's names inside a transformer layer, and transformers'.
_LAYER_RULES: tuple[tuple[str, str], ...] = (
    (r"\.self_attn\.q_proj\.", ".attention.self.query."),
    (r"\.self_attn\.k_proj\.", ".attention.self.key."),
    (r"\.self_attn\.v_proj\.", ".attention.self.value."),
    (r"\.self_attn\.out_proj\.", ".attention.output.dense."),
    (r"\.self_attn_layer_norm\.", ".attention.output.LayerNorm."),
    (r"\.fc1\.", ".intermediate.dense."),
    (r"\.fc2\.", ".output.dense."),
    (r"\.final_layer_norm\.", ".output.LayerNorm."),
)


def our_name(official: str) -> str | None:
    """Our name of a published parameter; None if the model never uses it.

    Raises:
        CheckpointError: for a name that follows no rule.
    """
    if _UNUSED.fullmatch(official):
        return None
    for pattern, replacement in _RULES:
        name, hits = re.subn("^" + pattern + r"(?=\.|$)", replacement, official)
        if hits:
            break
    else:
        raise CheckpointError(f"the parameter {official!r} is not part of SAMWISE")
    if name.startswith(_ROBERTA):
        for pattern, replacement in _LAYER_RULES:
            name = re.sub(pattern, replacement, name)
    return name


def convert(state: Mapping[str, object]) -> dict[str, Tensor]:
    """Rename a published state dict (`module.` prefix or not) to ours; values are shared, some reshaped.

    Raises:
        CheckpointError: listing names that follow no rule; for entries that are not tensors, or duplicated.
    """
    converted: dict[str, Tensor] = {}
    foreign: list[str] = []
    for name, value in state.items():
        try:
            ours = our_name(_WRAPPED.sub("", name))
        except CheckpointError:
            foreign.append(name)
            continue
        if ours is None:
            continue
        if not isinstance(value, Tensor) or ours in converted:
            fault = "occurs twice" if ours in converted else f"is a {type(value).__name__}, not a tensor"
            raise CheckpointError(f"the parameter {name!r} {fault}; give the checkpoint as it was trained")
        flat = ours.endswith("hsa.spatial_code") and value.dim() > 2
        converted[ours] = value.flatten(0, -2) if flat else value
    if foreign and (owner := stranger([_WRAPPED.sub("", name) for name in foreign])):
        raise CheckpointError(f"it has {len(foreign)} parameters like {foreign[0]!r}: {owner}")
    if text := [name for name in foreign if "text_encoder." in name]:
        raise CheckpointError(
            f"{len(text)} parameters of the text encoder are not RoBERTa's ({', '.join(text[:4])} ...); the "
            "published code has no other text encoder, so there is no rule to convert one"
        )
    if foreign:
        count = "1 parameter is" if len(foreign) == 1 else f"{len(foreign)} parameters are"
        raise CheckpointError(
            f"{count} not part of SAMWISE: {', '.join(foreign[:10])}"
            f"{' ...' if len(foreign) > 10 else ''}; give a checkpoint of the official code"
        )
    width = converted.get(_ROBERTA + "embeddings.LayerNorm.weight")
    if width is not None:
        # fairseq has no token types; transformers adds this row to every embedding.
        converted[_ROBERTA + "embeddings.token_type_embeddings.weight"] = torch.zeros(1, _rows(width))
    return converted


def configuration(state: Mapping[str, Tensor]) -> ModelConfig:
    """Recognise which of the published sizes a converted state dict has.

    Raises:
        CheckpointError: if it has none of them.
    """
    values = _image_encoder(state).to_dict()
    codes = [state.get(f"fusion.adapters.{i}.hsa.spatial_code") for i in range(NUM_ADAPTERS)]
    values["adapter"]["hsa"] = codes[0] is not None
    if all(code is not None for code in codes):
        # One place code per token of a window.
        values["adapter"]["hsa_patches"] = [
            max(1, math.isqrt(_rows(code))) for code in codes if code is not None
        ]
    projection = state.get("fusion.adapters.0.visual_down.weight")
    if projection is not None:
        values["adapter"]["width"] = _rows(projection)
    values["object_score"] = "mask_decoder.no_object_pointer" in state
    values["motion_prompt"] = "prompts.project_motion.layers.0.weight" in state
    return ModelConfig.from_dict(values)


def _image_encoder(state: Mapping[str, Tensor]) -> ModelConfig:
    trunk = "fusion.image_encoder.trunk."
    patches = state.get(f"{trunk}patch_embed.proj.weight")
    blocks = {n.split(".")[4] for n in state if n.startswith(f"{trunk}blocks.")}
    if patches is None and not blocks:
        raise CheckpointError(
            f"it has no image encoder, only {len(state)} other parameters; give the whole checkpoint, with "
            "the frozen encoders"
        )
    for size in ("tiny", "small", "base_plus", "large"):
        config = published(size)
        if (
            patches is not None
            and _rows(patches) == config.hiera.embed_dim
            and len(blocks) == sum(config.hiera.stages)
        ):
            return config
    raise CheckpointError(
        f"the image encoder ({len(blocks)} blocks) is none of Hiera tiny, small, base_plus or large; "
        "give the whole checkpoint, as it was trained"
    )


def _rows(value: Tensor) -> int:
    return value.shape[0] if value.dim() else 0
