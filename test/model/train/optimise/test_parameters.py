import pytest
import torch
from torch import nn

from samwise.errors import ConfigurationError
from samwise.network.without_parts import without_parts
from samwise.train.optimise.parameters import embeddings, make_optimizers, select_trainable, set_modes
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser
from samwise.train.recipe.stage import Stage
from samwise.train.stage_run import StageRun


def test_the_papers_patterns_pick_adapters_and_prompt_projection(learner):
    count = len(select_trainable(learner, ("*adapter*", "*project_text*")))
    chosen = [name for name, p in learner.named_parameters() if p.requires_grad]
    assert len(chosen) == count
    assert {".".join(name.split(".")[:2]) for name in chosen} == {"fusion.adapters", "prompts.project_text"}
    select_trainable(learner, ("*",))
    assert all(p.requires_grad for p in learner.cme.parameters())


def test_a_pattern_without_a_match_is_named(learner):
    with pytest.raises(ConfigurationError, match="adaptors"):
        select_trainable(learner, ("*adaptors*",))


def test_weight_decay_spares_vectors(learner):
    (optimizer,) = make_optimizers(list(learner.parameters()), Optimiser(weight_decay=0.1))
    for group in optimizer.param_groups:
        assert all((p.ndim > 1) == (group["weight_decay"] == 0.1) for p in group["params"])
    assert sum(len(g["params"]) for g in optimizer.param_groups) == len(list(learner.parameters()))


def test_muon_takes_the_matrices_but_no_tables_of_vectors(learner):
    muon_for_matrices = Optimiser(method="muon", weight_decay=0.1)
    tables = embeddings(learner)
    adamw, muon = make_optimizers(list(learner.parameters()), muon_for_matrices, tables)
    (matrices,) = muon.param_groups
    rest = [p for group in adamw.param_groups for p in group["params"]]
    assert all(p.ndim == 2 for p in matrices["params"])
    word_embeddings = learner.fusion.text_encoder.roberta.embeddings.word_embeddings.weight
    assert any(p is word_embeddings for p in rest)
    assert len(rest) + len(matrices["params"]) == len(list(learner.parameters()))
    assert {id(p) for p in rest if p.ndim == 2} >= {id(p) for p in tables}


def test_a_stage_without_hsa_neither_runs_nor_trains_it(learner, batch):
    stage = Stage(
        name="a",
        steps=1,
        trainable=("*adapter*",),
        optimiser=Optimiser(learning_rate=1e-2),
        mode=Mode(hsa=False),
    )
    before = {name: x.clone() for name, x in learner.named_parameters()}
    StageRun(learner, stage, 0, 0, 0.0).step(batch)
    changed = {name for name, x in learner.named_parameters() if not torch.equal(x, before[name])}
    assert changed and not any(".hsa." in name for name in changed)
    bare = without_parts(learner, hsa=False).eval()
    learner.eval()
    text = learner.encode_text(batch.ids, batch.padding)
    for causal in (False, True):
        with torch.no_grad():
            found = learner.encode_clip(batch.frames, text, causal)
            assert torch.allclose(found.stride16, bare.encode_clip(batch.frames, text, causal).stride16)
    set_modes(learner, Mode(), masks=True)
    learner.eval()
    with torch.no_grad():
        assert not torch.allclose(found.stride16, learner.encode_clip(batch.frames, text, True).stride16)


def test_modes(learner):
    norms = [m for m in learner.modules() if isinstance(m, nn.BatchNorm2d)]
    set_modes(learner, Mode(), masks=True)
    assert learner.training and all(n.training for n in norms)
    assert learner.fusion.active
    set_modes(learner, Mode(freeze_statistics=True, adapters=False), masks=True)
    assert not learner.fusion.active
    assert learner.training and not any(n.training for n in norms)
    set_modes(learner, Mode(), masks=False)
    assert not learner.training and learner.cme.training and not learner.mask_decoder.training
