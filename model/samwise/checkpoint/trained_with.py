"""How a model was trained: the command line of the official training code, which its checkpoints keep.

What the tensors also show is compared with it. What they do not show but affects the masks goes into the
configuration, or is reported if this library has no counterpart.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from samwise.config import FIRST_FUSED_STAGE, NUM_ADAPTERS, ModelConfig, published
from samwise.errors import CheckpointError

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

_SIZES = {"tiny": "tiny", "small": "small", "base": "base_plus", "large": "large"}
_LONGEST, _WORD, _DEEPEST = 2000, 200, 4
_STAGES = list(range(FIRST_FUSED_STAGE, FIRST_FUSED_STAGE + NUM_ADAPTERS))


def plain(args: object) -> dict[str, Plain]:
    """What a checkpoint's `args` say, in values that JSON can hold.

    Args:
        args: an `argparse.Namespace` or a dictionary; anything else gives an empty result.
    """
    values = vars(args) if isinstance(args, argparse.Namespace) else args
    if not isinstance(values, Mapping):
        return {}
    return {name: _plain(value) for name, value in values.items() if isinstance(name, str)}


def _plain(value: object, depth: int = 0) -> Plain:
    if value is None or isinstance(value, bool | int | str):
        return value[:_LONGEST] if isinstance(value, str) else value
    if isinstance(value, float) and math.isfinite(value):
        return value
    # A list may contain itself.
    shallow = depth < _DEEPEST
    if isinstance(value, set):
        value = sorted(value, key=repr)
    if isinstance(value, argparse.Namespace):
        value = vars(value)
    if isinstance(value, list | tuple) and shallow:
        return [_plain(item, depth + 1) for item in value[:_LONGEST]]
    if isinstance(value, Mapping) and shallow:
        return {str(name): _plain(item, depth + 1) for name, item in value.items()}
    # A device, a type, a tensor: a short text is enough.
    try:
        return " ".join(str(value).split())[:_WORD]
    except Exception:
        # A namespace that contains itself, or has an attribute in place of one of its methods.
        return type(value).__name__


def applied(config: ModelConfig, args: Mapping[str, Plain]) -> ModelConfig:
    """The configuration with what `args` add to it.

    Args:
        config: as the tensors show it.
        args: see `plain`. Values whose type is not the official code's are ignored.

    Raises:
        CheckpointError: if the two contradict each other, naming both values, or if `args` ask for a model
            that this library does not support.
    """
    for name, said, found in _comparisons(config, args):
        if said != found:
            raise CheckpointError(
                f"its `args` say {name} = {said}, its tensors {found}: they come from different models; give "
                "the checkpoint as it was trained, or one without `args`"
            )
    if (stages := _numbers(args.get("fusion_stages"))) is not None and stages != _STAGES:
        raise CheckpointError(f"it was trained with fusion_stages = {stages}; only {_STAGES} is supported")
    changes: dict[str, Any] = {}
    # Not `num_frames`: whatever a model was trained on, the official scripts run it in clips of 8.
    if (window := _count(args.get("cme_decision_window"))) is not None:
        changes["decision_window"] = window
    if (ends := _numbers(args.get("fusion_stages_txt"))) is not None:
        layers = config.text.stage_ends[-1]
        if len(ends) != NUM_ADAPTERS or sorted({1, *ends}) != [1, *ends] or ends[-1] != layers:
            raise CheckpointError(
                f"it was trained with fusion_stages_txt = {ends}; only three rising numbers up to {layers} "
                "are supported"
            )
        changes["text"] = replace(config.text, stage_ends=(1, ends[0], ends[1], ends[2]))
    return replace(config, **changes)


def cme_trained(args: Mapping[str, Plain]) -> bool:
    """Whether the CME was trained. It is in every checkpoint, even if `use_cme_head` was off."""
    return args.get("use_cme_head") is not False


def remarks(args: Mapping[str, Plain]) -> Iterator[str]:
    """What anyone who runs a model trained like this should know."""
    if not cme_trained(args):
        yield (
            "the conditional memory encoder was not trained (use_cme_head is off), so nothing ever rewrites "
            "the memory"
        )
    elif args.get("switch_mem") not in (None, "reweight"):
        yield f"switch_mem is {args['switch_mem']!r}; here a switch always rewrites the memory by 'reweight'"
    size = args.get("max_size")
    if size is not None and size != published().image_size:
        yield (
            f"it was trained on images of at most {size} pixels (max_size); here they are resized to "
            f"{published().image_size}, and masks may be worse"
        )
    for name, read in _READERS.items():
        if args.get(name) is not None and read(args[name]) is None:
            yield f"{name} is {args[name]!r}, which says nothing about the model and is ignored"


def _comparisons(config: ModelConfig, args: Mapping[str, Plain]) -> Iterator[tuple[str, object, object]]:
    """For what both show: its name, its value in `args`, and its value in the tensors."""
    pairs = (
        ("HSA", config.adapter.hsa),
        ("motion_prompt", config.motion_prompt),
        ("disable_pred_obj_score", not config.object_score),
        ("adapter_dim", config.adapter.width),
    )
    for name, found in pairs:
        if (said := _READERS[name](args.get(name))) is not None:
            yield name, said, found
    if (version := _size(args.get("sam2_version"))) is not None:
        sizes = [name for name, size in _SIZES.items() if config.hiera == published(size).hiera]
        yield "sam2_version", version, sizes[0] if sizes else "another size"
    patches = _patches(args.get("HSA_patch_size"))
    if patches is not None and config.adapter.hsa:
        yield "HSA_patch_size", patches, list(config.adapter.patches)


def _flag(value: Plain) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: Plain) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _numbers(value: Plain) -> list[int] | None:
    if not isinstance(value, list) or not value:
        return None
    numbers = [number for item in value if (number := _count(item)) is not None]
    return numbers if len(numbers) == len(value) else None


def _patches(value: Plain) -> list[int] | None:
    sides = _numbers(value if isinstance(value, list) else [value])
    if sides is None or len(sides) not in (1, NUM_ADAPTERS):
        return None
    return sides * NUM_ADAPTERS if len(sides) == 1 else sides


def _size(value: Plain) -> str | None:
    return value if isinstance(value, str) and value in _SIZES else None


_READERS: dict[str, Callable[[Plain], object]] = {
    "HSA": _flag,
    "use_cme_head": _flag,
    "motion_prompt": _flag,
    "disable_pred_obj_score": _flag,
    "adapter_dim": _count,
    "num_frames": _count,
    "cme_decision_window": _count,
    "max_size": _count,
    "fusion_stages": _numbers,
    "fusion_stages_txt": _numbers,
    "HSA_patch_size": _patches,
    "sam2_version": _size,
}
"""What determines the model, and how to read it; a reader returns None for a value that makes no sense."""
