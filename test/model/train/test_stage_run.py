from dataclasses import replace

import pytest
import torch

from samwise.errors import ConfigurationError
from samwise.network.samwise import Samwise
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser
from samwise.train.recipe.stage import Stage
from samwise.train.recipe.stage_data import StageData
from samwise.train.run_state import RunState
from samwise.train.stage_run import StageRun

pytestmark = pytest.mark.slow

CLIPS = Stage(
    name="clips",
    steps=30,
    trainable=("*",),
    losses=LossWeights(focal=20.0, dice=1.0, object_score=1.0, memoryless=0.5),
    data=StageData(clip_length=3),
    optimiser=Optimiser(learning_rate=3e-3),
    mode=Mode(causal_share=0.5),
)


def first_frames(batch, count):
    return replace(
        batch,
        frames=batch.frames[:, :count],
        masks=batch.masks[:, :count],
        semantics=batch.semantics[:, :count],
        shifts=batch.shifts[:, :count],
    )


def test_a_batch_can_be_learned_by_heart(learner, batch):
    run = StageRun(learner, CLIPS, 0, seed=0, average_decay=0.0)
    small = first_frames(batch, 3)
    totals = [sum(run.step(small).values()) for _ in range(CLIPS.steps)]
    assert sum(totals[-3:]) < 0.7 * sum(totals[:3])


def test_it_can_be_learned_in_bfloat16(learner, batch):
    run = StageRun(
        learner, replace(CLIPS, mode=replace(CLIPS.mode, precision="bfloat16")), 0, seed=0, average_decay=0.0
    )
    small = first_frames(batch, 3)
    totals = [sum(run.step(small).values()) for _ in range(CLIPS.steps)]
    assert sum(totals[-3:]) < 0.7 * sum(totals[:3])
    assert all(p.dtype == torch.float32 for p in learner.parameters())


def test_resumed_steps_are_bit_equal(learner, batch, tmp_path):
    start = {name: x.clone() for name, x in learner.state_dict().items()}
    small = first_frames(batch, 2)
    straight = StageRun(learner, CLIPS, 0, seed=0, average_decay=0.9)
    losses = [straight.step(small) for _ in range(4)]
    expected = straight.state()
    wanted = {name: x.clone() for name, x in expected.model.items()}

    learner.load_state_dict(start)
    before = StageRun(learner, CLIPS, 0, seed=0, average_decay=0.9)
    for _ in range(2):
        before.step(small)
    before.state().save(tmp_path / "state.pt")
    torch.manual_seed(99)  # a new process has other global random numbers
    after = StageRun(learner, CLIPS, 0, seed=0, average_decay=0.9)
    after.resume(type(expected).load(tmp_path / "state.pt"))
    assert [after.step(small) for _ in range(2)] == losses[2:]
    assert all(torch.equal(x, wanted[name]) for name, x in learner.state_dict().items())
    assert after.average.state_dict()["updates"] == straight.average.state_dict()["updates"] == 4
    ours, theirs = (a.average.state_dict()["average"] for a in (after, straight))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_only_what_is_trainable_moves_and_frozen_statistics_stay(learner, batch):
    stage = Stage(
        name="paper", steps=2, optimiser=Optimiser(learning_rate=1e-2), mode=Mode(freeze_statistics=True)
    )
    before = {name: x.clone() for name, x in learner.state_dict().items()}
    run = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    run.step(first_frames(batch, 2))
    moved = {name for name, x in learner.state_dict().items() if not torch.equal(x, before[name])}
    assert moved and all("adapters" in name or "project_text" in name for name in moved)
    assert not any("running" in name for name in moved)


def test_muon_is_resumed_bit_equal(learner, batch, tmp_path):
    stage = replace(CLIPS, optimiser=replace(CLIPS.optimiser, method="muon"))
    small = first_frames(batch, 2)
    run = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    for _ in range(2):
        run.step(small)
    run.state().save(tmp_path / "state.pt")
    straight = [run.step(small) for _ in range(2)]
    resumed = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    resumed.resume(RunState.load(tmp_path / "state.pt"))
    assert [resumed.step(small) for _ in range(2)] == straight


