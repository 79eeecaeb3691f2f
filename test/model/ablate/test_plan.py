from pathlib import Path

import pytest

from samwise.ablate.plan import LowRank, plan_from_dict, read_plan
from samwise.ablate.variant import training_of
from samwise.errors import ConfigurationError
from samwise.train.recipe.run import TrainingConfig

RECIPES = Path(__file__).parents[3] / "model/samwise/recipes"


@pytest.mark.parametrize("name", ["ablation.yaml", "ablation_motion.yaml"])
def test_the_shipped_plans_can_be_run(name):
    plan = read_plan(RECIPES / name)
    for variant in plan.variants.values():
        assert isinstance(training_of(plan.training, variant, 3), TrainingConfig)


def test_the_shipped_plan_speaks_of_lora():
    low_rank = read_plan(RECIPES / "ablation.yaml").variants["lora"].low_rank
    assert low_rank == LowRank(("fusion.image_encoder.trunk.*", "fusion.text_encoder.*"), 8, 16.0)


def test_looks_at_the_shipped_model_need_no_training():
    plan = read_plan(RECIPES / "looks.yaml")
    assert not plan.variants and all(look.of is None for look in plan.looks.values())
    assert plan.looks["cme_every_4"].cme == "every:4" and not plan.looks["without_hsa"].hsa


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"variants": {"a": {}}, "looks": {"b": {"of": "c"}}}, "'b' is at 'c', which is no variant"),
        ({"variants": {"a": {}}, "looks": {"a": {}}}, "'a' names both"),
        ({"looks": {"b": {"cme": "sometimes"}}}, "sometimes"),
        ({"looks": {"b": {"mode": "fast"}}}, "mode is 'fast'"),
        ({"variants": {"a": {"modle": {}}}}, "Variant has no modle"),
        ({"looks": {"b": {}}, "evaluation": {"splits": ["early"]}}, "no split is called 'early'"),
        ({"variants": ["a"]}, "variants is"),
        ({"variants": {"../a": {}}}, "'../a' names a variant or a look and so a folder"),
        ({"variants": {4: {}}}, "variants has the key 4, which is not text"),
        ({"variants": {"a": {"stages": {"images": 3}}}}, "variant 'a', stage 'images' is 3"),
        (
            {"variants": {"a": {"low_rank": {"modules": ["*"], "rank": 0}}}},
            "variant 'a', low_rank: rank is 0",
        ),
        ({"variants": {"a": {}}, "seeds": []}, "seeds is []"),
        ({"variants": {"a": {}}, "seeds": [0, -1]}, "for -1, give a whole number from 0"),
        ({"variants": {"a": {}}, "seeds": [1, 1]}, "name each of them once"),
        ({"variants": {"a": {}}, "evaluation": {"cme": "every:0"}}, "every:0"),
        ({"variants": {"a": {}}, "evaluation": {"videos": 0}}, "evaluation: videos is 0"),
        ({"variants": {"a": {}}, "evaluation": {"fps": "10"}}, "evaluation: fps is '10'"),
        ({"looks": {"b": {"hsa": "no"}}}, "look 'b': hsa is 'no'; give true or false"),
    ],
)
def test_mistakes_are_named_before_anything_runs(values, message):
    with pytest.raises(ConfigurationError) as refusal:
        plan_from_dict({"training": {}} | values)
    assert message in str(refusal.value)


def test_a_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="nothing.yaml"):
        read_plan(tmp_path / "nothing.yaml")
    (tmp_path / "plan.yaml").write_text("seeds: [0]\n")
    with pytest.raises(ConfigurationError, match="plan.yaml.*nothing to do"):
        read_plan(tmp_path / "plan.yaml")
