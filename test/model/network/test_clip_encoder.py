"""CLIP as text encoder: the steps in a row are `transformers.CLIPTextModel`, alone and in the whole model."""

import numpy as np
import pytest
import torch
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from samwise import Model, Session, load
from samwise.checkpoint import save
from samwise.cli import main
from samwise.config import TextConfig, published
from samwise.network.clip_encoder import ClipEncoder
from samwise.network.samwise import Samwise
from samwise.text.tokenizer import CLIP_END, CLIP_START, Tokenizer

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MERGES = [("t", "h"), ("th", "e</w>"), ("c", "a"), ("ca", "r</w>"), ("r", "u"), ("ru", "n")]
PIECES = [*LETTERS, *(letter + "</w>" for letter in LETTERS), *(a + b for a, b in MERGES)]
SIZE = len(PIECES) + 2
END = SIZE - 1
TEXT = TextConfig(
    vocabulary_size=SIZE,
    width=16,
    num_heads=2,
    feed_forward=32,
    max_positions=20,
    stage_ends=(1, 2, 3, 4),
    dropout=0.0,
    kind="clip",
)


@pytest.fixture(scope="module")
def words() -> Tokenizer:
    vocabulary = {piece: i for i, piece in enumerate([*PIECES, CLIP_START, CLIP_END])}
    return Tokenizer(CLIPTokenizer(vocab=vocabulary, merges=MERGES), max_tokens=20)


@pytest.fixture(scope="module")
def clip_network(make_network) -> Samwise:
    return make_network(text=TEXT, motion_prompt=True)


@pytest.fixture(scope="module")
def reference(clip_network) -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=SIZE,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=4,
        num_attention_heads=2,
        max_position_embeddings=20,
        eos_token_id=END,
    )
    model = CLIPTextModel(config).eval()
    model.load_state_dict(clip_network.fusion.text_encoder.clip.state_dict())
    return model


def test_published_sizes_are_those_of_clip_b():
    ours, theirs = published("base_plus", "clip").text, CLIPTextConfig()
    assert (ours.vocabulary_size, ours.width, ours.num_heads) == (49408, 512, 8)
    assert theirs.hidden_act == "quick_gelu"
    assert (ours.feed_forward, ours.max_positions, ours.stage_ends[-1]) == (
        theirs.intermediate_size,
        theirs.max_position_embeddings,
        theirs.num_hidden_layers,
    )


def test_the_steps_in_a_row_are_the_text_model(clip_network, reference, words):
    ids, padding = words.encode(["the red car", "a car that runs on"])
    encoder = clip_network.fusion.text_encoder
    assert isinstance(encoder, ClipEncoder)
    with torch.no_grad():
        tokens = encoder.embed(ids, padding)
        for step in range(4):
            tokens = encoder.stage(step, tokens, padding)
        expected = reference(input_ids=ids, attention_mask=(~padding).long())
    torch.testing.assert_close(tokens[~padding], expected.last_hidden_state[~padding])
    sentence = tokens[torch.arange(2), encoder.sentence_token(padding)]
    torch.testing.assert_close(sentence, expected.pooler_output)


def test_with_silent_adapters_the_prompt_is_that_of_the_text_model(clip_network, reference, words):
    silent = Samwise(clip_network.config).eval()
    silent.load_state_dict(clip_network.state_dict())
    for adapter in silent.fusion.adapters:
        torch.nn.init.zeros_(adapter.text_up.weight)
    ids, padding = words.encode(["the red car", "a car that runs on"])
    frames = torch.randn(1, 2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        text = silent.encode_text(ids, padding)
        pooled = reference(input_ids=ids, attention_mask=(~padding).long()).pooler_output
        expected = silent.prompts.contextual(pooled)
        clip = silent.encode_clip(frames, text)
        streamed = silent.encode_frame(frames[0, 0], text, silent.fusion.new_cache())
    torch.testing.assert_close(clip.rho, expected[:, None].expand(-1, 2, -1))
    torch.testing.assert_close(streamed.rho, expected)


def test_the_end_of_text_stands_for_the_sentence_and_is_no_padding(words):
    ids, padding = words.encode(["the car", "the car runs"])
    assert padding.tolist() == [[False] * 4 + [True] * (ids.shape[1] - 4), [False] * ids.shape[1]]
    assert ids[0, 3] == END and (ids[padding] == END).all()
    assert words.pad_token == END


def test_several_sentences_equal_one_by_one(clip_network, words):
    model = Model(clip_network, words, torch.device("cpu"), None)
    frames = np.random.default_rng(0).integers(0, 256, (3, 48, 64, 3), dtype=np.uint8)
    sentences = ["the red car", "the car runs over there", "run"]
    together = Session(model)
    together.start(sentences)
    batch = [together.step(frame) for frame in frames]
    for i, sentence in enumerate(sentences):
        alone = Session(model)
        alone.start(sentence)
        for a, b in zip(batch, [alone.step(frame) for frame in frames], strict=True):
            np.testing.assert_allclose(a.targets[i].probability, b.targets[0].probability, atol=1e-4)


def test_a_checkpoint_remembers_kind_and_tokenizer(tmp_path, clip_network, words, capsys):
    path = tmp_path / "clip.safetensors"
    save(path, clip_network, words)
    loaded = load(path)
    assert loaded.network.config.text == TEXT
    sentences = ["the red car", "a car that runs on"]
    for a, b in zip(loaded.tokenizer.encode(sentences), words.encode(sentences), strict=True):
        assert torch.equal(a, b)
    assert main(["info", str(path)]) == 0
    assert "kind: clip" in capsys.readouterr().out
