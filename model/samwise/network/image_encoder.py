"""SAM 2's image encoder, driven stage by stage so that the adapters can work between the stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch.nn.functional as F
from sam2.modeling.backbones.hieradet import Hiera, MultiScaleBlock
from sam2.modeling.backbones.image_encoder import FpnNeck
from sam2.modeling.position_encoding import PositionEmbeddingSine
from torch import Tensor, nn

from samwise.network.layers.derived import Derived
from samwise.network.layers.hiera_strips import run_blocks
from samwise.network.layers.pointwise import Pointwise, compose
from samwise.network.layers.precision import as_held


class ImageEncoder(nn.Module):
    """Hiera trunk and FPN neck from the `sam2` package.

    Args:
        width: channels C of the neck's output.
        embed_dim: channels of the first stage; each stage doubles them.
        num_heads: attention heads of the first stage; each stage doubles them.
        stages: blocks of the four stages.
        window_spec: window sides of their attention, in tokens.
        global_att_blocks: numbers of the blocks that attend over the whole picture.
        position_size: height and width of the learned position embedding, in tokens.
    """

    def __init__(
        self,
        *,
        width: int,
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
        for block in self.trunk.blocks:
            if block.dim != block.dim_out:
                # The residual sum of the later blocks starts here, and must not be rounded at every addition.
                block.proj.register_forward_hook(_in_float32)
        ends = [end + 1 for end in self.trunk.stage_ends]
        self._blocks = list(zip([0, *ends[:-1]], ends, strict=True))
        self._position: Derived[Tensor] = Derived()
        self._narrowed: tuple[Derived[Pointwise], ...] = (Derived(), Derived())

    def embed(self, frames: Tensor) -> Tensor:
        """Patches with their position: `[N, 3, S, S]` to `[N, S/4, S/4, width 0]`."""
        x: Tensor = self.trunk.patch_embed(frames)
        sources = [self.trunk.pos_embed, self.trunk.pos_embed_window]
        return x + self._position.get(lambda: self.trunk._get_pos_embed(x.shape[1:3]).contiguous(), sources)

    def stage(self, index: int, x: Tensor) -> Tensor:
        """Run the blocks of one stage: `[N, H, W, width i-1]` to `[N, H', W', width i]`."""
        first, end = self._blocks[index]
        blocks = cast(Sequence[MultiScaleBlock], self.trunk.blocks[first:end])
        with as_held(blocks[0].attn.qkv.weight):
            return run_blocks(blocks, x)

    def pyramid(
        self, stages: Sequence[Tensor], narrow: tuple[nn.Conv2d, nn.Conv2d] | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Feature pyramid over the four stage outputs `[N, Ci, Hi, Wi]`.

        Top-down addition reaches the stride-16 level only; the stride-32 level is not returned.

        Args:
            stages: see above.
            narrow: 1x1 convolutions that follow on the levels of stride 4 and 8, if any. Nothing lies between
                them and the pyramid's own, so the two are applied as one.

        Returns:
            Levels of stride 4, 8 and 16, each `[N, C, H, W]`, or as wide as `narrow` makes the first two.
        """
        # The neck's own forward would also build position encodings for the large levels, unused here.
        lateral = [layer.conv for layer in reversed(self.neck.convs)]
        if narrow is None:
            fine = [Pointwise.of(conv)(x) for conv, x in zip(lateral[:2], stages[:2], strict=True)]
        else:
            joined = zip(self._narrowed, lateral, narrow, strict=False)
            fine = [_joined(*layers)(x) for layers, x in zip(joined, stages, strict=False)]
        middle, coarse = (Pointwise.of(conv)(x) for conv, x in zip(lateral[2:], stages[2:], strict=True))
        enlarged = F.interpolate(coarse.float(), scale_factor=2.0, mode="nearest").to(middle.dtype)
        return fine[0], fine[1], middle + enlarged


def _in_float32(module: nn.Module, args: object, out: Tensor) -> Tensor:
    return out.float()


def _joined(cache: Derived[Pointwise], first: nn.Conv2d, second: nn.Conv2d) -> Pointwise:
    return cache.get(lambda: compose(first, second), [*first.parameters(), *second.parameters()])
