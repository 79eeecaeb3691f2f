import pytest
import torch

from samwise.ablate.plan import Variant
from samwise.ablate.variant import merged, starting_model, training_of
from samwise.errors import ConfigurationError

FRESH = ("fusion.adapters.*",)
TRAINING = {
    "stages": [
        {
            "name": "images",
            "steps": 3,
            "losses": {"focal": 2.0, "object_score": 1.0},
            "data": {"clip_length": 1},
        },
        {"name": "clips", "steps": 4},
    ]
}


def test_mappings_are_merged_and_the_rest_replaced():
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merged(base, {"a": {"c": [3]}, "e": 2}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": 2}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_changes_of_all_stages_and_of_one():
    variant = Variant(
        stages={"*": {"optimiser": {"learning_rate": 0.5}}, "images": {"losses": {"focal": 1.0}, "steps": 9}}
    )
    images, clips = training_of(TRAINING, variant, seed=7).stages
    assert (images.optimiser.learning_rate, clips.optimiser.learning_rate, images.steps, clips.steps) == (
        0.5,
        0.5,
        9,
        4,
    )
    assert (images.losses.focal, images.losses.object_score) == (1.0, 1.0)
    assert training_of(TRAINING, variant, seed=7).seed == 7
    with pytest.raises(ConfigurationError, match="no stage 'video'; it has images, clips"):
        training_of(TRAINING, Variant(stages={"video": {}}), 0)


@pytest.mark.slow
def test_shared_weights_are_kept_and_adapters_fresh(network):
    first, again, other = (starting_model(network, Variant(), FRESH, seed) for seed in (0, 0, 1))
    theirs = network.state_dict()
    for name, value in first.state_dict().items():
        assert value.equal(again.state_dict()[name])
        assert name.startswith("fusion.adapters.") or value.equal(theirs[name])
    name = "fusion.adapters.0.visual_down.weight"
    values = [model.state_dict()[name] for model in (first, other, network)]
    assert not torch.equal(values[0], values[1]) and not torch.equal(values[0], values[2])


def test_parts_can_be_left_out_and_come_back(network):
    bare = starting_model(
        network,
        Variant(model={"adapter": {"hsa": False, "visual_to_text": False, "text_to_visual": False}}),
        FRESH,
        0,
    )
    assert not any("adapters" in name for name in bare.state_dict())
    whole = starting_model(bare, Variant(model=network.config.to_dict()), FRESH, 0)
    assert whole.state_dict().keys() == network.state_dict().keys()


def test_a_model_that_does_not_fit_is_an_error(network):
    with pytest.raises(ConfigurationError, match="does not fit the variant at .*memory"):
        starting_model(network, Variant(model={"memory": {"num_layers": 2}}), FRESH, 0)
