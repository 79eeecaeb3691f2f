"""Watches a model at work and notes every intermediate that a golden case holds.

It only listens: what it records is what `Session.step_clip` computes on its way to the masks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from compare import sample

from samwise import Model, StepResult
from samwise.network.mask_decoder import Prediction

FULL = {"rho", "low_res", "iou", "obj_ptr", "early_obj_ptr", "object_score"}


class Recorder:
    """Hooks into the parts of a model.

    Args:
        segmenter: to watch.
        motion: positions of the verbs among the tokens.
    """

    def __init__(self, segmenter: Model, motion: tuple[int, ...]) -> None:
        self.record: dict[str, np.ndarray] = {}
        self._clip, self._frame = -1, -1
        self._motion = motion
        network = segmenter.network
        embeddings = network.fusion.text_encoder.roberta.embeddings
        embeddings.register_forward_hook(self._embedded)
        for index, adapter in enumerate(network.fusion.adapters):
            adapter.register_forward_hook(self._adapter_hook(index))
        network.mask_decoder.register_forward_hook(self._decoded)
        network.cme.register_forward_hook(self._decided)
        network.fusion.image_encoder.pyramid = self._listen(
            network.fusion.image_encoder.pyramid, self._stages
        )
        network.prompts.contextual = self._listen(network.prompts.contextual, self._states)
        network.prompts.motion = self._listen(network.prompts.motion, self._verbs)
        network.ask_clip = self._listen(network.ask_clip, self._features)
        network.memory.write = self._listen(network.memory.write, self._written)
        self._decoder_runs = 0

    def new_clip(self) -> None:
        """The next clip is about to be encoded."""
        self._clip += 1
        self._note("text_embed", self._text_embed)

    def finish(self, results: list[StepResult]) -> None:
        """Note what only the results tell: masks and CME decisions."""
        self.record["masks"] = np.stack([r.targets[0].mask for r in results])
        for t, result in enumerate(results):
            decision = result.targets[0].decision
            self.record[f"f{t:03d}.cme_run"] = np.asarray(decision is not None)
            self.record[f"f{t:03d}.cme_switch"] = np.asarray(decision is not None and decision.switched)

    def _listen(self, method: Callable, listener: Callable) -> Callable:
        def listened(*args, **kwargs):
            out = method(*args, **kwargs)
            listener(args, out)
            return out

        return listened

    def _note(self, name: str, value) -> None:
        self._thinned(f"clip{self._clip}.{name}", value)

    def _thinned(self, key: str, value) -> None:
        array = np.asarray(value, dtype=np.float32)
        step = max(1, array.size // 2048) | 1
        self.record[key] = sample(array)
        self.record[key + ".stat"] = np.array([array.mean(), array.std(), step], dtype=np.float32)

    def _embedded(self, module, args, out) -> None:
        self._text_embed = out.movedim(0, 1)

    def _adapter_hook(self, index: int) -> Callable:
        def hook(module, args, out) -> None:
            for kind, visual, text in (("in", args[0], args[1]), ("delta", *out)):
                self._note(f"adapter{index}.vis_{kind}", visual[0])
                self._note(f"adapter{index}.txt_{kind}", text[0].movedim(0, 1))

        return hook

    def _stages(self, args, out) -> None:
        for index, stage in enumerate(args[0]):
            self._note(f"stage{index}.vis", stage)

    def _states(self, args, out) -> None:
        self.record[f"clip{self._clip}.state"] = args[0].numpy()

    def _verbs(self, args, out) -> None:
        if self._motion:
            verb_major = args[0][:, list(self._motion)].movedim(1, 0).flatten(0, 1)
            self.record[f"clip{self._clip}.motion_state"] = verb_major.numpy()

    def _features(self, args, clip) -> None:
        for index, level in enumerate((clip.stride4, clip.stride8, clip.stride16)):
            self._note(f"fpn{index}", level[0].flatten(2).permute(2, 0, 1))

    def _decoded(self, module, args, out: Prediction) -> None:
        if self._decoder_runs == 0:
            self._frame += 1
        branch = f"f{self._frame:03d}.{'nomem' if self._decoder_runs else 'mem'}."
        self._decoder_runs += 1
        values = {
            "rho": args[3].sparse[0, 2],
            "low_res": out.low_res[0, 0],
            "iou": out.iou[0],
            "obj_ptr": out.object_pointer[0],
            "early_obj_ptr": out.early_object_pointer[0],
            "object_score": out.object_score[0],
            "pix_feat": args[0],
        }
        for name, value in values.items():
            if name in FULL:
                self.record[branch + name] = value.numpy()
            else:
                self._thinned(branch + name, value)

    def _decided(self, module, args, out) -> None:
        self.record[f"f{self._frame:03d}.cme_logits"] = out[0].numpy()

    def _written(self, args, out) -> None:
        self._thinned(f"f{self._frame:03d}.maskmem", out[0].T)
        self._decoder_runs = 0
