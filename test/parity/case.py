"""A golden case: its frames, its sentence, and the model it was made with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import inputs
import numpy as np
import torch
import weights
from torch import Tensor

from samwise import Model
from samwise.checkpoint import official
from samwise.network.samwise import Samwise

FOLDER = Path(__file__).parent
HSA_PARTS = (".hsa.", "norm_pre_HSA", "spatial_pos_embed")


@dataclass(frozen=True)
class FixedTokens:
    """Stands in for a tokenizer: the case gives token ids instead of a sentence."""

    ids: Tensor
    motion: tuple[int, ...]

    def encode(self, expressions):
        return self.ids, torch.zeros_like(self.ids, dtype=torch.bool)

    def inside(self, expressions, spans):
        mask = torch.zeros_like(self.ids, dtype=torch.bool)
        mask[:, list(self.motion)] = True
        return mask


class Case:
    """One `case_*.npz`."""

    def __init__(self, path: str | Path) -> None:
        self.gold = np.load(path)
        meta = {k.removeprefix("meta."): self.gold[k] for k in self.gold.files if k.startswith("meta.")}
        self.window, self.cme, self.hsa = int(meta["window"]), bool(meta["cme"]), bool(meta["hsa"])
        motion = str(meta["motion"])
        self.motion = () if motion == "none" else tuple(int(i) for i in motion.split(","))
        self.overrides = str(meta["overrides"])
        self.size = str(meta.get("size", "")).replace("base", "")
        self.ids = torch.from_numpy(meta["token_ids"].astype(np.int64))[None]
        shape = (int(meta["frames"]), int(meta["height"]), int(meta["width"]))
        self.frames = inputs.frames(int(meta["seed"]), *shape)

    @property
    def keys(self) -> list[str]:
        """Everything that has to be compared."""
        return [k for k in self.gold.files if not k.startswith("meta.")]

    def state(self) -> dict[str, Tensor]:
        """The published state dict, with the case's deterministic weights."""
        overrides = dict(part.split("=") for part in self.overrides.split(";") if part)
        keys = list(weights.load_keys(FOLDER / f"state_dict_keys{'_' if self.size else ''}{self.size}.tsv"))
        if self.motion:
            keys += [
                (n.replace("project_text", "project_motion_prompts"), s, d)
                for n, s, d in keys
                if "project_text" in n
            ]
        if not self.hsa:
            keys = [key for key in keys if not any(part in key[0] for part in HSA_PARTS)]
        state = {}
        for name, shape, dtype in keys:
            value = weights.make(name, shape, dtype)
            if name in overrides:
                value = np.asarray([float(x) for x in overrides[name].split(",")], np.float32).reshape(shape)
            state[name] = torch.from_numpy(np.array(value))
        return state

    def segmenter(self) -> Model:
        """The model with these weights, loaded the way an official checkpoint is."""
        converted = official.convert(self.state())
        network = Samwise(official.configuration(converted))
        result = network.load_state_dict(converted, strict=False)
        assert not result.unexpected_keys and all("num_batches" in k for k in result.missing_keys), result
        verbs = (lambda expression: []) if self.motion else None
        tokens = FixedTokens(self.ids, self.motion)
        return Model(network.eval(), tokens, torch.device("cpu"), None, verbs)
