from dataclasses import fields
from pathlib import Path

import pytest

from samwise.checkpoint.pretrained import Foundation
from samwise.data.layouts import DataSet
from samwise.errors import ConfigurationError
from samwise.train.optimise.parameters import select_trainable
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser
from samwise.train.recipe.read import config_from_dict, read_config
from samwise.train.recipe.stage import Stage
from samwise.train.recipe.stage_data import StageData

DATA = {"layout": "mevis", "root": "data"}
MINIATURE = Path(__file__).parents[4] / "model/samwise/recipes/miniature.yaml"


def test_the_recipe_of_the_miniature_reads():
    config = read_config(MINIATURE)
    assert config.stages[0].data.clip_length == 1 and any(s.mode.memory for s in config.stages)
    assert config.stages[-1].losses.decision > 0 and not config.stages[-1].trains_masks


@pytest.mark.parametrize("name", ["published.yaml", "published_mevis.yaml"])
def test_the_papers_recipe_reads(name, learner):
    config = read_config(MINIATURE.parent / name)
    *images, clips = config.stages
    for stage in images:
        assert [d.layout for d in stage.data.sets] == ["refcoco", "refcoco+", "refcocog"]
        assert (stage.epochs, stage.data.videos) == (6, 32)
        assert (stage.optimiser.learning_rate, stage.optimiser.clip_norm) == (1e-4, 0.1)
        assert not stage.mode.hsa and not stage.mode.memory and not stage.losses.decision
    assert (clips.data.clip_length, clips.data.videos) == (8, 4)
    assert (clips.optimiser.learning_rate, clips.optimiser.clip_norm) == (1e-5, 1)
    assert clips.mode.hsa and clips.mode.memory and clips.losses == LossWeights(decision=1.0)
    assert (clips.data.sets[0].layout, clips.epochs) == (("ref-youtube-vos", 4) if images else ("mevis", 1))
    select_trainable(learner, clips.trainable)
    trained = {".".join(n.split(".")[:2]) for n, p in learner.named_parameters() if p.requires_grad}
    assert {n for n in trained if not n.startswith("cme.")} == {"fusion.adapters", "prompts.project_text"}
    assert all(p.requires_grad for p in learner.cme.parameters())


def test_defaults_are_the_official_recipe():
    stage = Stage(name="clips", steps=10)
    optimiser = stage.optimiser
    assert (optimiser.learning_rate, optimiser.clip_norm, optimiser.weight_decay) == (1e-5, 1.0, 0.0)
    assert stage.data.clip_length == 8 and stage.trainable == ("*adapter*", "*project_text*")
    assert stage.losses == LossWeights(focal=1.0, dice=1.0)


def test_nested_values_are_read():
    config = config_from_dict(
        {
            "seed": 3,
            "frame_sizes": [[192, 256], [480, 640]],
            "stages": [{"name": "a", "steps": 7, "trainable": ["cme.*"], "losses": {"dice": 2.0}}],
        }
    )
    assert (
        config.seed == 3 and config.stages[0].trainable == ("cme.*",) and config.stages[0].losses.dice == 2.0
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "mapping"),
        ({}, "no stages"),
        ({"stages": 3}, "list"),
        ({"stages": [{"steps": 3}]}, "name"),
        ({"stages": [{"name": "a", "steps": 0}]}, "steps is 0"),
        ({"stages": [{"name": "a", "steps": 1, "mode": {"causal_share": 2}}]}, "causal_share is 2"),
        ({"stages": [{"name": "a", "steps": 1, "data": {"clip_length": 9}}]}, "raise video_length"),
        (
            {"stages": [{"name": "a", "steps": 1, "data": {"splits": ["train", "late"]}}]},
            "'late'.; list some of train, crowd, parade, arrivals",
        ),
        ({"stages": [{"name": "a", "steps": 1, "data": {"splits": "train"}}]}, "'train'; list some"),
        ({"stages": [{"name": "a", "steps": 1, "data": {"splits": []}}]}, "list some"),
        (
            {"stages": [{"name": "a", "steps": 1, "optimiser": {"method": "sgd"}}]},
            "'sgd'; choose adamw or muon",
        ),
        ({"stages": [{"name": "a", "steps": 1, "data": {"uses": 0}}]}, "uses is 0"),
        (
            {"stages": [{"name": "a", "steps": 1, "blends": [{"stage": "a", "parameters": ["*"]}]}]},
            "blends with 'a'; name one of the stages before it: it has none",
        ),
        ({"stages": [{"name": "a", "steps": 1, "blends": [{"stage": "a"}]}]}, "Blend: .*parameters"),
        ({"stages": [{"name": "a", "steps": 1, "blends": 5}]}, "Blend is 5; give a mapping"),
        (
            {"stages": [{"name": "a", "steps": 1, "mode": {"follow": True, "memory": False}}]},
            "follow needs .*memory",
        ),
        (
            {"stages": [{"name": "a", "steps": 1, "mode": {"precision": "int8"}}]},
            "'int8'; train with float32 or bf",
        ),
        ({"stages": [{"name": "a", "steps": 1, "data": {"fps": [9, 3]}}]}, "fps is"),
        ({"stages": [{"name": "a", "steps": 1, "stepps": 2}]}, "Stage has no stepps"),
        ({"stages": [{"name": "a", "steps": 1, "losses": {"dise": 2}}]}, "LossWeights has no dise"),
        (
            {"stages": [{"name": "a", "steps": 2, "epochs": 1, "data": {"sets": DATA}}]},
            "epochs is 1; give one",
        ),
        ({"stages": [{"name": "a", "epochs": 1}]}, "no epochs; give steps, or data"),
        ({"stages": [{"name": "a", "steps": 1, "data": {"sets": {"layout": "coco"}}}]}, "root"),
        (
            {"stages": [{"name": "a", "steps": 1, "data": {"sets": [{"layout": "coco", "root": "r"}]}}]},
            "'coco'; choose",
        ),
        (
            {"stages": [{"name": "a", "steps": 1, "data": {"sets": {"layoot": "mevis"}}}]},
            "DataSet has no layoot",
        ),
        (
            {"stages": [{"name": "a", "steps": 1, "losses": {"semantics": 1}, "data": {"sets": DATA}}]},
            "only the synthetic world does",
        ),
        (
            {"stages": [{"name": "a", "steps": 1, "losses": {"shift": 1}, "data": {"clip_length": 3}}]},
            "make data.clip_length, which is 3, larger",
        ),
        (
            {"stages": [{"name": "a", "steps": 1, "losses": {"motion": 1}, "mode": {"hsa": False}}]},
            "leave mode.adapters and mode.hsa on",
        ),
        ({"stages": [{"name": "a", "steps": 1}], "initial": {"text": "roberta-base"}}, "Foundation: .*sam2"),
        (
            {"stages": [{"name": "a", "steps": 1, "losses": {"decision": 1}, "data": {"clip_length": 4}}]},
            "raise data.clip_length",
        ),
    ],
)
def test_mistakes_are_named(values, message):
    with pytest.raises(ConfigurationError, match=message):
        config_from_dict(values)


