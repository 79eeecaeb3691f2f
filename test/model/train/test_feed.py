import json
import shutil

import pytest
import torch

from samwise.errors import DataError
from samwise.train.feed import Feed, Library, held_out, with_steps
from samwise.train.optimise.replicas import Replicas
from samwise.train.recipe.read import config_from_dict
from samwise.world.export import export

SENTENCES = {"videos": 2, "sentences": 1, "clip_length": 3, "video_length": 3}


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    for layout in ("ref-youtube-vos", "mevis"):
        export(root / layout, layout, "train", range(2), 5, (64, 80), 15.0)
    return root


def config(roots, *stages, **top):
    data = [{"layout": name, "root": str(roots / name)} for name in ("ref-youtube-vos", "mevis")]
    common = {"sets": data, **SENTENCES}
    named = [
        {"name": str(i), **stage, "data": common | stage.get("data", {})} for i, stage in enumerate(stages)
    ]
    return config_from_dict({"stages": named, "workers": 0, **top})


def test_epochs_are_counted_out(roots):
    library = Library()
    run = config(roots, {"epochs": 3}, {"epochs": 0.1}, {"steps": 7}, {"steps": 5, "data": {"sets": []}})
    sentences = sum(len(r.referrals) for data in run.stages[0].data.sets for r in library.recordings(data))
    # Frames 0 and 3 of five.
    assert [s.steps for s in with_steps(run, library).stages] == [
        3 * sentences,
        -(-sentences // 10),
        7,
        5,
    ]
    assert [s.epochs for s in with_steps(run, library).stages] == [0, 0, 0, 0]


def test_missing_data_are_found_before_the_first_stage(roots):
    nowhere = [{"layout": "mevis", "root": str(roots / "nowhere")}]
    with pytest.raises(DataError, match="nowhere"):
        with_steps(config(roots, {"steps": 1}, {"steps": 1, "data": {"sets": nowhere}}), Library())
    run = config(roots, {"steps": 1}, validation={"data": nowhere[0]})
    with pytest.raises(DataError, match="nowhere"):
        held_out(run, Library())


def test_held_out_videos_are_cut(roots):
    run = config(
        roots,
        {"steps": 1},
        validation={"videos": 1, "frames": 2, "data": {"layout": "mevis", "root": str(roots / "mevis")}},
    )
    (video,) = held_out(run, Library())
    assert len(video.frames) == 2 and video.frames[1].shape == (64, 80, 3)
    assert len(video.referrals[0].masks) == 2
    (world,) = held_out(config(roots, {"steps": 1}, validation={"videos": 1, "frames": 4}), Library())
    assert len(world.frames) == 4


def test_batches_go_on_where_they_were_and_mix_the_data_sets(roots, tokenizer):
    run = with_steps(config(roots, {"steps": 12}), Library())
    feed = Feed(run, Library(), 64, tokenizer, Replicas())
    whole, rest = list(feed(0, 0)), list(feed(0, 9))
    assert len(whole) == 12 and len(rest) == 3
    for batch, again in zip(whole[9:], rest, strict=True):
        assert torch.equal(batch.frames, again.frames) and torch.equal(batch.masks, again.masks)
    assert whole[0].frames.shape == (2, 3, 3, 64, 64) and whole[0].masks.shape == (2, 3, 64, 64)
    assert all(batch.masks.flatten(1).any(dim=1).all() for batch in whole)


def test_without_data_it_is_the_world(roots, tokenizer):
    run = config(roots, {"steps": 1, "data": {"sets": []}}, frame_sizes=[[64, 80]])
    (batch,) = Feed(run, Library(), 64, tokenizer, Replicas())(0, 0)
    assert batch.frames.shape == (2, 3, 3, 64, 64) and batch.frames.isfinite().all()


def copied(roots, tmp_path, layout="mevis"):
    shutil.copytree(roots / layout, tmp_path / layout)
    return tmp_path / layout


def test_a_sentence_that_is_too_long_for_the_model_is_found_before_the_first_stage(
    roots, tmp_path, tokenizer
):
    root = copied(roots, tmp_path)
    listing = root / "train/meta_expressions.json"
    content = json.loads(listing.read_text())
    content["videos"]["train_000001"]["expressions"]["1"]["exp"] = "the red car " * 20
    listing.write_text(json.dumps(content))
    data = [{"layout": "mevis", "root": str(root)}]
    run = config(roots, {"steps": 1, "data": {"sets": data}})
    with pytest.raises(DataError, match=r"mevis in '.*', video 'train_000001', sentence 1: .* 62 tokens"):
        Feed(run, Library(), 64, tokenizer, Replicas())
    run = config(roots, {"steps": 1}, validation={"data": data[0]})
    with pytest.raises(DataError, match="video 'train_000001', sentence 1"):
        Feed(run, Library(), 64, tokenizer, Replicas())


def test_a_damaged_file_of_the_validation_is_found_before_the_first_stage(roots, tmp_path):
    root = copied(roots, tmp_path)
    (root / "train/JPEGImages/train_000000/00003.jpg").write_bytes(b"")
    data = {"layout": "mevis", "root": str(root)}
    held_out(config(roots, {"steps": 1}, validation={"videos": 1, "frames": 3, "data": data}), Library())
    with pytest.raises(DataError, match=r"video 'train_000000' of the validation: .*00003\.jpg"):
        held_out(config(roots, {"steps": 1}, validation={"videos": 1, "frames": 4, "data": data}), Library())


@pytest.mark.filterwarnings("ignore:.*another clip is taken")
@pytest.mark.parametrize("workers", [0, 1])
def test_what_a_data_process_cannot_read_is_one_line(roots, tmp_path, tokenizer, workers):
    root = copied(roots, tmp_path)
    for path in root.glob("train/JPEGImages/*/*.jpg"):
        path.write_bytes(b"")
    run = config(
        roots, {"steps": 1, "data": {"sets": [{"layout": "mevis", "root": str(root)}]}}, workers=workers
    )
    batches = Feed(run, Library(), 64, tokenizer, Replicas())(0, 0)
    with pytest.raises(DataError, match=r"^20 clips in a row cannot be read.*\.jpg") as raised:
        next(iter(batches))
    assert "\n" not in str(raised.value)