def test_encoders_learn_to_see_and_the_heads_are_resumed(learner, batch, tmp_path):
    stage = Stage(
        name="foundation",
        steps=30,
        trainable=("*",),
        losses=LossWeights(focal=1.0, dice=1.0, alignment=0.5, semantics=1.0),
        optimiser=Optimiser(learning_rate=3e-3),
        mode=Mode(adapters=False),
    )
    small = first_frames(batch, 2)
    before = {name: x.clone() for name, x in learner.state_dict().items()}
    run = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    first = run.step(small)
    assert set(first) == {"focal", "dice", "alignment", "semantics"}
    for _ in range(25):
        run.step(small)
    run.state().save(tmp_path / "state.pt")
    straight = run.step(small)
    assert straight["semantics"] < 0.5 * first["semantics"]
    moved = {name for name, x in learner.state_dict().items() if not torch.equal(x, before[name])}
    assert moved and not any("adapters" in name for name in moved)

    resumed = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    resumed.resume(RunState.load(tmp_path / "state.pt"))
    assert resumed.step(small) == straight


def test_movement_is_learned_by_hsa(learner, batch, tmp_path):
    stage = Stage(
        name="movement",
        steps=30,
        trainable=("fusion.adapters.*.hsa.*",),
        losses=LossWeights(focal=0.0, dice=0.0, shift=1.0, motion=1.0),
        data=StageData(clip_length=7),
        optimiser=Optimiser(learning_rate=3e-3),
        mode=Mode(freeze_statistics=True, causal_share=1.0, memory=False),
    )
    before = {name: x.clone() for name, x in learner.state_dict().items()}
    run = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    first = run.step(batch)
    assert set(first) == {"motion", "shift"}
    for _ in range(25):
        run.step(batch)
    run.state().save(tmp_path / "state.pt")
    straight = run.step(batch)
    assert straight["motion"] < 0.5 * first["motion"] and straight["shift"] < first["shift"]
    moved = {name for name, x in learner.state_dict().items() if not torch.equal(x, before[name])}
    assert moved and all(".hsa." in name for name in moved)

    resumed = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    resumed.resume(RunState.load(tmp_path / "state.pt"))
    assert resumed.step(batch) == straight


def test_a_model_without_hsa_cannot_be_asked_for_movement(learner):
    config = replace(learner.config, adapter=replace(learner.config.adapter, hsa=False))
    stage = Stage(name="movement", steps=1, trainable=("*",), losses=LossWeights(shift=1.0))
    with pytest.raises(ConfigurationError, match="'movement': .*leave them out"):
        StageRun(Samwise(config), stage, 0, seed=0, average_decay=0.0)


def test_cme_stage_reports_its_labels(learner, batch):
    head_only = LossWeights(focal=0, dice=0, decision=1.0)
    stage = Stage(name="cme", steps=2, trainable=("cme.*",), losses=head_only, data=StageData(clip_length=7))
    found = StageRun(learner, stage, 0, seed=0, average_decay=0.0).step(batch)
    assert set(found) == {"decision", "different"} and 0 <= found["different"] <= 1


def test_the_schedule_sets_the_rate(learner, batch):
    stage = Stage(
        name="a",
        steps=4,
        trainable=("cme.*",),
        losses=LossWeights(focal=0, dice=0, decision=1.0),
        data=StageData(clip_length=7),
        optimiser=Optimiser(learning_rate=1e-3, warmup=1, final_share=0.1),
    )
    run = StageRun(learner, stage, 0, seed=0, average_decay=0.0)
    rates = []
    for _ in range(4):
        run.step(batch)
        rates.append(run.state().optimizers[0]["param_groups"][0]["lr"])
    assert rates == pytest.approx([5e-4, 1e-3, 5.5e-4, 1e-4])
