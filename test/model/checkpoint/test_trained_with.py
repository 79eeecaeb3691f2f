"""What `args` say is compared, applied or told; what makes no sense keeps no model from loading."""

import argparse
import json
import math
from dataclasses import replace

import pytest
import torch

from samwise.checkpoint.trained_with import applied, cme_trained, plain, remarks
from samwise.config import published
from samwise.errors import CheckpointError

CONFIG = published()
DEFAULTS = {
    "HSA": True,
    "use_cme_head": True,
    "motion_prompt": False,
    "disable_pred_obj_score": False,
    "sam2_version": "base",
    "HSA_patch_size": [8, 4, 2],
    "adapter_dim": 256,
    "fusion_stages": [1, 2, 3],
    "fusion_stages_txt": [4, 8, 12],
    "num_frames": 8,
    "dataset_file": "mevis",
    "cme_decision_window": 4,
    "switch_mem": "reweight",
    "max_size": 1024,
}


def test_the_official_defaults_are_ours():
    assert applied(CONFIG, DEFAULTS) == CONFIG == applied(CONFIG, {})
    assert list(remarks(DEFAULTS)) == [] == list(remarks({}))


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"HSA": False}, "HSA = False, its tensors True"),
        ({"motion_prompt": True}, "motion_prompt = True, its tensors False"),
        ({"disable_pred_obj_score": True}, "disable_pred_obj_score = True, its tensors False"),
        ({"sam2_version": "large"}, "sam2_version = large, its tensors base"),
        ({"adapter_dim": 128}, "adapter_dim = 128, its tensors 256"),
        ({"HSA_patch_size": [4]}, r"HSA_patch_size = \[4, 4, 4\], its tensors \[8, 4, 2\]"),
        ({"fusion_stages": [2, 3]}, r"fusion_stages = \[2, 3\]; only \[1, 2, 3\]"),
        (
            {"fusion_stages_txt": [4, 8, 11]},
            r"fusion_stages_txt = \[4, 8, 11\]; only three rising numbers up to 12",
        ),
        ({"fusion_stages_txt": [8, 4, 12]}, "three rising numbers"),
    ],
)
def test_another_model_is_refused_with_both_values(args, told):
    with pytest.raises(CheckpointError, match=told):
        applied(CONFIG, DEFAULTS | args)


def test_what_tensors_do_not_show_takes_effect():
    args = {"cme_decision_window": 6, "fusion_stages_txt": [3, 7, 12]}
    text = replace(CONFIG.text, stage_ends=(1, 3, 7, 12))
    assert applied(CONFIG, args) == replace(CONFIG, decision_window=6, text=text)


def test_a_model_trained_on_single_pictures_runs_in_the_official_clips():
    assert applied(CONFIG, {"num_frames": 1}) == CONFIG


def test_window_sides_say_nothing_without_hsa():
    config = replace(CONFIG, adapter=replace(CONFIG.adapter, hsa=False))
    assert applied(config, {"HSA": False, "HSA_patch_size": [4]}) == config


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"use_cme_head": False}, "was not trained"),
        ({"switch_mem": "avg"}, "switch_mem is 'avg'"),
        ({"max_size": 640}, "at most 640 pixels"),
    ],
)
def test_what_cannot_be_followed_is_told(args, told):
    (remark,) = remarks(DEFAULTS | args)
    assert told in remark


def test_a_way_to_switch_is_nothing_to_a_cme_that_never_does():
    (remark,) = remarks({"use_cme_head": False, "switch_mem": "avg"})
    assert "switch_mem" not in remark


@pytest.mark.parametrize("value", ["yes", 3.5, -1, [], [0], {"a": 1}, "base_plus"])
def test_values_of_no_sense_are_told_and_change_nothing(value):
    for name in DEFAULTS.keys() - {"dataset_file", "switch_mem", "max_size"}:
        assert applied(CONFIG, {name: value}) == CONFIG
        assert [name in remark for remark in remarks({name: value})] == [True], name
    assert cme_trained({"use_cme_head": value})


def test_what_is_kept_is_plain():
    knot: list = [1]
    knot.append(knot)
    args = argparse.Namespace(
        lr=1e-5,
        stages=(1, 2),
        nothing=None,
        deep={"a": [True, "b"], 3: 4},
        device=torch.device("cuda"),
        weights=torch.zeros(2),
        rate=math.nan,
        knot=knot,
        text="a" * 10_000,
    )
    kept = plain(args)
    assert kept["lr"] == 1e-5 and kept["stages"] == [1, 2] and kept["nothing"] is None
    assert kept["deep"] == {"a": [True, "b"], "3": 4} and kept["device"] == "cuda" and kept["rate"] == "nan"
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept and len(json.dumps(kept)) < 5000
    assert plain(json.loads(json.dumps(kept))) == kept


@pytest.mark.parametrize("args", [None, 3, "lr=1", [1], {1: 2}, argparse.Namespace()])
def test_args_that_say_nothing_are_empty(args):
    assert plain(args) == {}


def test_namespaces_within_namespaces_are_mappings_and_sets_are_lists():
    args = argparse.Namespace(optimizer=argparse.Namespace(lr=1e-5, parts={"b", "a"}), size=(480, 640))
    assert plain(args) == {"optimizer": {"lr": 1e-5, "parts": ["a", "b"]}, "size": [480, 640]}


def test_what_holds_itself_or_lies_about_its_methods_does_no_harm():
    args = argparse.Namespace(_get_kwargs=1)
    args.inner = argparse.Namespace(_get_kwargs=1, me=args)
    assert json.dumps(plain(args))
