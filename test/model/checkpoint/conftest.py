"""Checkpoints in the form of the official training code, of a network too small to be of use."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from published_keys import published_state
from torch import Tensor
from torch.optim import AdamW
from torch.optim.lr_scheduler import MultiStepLR

from samwise.checkpoint import official, trained_with
from samwise.checkpoint.official import our_name
from samwise.config import ModelConfig, published
from samwise.network.samwise import Samwise

TOKEN_TYPES = "fusion.text_encoder.roberta.embeddings.token_type_embeddings.weight"
IMAGE_ENCODER = "fusion.image_encoder."


@pytest.fixture
def trained(make_network, monkeypatch) -> Samwise:
    """A network that passes for the published one with a Hiera of size tiny."""
    network = make_network()
    # fairseq's RoBERTa has no token types.
    network.state_dict()[TOKEN_TYPES].zero_()

    def sizes(size: str = "base_plus") -> ModelConfig:
        return network.config if size == "tiny" else published(size)

    for module in (official, trained_with):
        monkeypatch.setattr(module, "published", sizes)
    return network


@pytest.fixture
def state(trained) -> dict[str, Tensor]:
    """The state dict of `trained` in the official names."""
    ours = trained.state_dict()
    # Which blocks have a projection depends on the sizes, so the image encoder's names come from the network.
    names = {
        our_name(name): name for name in published_state("_tiny") if not name.startswith("sam.image_encoder.")
    }
    names |= {n: n.replace(IMAGE_ENCODER, "sam.image_encoder.") for n in ours if n.startswith(IMAGE_ENCODER)}
    found = {names[n]: value for n, value in ours.items() if n in names}
    for name, value in found.items():
        if name.endswith("spatial_pos_embed"):
            found[name] = value[None, None, None]
    assert len(found) == len([n for n in ours if n != TOKEN_TYPES and "num_batches" not in n])
    return found


@pytest.fixture
def write(tmp_path, state) -> Callable[..., Path]:
    """Writes `torch.save`'s file of a state dict with all that the training scripts add to it."""

    def write(
        args: object = None, *, old: bool = True, name: str = "official.pth", **entries: object
    ) -> Path:
        parameters = [torch.nn.Parameter(torch.ones(300)) for _ in range(2)]
        optimizer = AdamW(parameters, lr=1e-5)
        sum(p.sum() for p in parameters).backward()
        optimizer.step()
        scheduler = MultiStepLR(optimizer, [60000])
        content = {
            "model": state,
            "optimizer": optimizer.state_dict(),
            "lr_scheduler": scheduler.state_dict(),
            "epoch": 5,
            "args": argparse.Namespace(lr=1e-5, device="cuda") if args is None else args,
        }
        torch.save(content | entries, tmp_path / name, _use_new_zipfile_serialization=not old)
        return tmp_path / name

    return write
