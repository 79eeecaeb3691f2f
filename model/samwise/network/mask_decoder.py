"""SAM 2's mask decoder, driven so that the object token of its first block can be read (CME needs it)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from sam2.modeling.sam.mask_decoder import MaskDecoder as Sam2MaskDecoder
from sam2.modeling.sam.transformer import TwoWayTransformer
from sam2.modeling.sam2_utils import MLP
from torch import Tensor, nn

from samwise.network.layers.channel_norm import fuse_channel_norms
from samwise.network.layers.pointwise import double_size
from samwise.network.prompts import Prompt

ABSENT_LOGIT = -1024.0
"""Mask logit everywhere on a frame where the object does not appear (SAM 2's NO_OBJ_SCORE)."""


@dataclass(frozen=True)
class Prediction:
    """What the decoder predicts for one frame and B sentences.

    Attributes:
        low_res: mask logits `[B, 1, S/4, S/4]`; all `ABSENT_LOGIT` where absent (not in training).
        high_res: the same, resized bilinearly to `[B, 1, S, S]`.
        object_pointer: `[B, C]`, the learned no-object pointer where absent.
        early_object_pointer: `[B, C]`, the mask token after the first decoder block, raw.
        object_score: `[B, 1]` logit; positive means the object appears.
        iou: `[B, 1]` predicted mask quality in [0, 1].
    """

    low_res: Tensor
    high_res: Tensor
    object_pointer: Tensor
    early_object_pointer: Tensor
    object_score: Tensor
    iou: Tensor

    def interleaved(self, other: Prediction, order: Tensor) -> Prediction:
        """These sentences followed by those of another prediction, reordered by `order [B]`."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Prediction(*(torch.cat(pair)[order.to(pair[0].device)] for pair in pairs))


class MaskDecoder(nn.Module):
    """Two-way transformer and mask head from the `sam2` package, with single-mask output.

    Args:
        width: channels C.
        feed_forward: hidden width of the transformer's MLPs.
        image_size: side S that `high_res` is resized to.
        object_score: whether presence is predicted.
    """

    def __init__(self, *, width: int, feed_forward: int, image_size: int, object_score: bool) -> None:
        super().__init__()
        self.decoder = Sam2MaskDecoder(
            transformer_dim=width,
            transformer=TwoWayTransformer(depth=2, embedding_dim=width, num_heads=8, mlp_dim=feed_forward),
            iou_head_hidden_dim=256,
            use_high_res_features=True,
            iou_prediction_use_sigmoid=True,
            pred_obj_scores=object_score,
            pred_obj_scores_mlp=object_score,
        )
        fuse_channel_norms(self.decoder)
        self.object_pointer = MLP(width, width, width, 3)
        self.no_object_pointer = nn.Parameter(torch.zeros(1, width)) if object_score else None
        self.image_size = image_size

    @property
    def narrow(self) -> tuple[nn.Conv2d, nn.Conv2d]:
        """1x1 convolutions that bring the pyramid's levels of stride 4 and 8 to C/8 and C/4 channels."""
        return self.decoder.conv_s0, self.decoder.conv_s1

    def forward(self, features: Tensor, stride4: Tensor, stride8: Tensor, prompt: Prompt) -> Prediction:
        """Decode one mask per sentence.

        Args:
            features: `[B, C, h, w]`, memory-conditioned or not.
            stride4: `[B, C/8, 4h, 4w]`.
            stride8: `[B, C/4, 2h, 2w]`.
            prompt: of the B sentences.
        """
        tokens, early, image = self._attend(features, prompt)
        first = 1 if self.no_object_pointer is not None else 0
        iou_token, mask_token = tokens[:, first], tokens[:, first + 1]

        up1, norm, activation1, up2, activation2 = self.decoder.output_upscaling
        fine = activation1(norm(double_size(up1, image) + stride8))
        fine = activation2(double_size(up2, fine) + stride4)
        kernel = self.decoder.output_hypernetworks_mlps[0](mask_token)
        low_res = torch.einsum("bc,bchw->bhw", kernel, fine)[:, None].float()

        pointer: Tensor = self.object_pointer(mask_token)
        if self.no_object_pointer is None:
            score = torch.full_like(pointer[:, :1], 10.0)
        else:
            score = self.decoder.pred_obj_score_head(tokens[:, 0])
            appears = score > 0
            pointer = torch.where(appears, pointer, self.no_object_pointer.to(pointer.dtype))
            if not self.training:
                low_res = torch.where(appears[..., None, None], low_res, ABSENT_LOGIT)
        return Prediction(
            low_res=low_res,
            high_res=self.enlarge(low_res),
            object_pointer=pointer,
            early_object_pointer=early[:, first + 1],
            object_score=score,
            iou=self.decoder.iou_prediction_head(iou_token)[:, :1],
        )

    def enlarge(self, low_res: Tensor) -> Tensor:
        """Resize logits `[B, 1, h, w]` to the input side: `[B, 1, S, S]`."""
        return F.interpolate(
            low_res, size=(self.image_size, self.image_size), mode="bilinear", align_corners=False
        )

    def _attend(self, features: Tensor, prompt: Prompt) -> tuple[Tensor, Tensor, Tensor]:
        """Two-way transformer: final tokens, tokens after the first block, image `[B, C, h, w]`."""
        heads = [self.decoder.iou_token.weight, self.decoder.mask_tokens.weight]
        if self.no_object_pointer is not None:
            heads.insert(0, self.decoder.obj_score_token.weight)
        learned = torch.cat(heads).expand(features.shape[0], -1, -1).to(prompt.sparse.dtype)
        point = torch.cat((learned, prompt.sparse), dim=1)
        position = prompt.position.flatten(2).transpose(1, 2)
        keys = (features + prompt.dense).flatten(2).transpose(1, 2)
        transformer, queries = self.decoder.transformer, point
        early = point
        for index, block in enumerate(transformer.layers):
            queries, keys = block(queries=queries, keys=keys, query_pe=point, key_pe=position)
            if index == 0:
                early = queries
        attended = transformer.final_attn_token_to_image(q=queries + point, k=keys + position, v=keys)
        queries = transformer.norm_final_attn(queries + attended)
        return queries, early, keys.transpose(1, 2).unflatten(2, features.shape[-2:])
