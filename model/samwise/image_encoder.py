"""SAM 2's image encoder, driven stage by stage so that the adapters can work between the stages."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from sam2.modeling.backbones.hieradet import Hiera
from sam2.modeling.backbones.image_encoder import FpnNeck
from sam2.modeling.position_encoding import PositionEmbeddingSine
from torch import Tensor, nn


class ImageEncoder(nn.Module):
    """Hiera trunk and FPN neck of the `sam2` package.

    Args:
        width: channels C of the neck's output.
        embed_dim: channels of the first stage; each stage doubles them.
        num_heads: attention heads of the first stage; each stage doubles them.
        stages: blocks of the four stages.
        window_spec: window sides of their attention, tokens.
        global_att_blocks: numbers of the blocks that attend over the whole picture.
        position_size: height and width of the learned position embedding, tokens.
    """

    def __init__(
        self,
        width: int,
        *,
        embed_dim: int,
        num_heads: int,
        stages: tuple[int, ...],
        window_spec: tuple[int, ...],
        global_att_blocks: tuple[int, ...],
        position_size: tuple[int, int],
    ) -> None:
        super().__init__()
        self.trunk = Hiera(
            embed_dim=embed_dim,
            num_heads=num_heads,
            stages=stages,
            window_spec=window_spec,
            global_att_blocks=global_att_blocks,
            window_pos_embed_bkg_spatial_size=position_size,
        )
        self.neck = FpnNeck(
            position_encoding=PositionEmbeddingSine(width),
            d_model=width,
            backbone_channel_list=self.trunk.channel_list,
            fpn_top_down_levels=[2, 3],
            fpn_interp_model="nearest",
        )
        ends = [end + 1 for end in self.trunk.stage_ends]
        self._blocks = list(zip([0, *ends[:-1]], ends, strict=True))

    def embed(self, frames: Tensor) -> Tensor:
        """Patches with their position: `[N, 3, S, S]` to `[N, S/4, S/4, width 0]`."""
        x: Tensor = self.trunk.patch_embed(frames)
        return x + self.trunk._get_pos_embed(x.shape[1:3])

    def stage(self, index: int, x: Tensor) -> Tensor:
        """Run the blocks of one stage: `[N, H, W, width i-1]` to `[N, H', W', width i]`."""
        first, end = self._blocks[index]
        for block in self.trunk.blocks[first:end]:
            x = block(x)
        return x

    def pyramid(self, stages: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Feature pyramid over the four stage outputs `[N, Ci, Hi, Wi]`.

        Top-down addition reaches the stride-16 level only; the stride-32 level is not returned.

        Returns:
            Levels of stride 4, 8 and 16, each `[N, C, H, W]`.
        """
        # The neck's own forward would also build position encodings for the large levels, unused here.
        lateral = [conv(x) for conv, x in zip(reversed(self.neck.convs), stages, strict=True)]
        coarse = F.interpolate(lateral[3].float(), scale_factor=2.0, mode="nearest").to(lateral[2].dtype)
        return lateral[0], lateral[1], lateral[2] + coarse
