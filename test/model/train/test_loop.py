import functools
import json
from dataclasses import replace

import pytest
import torch

from samwise import checkpoint
from samwise.errors import CheckpointError
from samwise.train.loop import MODEL_FILE, STATE_FILE, Training
from samwise.train.optimise.blend import Blend
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser
from samwise.train.recipe.run import TrainingConfig
from samwise.train.recipe.stage import Stage
from samwise.train.recipe.stage_data import StageData
from samwise.train.recipe.validation import Validation
from samwise.train.run_log import RunLog
from samwise.train.run_state import RunState
from samwise.train.samples.dataset import ReferringClips, batches

pytestmark = pytest.mark.slow

IMAGES = Stage(
    name="images",
    steps=4,
    trainable=("*",),
    data=StageData(clip_length=1, videos=2),
    optimiser=Optimiser(learning_rate=1e-3),
    mode=Mode(memory=False),
)
CME = Stage(
    name="cme",
    steps=2,
    trainable=("cme.*",),
    losses=LossWeights(focal=0, dice=0, decision=1.0),
    data=StageData(clip_length=3, videos=1),
    mode=Mode(first_decision=2),
)
CONFIG = TrainingConfig(
    stages=(IMAGES, CME),
    average_decay=0.5,
    checkpoint_every=2,
    validation=Validation(every=3, videos=1, frames=2),
)


@pytest.fixture
def train(world, tokenizer, learner, tmp_path):
    def source(config, stop_after, index, first):
        stage = config.stages[index]
        videos, count = stage.data.videos, stage.steps * 2
        data = ReferringClips(world, stage.data, False, (0, index), first * videos, count, [(48, 64)], 64)
        for number, batch in enumerate(batches(data, tokenizer, videos, 0), start=first):
            if (index, number) == stop_after:
                raise KeyboardInterrupt
            yield batch

    start = {name: x.clone() for name, x in learner.state_dict().items()}

    def run(name, stop_after=None, resume=False, config=CONFIG):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        learner.load_state_dict(start)
        held_out = [world(seed=99, split="v", num_frames=2, size=(48, 64))]
        state = RunState.load(folder / STATE_FILE) if resume else None
        with RunLog(folder) as log:
            feed = functools.partial(source, config, stop_after)
            Training(learner, tokenizer, config, folder, feed, held_out, log).run(state)
        return folder

    return run


def test_a_run_leaves_weights_and_a_log(train):
    folder = train("whole")
    model, words = checkpoint.read(folder / MODEL_FILE)
    assert words.unknown_words("the red zebra") == ("zebra",) and model.config.image_size == 64
    earlier, _ = checkpoint.read(folder / "stage_1.safetensors")
    old, new = earlier.state_dict(), model.state_dict()
    changed = {name.split(".")[0] for name in new if not torch.equal(new[name], old[name])}
    assert changed == {"cme"} and not (folder / "stage_2.safetensors").exists()
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [(x["kind"], x["stage"], x["total_step"]) for x in lines] == [
        ("validation", "images", 3),
        ("train", "images", 4),
        ("validation", "images", 4),
        ("train", "cme", 6),
        ("validation", "cme", 6),
    ]
    assert lines[0]["switches"] == 0 and lines[1]["frames_per_second"] > 0


@pytest.mark.parametrize("stop_after", [(0, 3), (1, 0)])
def test_a_killed_run_ends_the_same(train, stop_after, tmp_path):
    whole = checkpoint.read(train("whole") / MODEL_FILE)[0].state_dict()
    with pytest.raises(KeyboardInterrupt):
        train("killed", stop_after)
    resumed = checkpoint.read(train("killed", resume=True) / MODEL_FILE)[0].state_dict()
    assert all(torch.equal(x, resumed[name]) for name, x in whole.items())


def test_parameters_go_back_to_what_they_were_after_an_earlier_stage(train):
    quiet = replace(IMAGES, mode=Mode(memory=False, freeze_statistics=True))
    clips = replace(
        quiet,
        name="clips",
        trainable=("memory.*", "prompts.*"),
        data=StageData(clip_length=2, videos=2),
        mode=Mode(freeze_statistics=True),
    )
    back = replace(quiet, name="back", blends=(Blend("images", ("memory.*",)),), trainable=("prompts.*",))
    config = replace(CONFIG, stages=(IMAGES, clips, back))
    folder = train("whole", config=config)
    files = (folder / "stage_1.safetensors", folder / "stage_2.safetensors", folder / MODEL_FILE)
    images, between, end = (checkpoint.read(file)[0].state_dict() for file in files)

    def differ(one, other):
        return {name.split(".")[0] for name in one if not torch.equal(one[name], other[name])}

    assert differ(images, between) == {"memory", "prompts"}
    assert differ(between, end) == {"memory", "prompts"}
    assert differ(images, end) == {"prompts"}
    for name, moment in (("before", (2, 0)), ("within", (2, 3))):
        with pytest.raises(KeyboardInterrupt):
            train(name, moment, config=config)
        resumed = train(name, resume=True, config=config) / MODEL_FILE
        assert differ(end, checkpoint.read(resumed)[0].state_dict()) == set()


def test_a_run_of_another_vocabulary_is_refused(train, tmp_path):
    folder = train("whole")
    state = RunState.load(folder / STATE_FILE)
    name = "fusion.text_encoder.roberta.embeddings.word_embeddings.weight"
    RunState(0, 0, state.model | {name: torch.zeros(11, 16)}, None, None).save(folder / STATE_FILE)
    with pytest.raises(CheckpointError, match=r"other words .*word_embeddings.*start without --resume"):
        train("whole", resume=True)
