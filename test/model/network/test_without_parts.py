"""Each part of the adapters can be left out, in the configuration and of a trained model."""

from dataclasses import replace

import pytest
import torch

from samwise.checkpoint import read, save
from samwise.config import AdapterConfig
from samwise.network.samwise import Samwise
from samwise.network.without_parts import without_parts

pytestmark = pytest.mark.slow

TINY = AdapterConfig(width=16, num_heads=2, hsa_patches=(4, 2, 1))
PARTS = {"hsa": ".hsa.", "visual_to_text": ".visual_to_text.", "text_to_visual": ".text_to_visual."}
CHOICES = [
    {"hsa": False},
    {"visual_to_text": False},
    {"text_to_visual": False},
    {"hsa": False, "visual_to_text": False},
    {"visual_to_text": False, "text_to_visual": False},
    {"hsa": False, "visual_to_text": False, "text_to_visual": False},
]


def name_of(choice: dict[str, bool]) -> str:
    return "no " + ", ".join(choice)


def encode(network: Samwise, frames: torch.Tensor, causal: bool = False):
    ids = torch.tensor([[0, 4, 5, 2]])
    with torch.no_grad():
        text = network.encode_text(ids, torch.zeros_like(ids, dtype=torch.bool))
        return network.encode_clip(frames, text, causal)


def clip(seed: int = 0) -> torch.Tensor:
    return torch.randn(1, 3, 3, 64, 64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("choice", CHOICES, ids=name_of)
def test_what_is_left_out_has_no_parameters_and_the_rest_is_the_same(network, choice):
    reduced = without_parts(network, **choice)
    assert reduced.config.adapter == replace(TINY, **choice)
    names = set(reduced.state_dict())
    for part, mark in PARTS.items():
        assert any(mark in name for name in names) == choice.get(part, True)
    if len(choice) == 3:
        assert not any("adapters" in name for name in names)
    whole = network.state_dict()
    assert names < set(whole) and all(torch.equal(reduced.state_dict()[n], whole[n]) for n in names)
    assert not reduced.training


@pytest.mark.parametrize("choice", CHOICES, ids=name_of)
def test_each_part_matters_where_it_should(network, choice):
    whole, reduced = encode(network, clip()), encode(without_parts(network, **choice), clip())
    assert (whole.rho - reduced.rho).abs().max() > 1e-6
    assert (whole.stride4 == reduced.stride4).all(), "the first stage is before all adapters"
    # The first adapter sees words that no frame has touched yet.
    visual_changes = any(part in choice for part in ("hsa", "visual_to_text"))
    assert ((whole.stride8 - reduced.stride8).abs().max() > 1e-6) == visual_changes


def test_nothing_left_out_is_the_same_model(network):
    assert without_parts(network) is network
    without_hsa = without_parts(network, hsa=False)
    assert without_parts(without_hsa, hsa=False) is without_hsa


def test_without_adapters_frames_do_not_see_each_other_and_text_no_frame(network):
    reduced = without_parts(network, hsa=False, visual_to_text=False, text_to_visual=False)
    first, second = (
        encode(reduced, clip()),
        encode(reduced, torch.cat((clip()[:, :1], clip(1)[:, 1:]), dim=1)),
    )
    torch.testing.assert_close(first.stride8[:, 0], second.stride8[:, 0])
    torch.testing.assert_close(first.rho, second.rho)
    whole = encode(network, clip()), encode(network, torch.cat((clip()[:, :1], clip(1)[:, 1:]), dim=1))
    assert (whole[0].stride8[:, 0] - whole[1].stride8[:, 0]).abs().max() > 1e-6


@pytest.mark.parametrize("choice", CHOICES, ids=name_of)
def test_streaming_equals_causal(network, tokenizer, choice):
    reduced, frames = without_parts(network, **choice), clip()
    expected = encode(reduced, frames, causal=True)
    ids = torch.tensor([[0, 4, 5, 2]])
    text = reduced.encode_text(ids, torch.zeros_like(ids, dtype=torch.bool))
    cache = reduced.fusion.new_cache()
    with torch.no_grad():
        for t in range(3):
            frame = reduced.encode_frame(frames[0, t], text, cache)
            torch.testing.assert_close(frame.stride16, expected.stride16[:, t])
            torch.testing.assert_close(frame.rho, expected.rho[:, t])


@pytest.mark.parametrize("choice", CHOICES, ids=name_of)
def test_trained_without_is_saved_and_loaded_without(tmp_path, make_network, tokenizer, choice):
    trained = make_network(adapter=replace(TINY, **choice))
    save(tmp_path / "model.safetensors", trained, tokenizer)
    loaded, _ = read(tmp_path / "model.safetensors")
    assert loaded.config.adapter == trained.config.adapter
    torch.testing.assert_close(encode(loaded, clip()).stride16, encode(trained, clip()).stride16)
