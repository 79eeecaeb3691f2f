import json

import pytest

from samwise.config import AdapterConfig, ModelConfig, TextConfig, published
from samwise.errors import ConfigurationError


def test_survives_json():
    config = published("large")
    assert ModelConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_unknown_size_is_named():
    with pytest.raises(ConfigurationError, match="'huge'"):
        published("huge")


def test_unknown_text_encoder_is_named():
    with pytest.raises(ConfigurationError, match="'bert'"):
        published("tiny", "bert")
    with pytest.raises(ConfigurationError, match="'bert'"):
        TextConfig(kind="bert")


def test_files_from_before_there_was_a_choice_of_text_encoders_mean_roberta():
    values = published().to_dict()
    del values["text"]["kind"]
    assert ModelConfig.from_dict(values).text.kind == "roberta"


def test_one_window_side_is_that_of_all_adapters():
    assert AdapterConfig(hsa_patches=(4,)).patches == (4, 4, 4)
    assert AdapterConfig(hsa=False).patches == (None, None, None)
    with pytest.raises(ConfigurationError, match=r"\(8, 4\).*3 adapters"):
        AdapterConfig(hsa_patches=(8, 4))


def test_window_sides_that_do_not_divide_the_stage_matter_only_to_hsa():
    with pytest.raises(ConfigurationError, match="3 for a 128x128"):
        ModelConfig(adapter=AdapterConfig(hsa_patches=(3,)))
    assert not ModelConfig(adapter=AdapterConfig(hsa=False, hsa_patches=(3,))).adapter.hsa


def test_unknown_field_is_named():
    values = published().to_dict() | {"colour": "red"}
    with pytest.raises(ConfigurationError, match="colour"):
        ModelConfig.from_dict(values)


@pytest.mark.parametrize(("change", "message"), [({"image_size": 1000}, "1000"), ({"width": 100}, "64")])
def test_sizes_that_do_not_fit_are_named(change, message):
    with pytest.raises(ConfigurationError, match=message):
        ModelConfig(**change)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"width": 0}, "ModelConfig: width is 0; give a whole number from 1"),
        ({"image_size": "256"}, "image_size is '256'"),
        ({"object_score": "yes"}, "object_score is 'yes'; give true or false"),
        ({"adapter": {"hsa_patches": [2, "4", 8]}}, "AdapterConfig: hsa_patches is [2, '4', 8]"),
        ({"adapter": {"hsa_patches": 2}}, "hsa_patches is 2; list some"),
        ({"memory": {"dropout": 1}}, "MemoryConfig: dropout is 1; give a number from 0, below 1"),
        ({"hiera": {"stages": [1, 2, 3]}}, "HieraConfig: stages is [1, 2, 3]; list 4 values"),
        ({"text": "roberta"}, "text is 'roberta'; give a mapping"),
    ],
)
def test_values_of_another_type_or_range_are_named(values, said):
    with pytest.raises(ConfigurationError) as refusal:
        ModelConfig.from_dict(values)
    assert said in str(refusal.value)
