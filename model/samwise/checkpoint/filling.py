"""Puts weights into a network, or says where the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from samwise.checkpoint.diagnosis import reason
from samwise.checkpoint.shortage import is_shortage
from samwise.config import ModelConfig
from samwise.errors import CheckpointError, SamwiseError
from samwise.network.samwise import Samwise

_SHOWN = 8


def filled(config: ModelConfig, state: Mapping[str, Tensor]) -> Samwise:
    """A network with weights, in evaluation mode.

    Args:
        config: sizes of the network.
        state: weights by our names.

    Raises:
        CheckpointError: listing what is missing, left over, misshapen, or not a finite number.
    """
    try:
        network = Samwise(config)
    except Exception as error:
        if isinstance(error, SamwiseError) or is_shortage(error):
            raise
        # Sizes that contradict each other fail somewhere inside the network.
        raise CheckpointError(
            f"its sizes do not make a network ({reason(error)}); give the checkpoint as it was trained"
        ) from error
    _check(network, state)
    network.load_state_dict(dict(state), strict=False)
    spoilt = [name for name, value in network.state_dict().items() if not _finite(value)]
    if spoilt:
        raise CheckpointError(
            f"{_listed(spoilt)} hold infinite or NaN values, which spoil every mask: training diverged; "
            "give an earlier checkpoint"
        )
    return network.eval()


def _check(network: Samwise, state: Mapping[str, Tensor]) -> None:
    own = network.state_dict()
    # BatchNorm's counters are training bookkeeping, absent from published checkpoints.
    counters = {n for n in own if n.endswith("num_batches_tracked")}
    both = sorted(own.keys() & state.keys())
    misshapen = [
        f"{n} {tuple(state[n].shape)} instead of {tuple(own[n].shape)}"
        for n in both
        if own[n].shape != state[n].shape
    ]
    kinds = (
        ("missing", sorted(own.keys() - state.keys() - counters)),
        ("unexpected", sorted(state.keys() - own.keys())),
        ("wrongly shaped", misshapen),
        ("without plain values", [n for n in both if not _is_plain(state[n], own[n])]),
    )
    problems = [f"{len(names)} {kind} ({_listed(names)})" for kind, names in kinds if names]
    if problems:
        raise CheckpointError(
            f"it does not fit the model: parameters {'; '.join(problems)}; give a whole checkpoint of the "
            "released code"
        )


def _is_plain(value: Tensor, wanted: Tensor) -> bool:
    """Whether a tensor has values (not `meta`), is dense, and holds the wanted kind of number."""
    dense = value.layout is torch.strided and not value.is_meta and not value.is_quantized
    return dense and value.is_floating_point() == wanted.is_floating_point() and not value.is_complex()


def _finite(value: Tensor) -> bool:
    if not value.is_floating_point() or not value.numel():
        return True
    least, most = torch.aminmax(value)
    return bool(torch.isfinite(least) and torch.isfinite(most))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