NUMBERS = {
    "": {"steps": -1, "epochs": float("inf"), "name": 7, "trainable": "*"},
    "data": {
        "clip_length": 0,
        "video_length": "8",
        "videos": 0,
        "uses": 1.5,
        "sentences": True,
        "fps": [0, 10],
    },
    "optimiser": {
        "learning_rate": 0,
        "warmup": -1,
        "final_share": 1.1,
        "weight_decay": -0.1,
        "clip_norm": 0.0,
    },
    "mode": {
        "causal_share": float("nan"),
        "mask_stride": 0,
        "first_decision": -5,
        "exchange_share": "0.5",
        "adapters": "no",
        "hsa": 0,
        "memory": None,
        "freeze_statistics": 2,
        "follow": "false",
    },
    "losses": {"dice": -1},
}
OTHERS = {"sets", "splits", "method", "precision", "blends", "data", "optimiser", "mode", "losses"}


@pytest.mark.parametrize(("group", "name"), [(group, name) for group in NUMBERS for name in NUMBERS[group]])
def test_every_value_of_a_stage_has_its_range(group, name):
    wrong = {name: NUMBERS[group][name]}
    with pytest.raises(ConfigurationError) as refusal:
        config_from_dict({"stages": [{"name": "clips", "steps": 5} | ({group: wrong} if group else wrong)]})
    where = "stage number 1" if name == "name" else "stage 'clips'"
    assert str(refusal.value).startswith(f"{where}, {group}: " if group else where)
    assert f"{name} is {wrong[name]!r}; " in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1), ("frame_sizes", [[20, 256]]), ("frame_sizes", []), ("average_decay", 1.0),
        ("checkpoint_every", 0), ("workers", -1), ("workers", 100000), ("threads", "2"), ("initial", 5),
        ("initial", ""), ("validation", {"every": 0}), ("validation", {"split": "tests"}),
        ("validation", {"frames": 0}), ("validation", []),
    ],
)  # fmt: skip
def test_every_value_of_a_run_has_its_range(name, value):
    with pytest.raises(ConfigurationError) as refusal:
        config_from_dict({"stages": [{"name": "clips", "steps": 5}], name: value})
    key, wrong = next(iter(value.items())) if isinstance(value, dict) else (name, value)
    assert f"{key} is {wrong!r}; " in str(refusal.value)


def test_every_number_of_a_stage_is_tried_above():
    tried = {name for group in NUMBERS.values() for name in group} | OTHERS
    kinds = (Stage, StageData, Optimiser, Mode)
    assert {f.name for kind in kinds for f in fields(kind)} <= tried


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(ConfigurationError, match="nowhere"):
        read_config(tmp_path / "nowhere.yaml")
    (tmp_path / "odd.yaml").write_text("a: [")
    with pytest.raises(ConfigurationError, match="not YAML"):
        read_config(tmp_path / "odd.yaml")


def test_data_sets_are_read():
    config = config_from_dict(
        {
            "initial": {"sam2": "sam2.pt"},
            "stages": [
                {"name": "a", "epochs": 2, "data": {"sets": DATA}},
                {
                    "name": "b",
                    "steps": 2,
                    "data": {"sets": [DATA, {"layout": "refcoco+", "root": "c", "split": "val"}]},
                },
                {"name": "c", "steps": 1},
            ],
            "validation": {"data": DATA},
        }
    )
    mevis = DataSet("mevis", "data", "train")
    assert [s.data.sets for s in config.stages] == [(mevis,), (mevis, DataSet("refcoco+", "c", "val")), ()]
    assert config.validation.data == mevis and config.initial == Foundation(
        "sam2.pt", "roberta-base", "base_plus"
    )
    assert [(s.steps, s.epochs) for s in config.scaled(0.5).stages] == [(0, 1.0), (1, 0.0), (1, 0.0)]


def test_scaling_keeps_at_least_one_step():
    config = config_from_dict(
        {"stages": [{"name": "a", "steps": 100, "optimiser": {"warmup": 10}}, {"name": "b", "steps": 1}]}
    )
    assert [(s.steps, s.optimiser.warmup) for s in config.scaled(0.1).stages] == [(10, 1), (1, 0)]
