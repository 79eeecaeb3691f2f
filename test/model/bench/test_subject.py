import pytest
import torch

from samwise.bench.subject import subject
from samwise.config import miniature
from samwise.errors import ConfigurationError


def test_random_weights_depend_on_the_seed_alone():
    first, again, other = (
        subject(None, "miniature", "cpu", "bfloat16", seed).network.state_dict() for seed in (1, 1, 2)
    )
    name = "fusion.image_encoder.trunk.patch_embed.proj.weight"
    assert torch.equal(first[name], again[name]) and not torch.equal(first[name], other[name])


def test_the_miniature_knows_the_words_of_its_world():
    segmenter = subject(None, "miniature", "cpu", "float32", 0)
    assert segmenter.autocast is None and not segmenter.network.training
    assert segmenter.network.config == miniature(segmenter.network.config.text.vocabulary_size)
    assert segmenter.unknown_words("the red car on the left") == ()


def test_precision_is_reduced_where_a_loaded_model_has_it_reduced():
    network = subject(None, "miniature", "cpu", "bfloat16", 0).network
    reduced = {name for name, x in network.named_parameters() if x.dtype == torch.bfloat16}
    assert any("trunk.blocks" in name for name in reduced) and any("memory.attention" in n for n in reduced)
    assert all("trunk.blocks" in name or "memory.attention" in name for name in reduced)


@pytest.mark.parametrize("name", ["gigantic", "published:gigantic", "published"])
def test_another_configuration_is_an_error(name):
    with pytest.raises(ConfigurationError, match="base_plus"):
        subject(None, name, "cpu", "float32", 0)
