"""The published model before its training: SAM 2 and RoBERTa as released, adapters and CME fresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor
from transformers import RobertaModel

from samwise.checkpoint import official
from samwise.checkpoint.diagnosis import reason
from samwise.checkpoint.finding import find
from samwise.checkpoint.shortage import shortage_named
from samwise.checkpoint.unpickling import unpickle
from samwise.config import ModelConfig, published
from samwise.errors import CheckpointError
from samwise.network.samwise import Samwise
from samwise.text.tokenizer import Tokenizer

TEXT_PREFIX = "fusion.text_encoder.roberta."
FRESH = ("fusion.adapters.", "prompts.project_text.", "prompts.project_motion.", "cme.")
"""Prefixes of the parameters that only SAMWISE has."""


@dataclass(frozen=True)
class Foundation:
    """Which encoders to build on.

    Attributes:
        sam2: checkpoint of SAM 2.0, such as `sam2_hiera_base_plus.pt`; 2.1 has other parts.
        text: folder with RoBERTa as `transformers` saves it, or a name in its cache.
        hiera: size of SAM 2's image encoder: tiny, small, base_plus or large.
    """

    sam2: str
    text: str = "roberta-base"
    hiera: str = "base_plus"

    def build(self, seed: int) -> tuple[Samwise, Tokenizer]:
        """The model and its tokenizer.

        Args:
            seed: for the fresh parameters.

        Raises:
            CheckpointError: if a file is missing, damaged or of another model.
        """
        model = assemble(published(self.hiera), Path(self.sam2).expanduser(), self.text, seed)
        return model, Tokenizer.from_pretrained(self.text, model.fusion.text_encoder.max_tokens)


def assemble(config: ModelConfig, sam2: Path, text: str, seed: int) -> Samwise:
    """A model of these sizes with pre-trained encoders. Args and errors as for `Foundation`."""
    state = _sam2_state(sam2) | _text_state(text)
    torch.manual_seed(seed)
    model = Samwise(config)
    own = model.state_dict()
    wanted = {n for n in own if not n.startswith(FRESH) and not n.endswith("num_batches_tracked")}
    problems = [
        *(f"{n} is missing" for n in sorted(wanted - state.keys())),
        *(f"{n} is left over" for n in sorted(state.keys() - wanted)),
        *(
            f"{n} is {tuple(state[n].shape)} instead of {tuple(own[n].shape)}"
            for n in sorted(wanted & state.keys())
            if state[n].shape != own[n].shape
        ),
    ]
    if problems:
        raise CheckpointError(
            f"{str(sam2)!r} and {text!r} do not make up the frozen part of the model: "
            f"{'; '.join(problems[:5])} ({len(problems)} in all); give SAM 2.0 of the size that `hiera` "
            "names, and RoBERTa-base"
        )
    model.load_state_dict(state, strict=False)
    return model


def _sam2_state(file: Path) -> dict[str, Tensor]:
    if not file.exists():
        raise CheckpointError(
            f"no checkpoint of SAM 2 at {str(file)!r}; download sam2_hiera_base_plus.pt, as "
            "released in July 2024, from the SAM 2 repository"
        )
    with shortage_named(find(file)):
        loaded = unpickle(file)
    state = loaded.get("model", loaded) if isinstance(loaded, Mapping) else None
    if not isinstance(state, Mapping) or not all(isinstance(v, Tensor) for v in state.values()):
        raise CheckpointError(f"{str(file)!r} holds no state dict; give a checkpoint of SAM 2")
    # The official model keeps SAM 2 as `sam`, under SAM 2's own names.
    try:
        return official.convert({f"sam.{name}": value for name, value in state.items()})
    except CheckpointError as error:
        raise CheckpointError(
            f"{str(file)!r} is not SAM 2.0 (2.1 has other parts); give sam2_hiera_base_plus.pt, as released "
            f"in July 2024. In detail: {error}"
        ) from error


def _text_state(name_or_folder: str) -> dict[str, Tensor]:
    try:
        loaded: Any = RobertaModel.from_pretrained(
            name_or_folder, local_files_only=True, add_pooling_layer=False, output_loading_info=True
        )
    except (OSError, ValueError) as error:
        if Path(name_or_folder).is_dir():
            raise CheckpointError(
                f"RoBERTa in folder {name_or_folder!r} cannot be read ({reason(error)}); download it again"
            ) from error
        raise CheckpointError(
            f"no RoBERTa {name_or_folder!r} found; give its folder, or download it once with "
            f"`hf download {name_or_folder}`"
        ) from error
    except (RuntimeError, SafetensorError) as error:
        raise CheckpointError(
            f"RoBERTa in {name_or_folder!r} cannot be read ({reason(error)}); download it again"
        ) from error
    found, loading = loaded
    if missing := sorted(loading["missing_keys"]):
        # `transformers` fills them at random, with a warning.
        raise CheckpointError(
            f"{name_or_folder!r} is not a complete RoBERTa: {len(missing)} parameters are missing "
            f"({', '.join(missing[:4])}); give RoBERTa-base"
        )
    return {f"{TEXT_PREFIX}{name}": value for name, value in found.state_dict().items()}
