import json

import pytest

from samwise.config import ModelConfig, TextConfig, published
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


def test_unknown_field_is_named():
    values = published().to_dict() | {"colour": "red"}
    with pytest.raises(ConfigurationError, match="colour"):
        ModelConfig.from_dict(values)


@pytest.mark.parametrize(("change", "message"), [({"image_size": 1000}, "1000"), ({"width": 100}, "64")])
def test_sizes_that_do_not_fit_are_named(change, message):
    with pytest.raises(ConfigurationError, match=message):
        ModelConfig(**change)
