from pathlib import Path

import pytest

from samwise.ablate.plan import LowRank, plan_from_dict, read_plan
from samwise.ablate.variant import training_of
from samwise.errors import ConfigurationError
from samwise.train.stages import TrainingConfig

CONFIGS = Path(__file__).parents[3] / "model/configs"


@pytest.mark.parametrize("name", ["ablation.yaml", "ablation_motion.yaml"])
def test_the_shipped_plans_can_be_run(name):
    plan = read_plan(CONFIGS / name)
    for variant in plan.variants.values():
        assert isinstance(training_of(plan.training, variant, 3), TrainingConfig)


def test_the_shipped_plan_speaks_of_lora():
    low_rank = read_plan(CONFIGS / "ablation.yaml").variants["lora"].low_rank
    assert low_rank == LowRank(("fusion.image_encoder.trunk.*", "fusion.text_encoder.*"), 8, 16.0)


def test_looks_at_the_shipped_model_need_no_training():
    plan = read_plan(CONFIGS / "looks.yaml")
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
    ],
)
def test_mistakes_are_named_before_anything_runs(values, message):
    with pytest.raises(ConfigurationError, match=message):
        plan_from_dict({"training": {}} | values)


def test_a_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="nothing.yaml"):
        read_plan(tmp_path / "nothing.yaml")
    (tmp_path / "plan.yaml").write_text("seeds: [0]\n")
    with pytest.raises(ConfigurationError, match="plan.yaml.*nothing to do"):
        read_plan(tmp_path / "plan.yaml")
