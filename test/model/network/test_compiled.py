from itertools import cycle

import numpy as np
import pytest
import torch
from torch._dynamo import config

from samwise import Session
from samwise.bench.measure import play
from samwise.bench.parts import rows
from samwise.bench.stream import Stream
from samwise.model import Model
from samwise.network import compiled
from samwise.network.mask_decoder import Prediction
from samwise.network.memory_attention import MemoryTokens
from samwise.network.samwise import Samwise

pytestmark = pytest.mark.slow


@pytest.fixture
def fresh(segmenter, network):
    """A network that may be tampered with."""
    copy = Samwise(network.config)
    copy.load_state_dict(network.state_dict())
    return Model(copy.eval(), segmenter.tokenizer, segmenter.device, None)


def test_compiled_parts_answer_as_before_and_are_still_metered(fresh, segmenter, monkeypatch):
    calls = []

    def stand_in(function, mode):
        assert mode == "default"

        # Compiling takes minutes; what is tested is what is handed to the compiler and that it is used.
        def run(*args, **kwargs):
            calls.append(function.__qualname__)
            return function(*args, **kwargs)

        return run

    monkeypatch.setattr(compiled.torch, "compile", stand_in)
    monkeypatch.setattr(config, "cache_size_limit", 8)
    compiled.compile_parts(fresh.network)
    # Else torch would quietly go on without compiling: there are more shapes than it allows for.
    assert config.recompile_limit == compiled.VARIANTS
    frames = np.random.default_rng(0).integers(0, 256, (8, 30, 40, 3), dtype=np.uint8)
    ours, plain = (Stream(s, ["the red car"], cycle(frames), False) for s in (fresh, segmenter))
    for _ in range(7):
        a, b = ours.run(ours.take())[0].targets[0], plain.run(plain.take())[0].targets[0]
        assert np.array_equal(a.probability, b.probability)
    for name in ("stage", "pyramid", "write", "MemoryAttention.forward", "MaskDecoder.forward"):
        assert any(name in call for call in calls), name
    calls.clear()
    played = play(fresh.network, ours, torch.device("cpu"), None)
    assert set(played.parts) == set(rows(fresh.network)) and calls


class Graphs:
    """Writes what functions return to the same place in every frame, as CUDA graphs do."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, int], tuple[torch.Tensor, ...]] = {}
        self.calls = 0

    def begin(self) -> None:
        self.calls = 0

    def __call__(self, function, mode):
        def run(*args, **kwargs):
            out = function(*args, **kwargs)
            prediction = isinstance(out, Prediction)
            found = tuple(vars(out).values()) if prediction else out if isinstance(out, tuple) else (out,)
            key = function.__qualname__, self.calls
            self.calls += 1
            for place, value in zip(self.places.setdefault(key, found), found, strict=True):
                place.copy_(value)
            kept = self.places[key]
            return Prediction(*kept) if prediction else kept if isinstance(out, tuple) else kept[0]

        return run


@pytest.mark.parametrize("safe", [True, False])
def test_what_is_remembered_outlives_the_graphs(fresh, segmenter, monkeypatch, safe):
    graphs = Graphs()
    monkeypatch.setattr(compiled.torch, "compile", graphs)
    monkeypatch.setattr(torch.compiler, "cudagraph_mark_step_begin", graphs.begin)
    monkeypatch.setattr(config, "cache_size_limit", 8)
    compiled.compile_parts(fresh.network)
    compiled.outlive_graphs(fresh.network)
    if not safe:
        del vars(fresh.network)["remember"]
    frames = np.random.default_rng(0).integers(0, 256, (9, 30, 40, 3), dtype=np.uint8)
    ours, plain = Session(fresh, cme="always"), Session(segmenter, cme="always")
    for session in (ours, plain):
        session.start("the red car")
    scores = [[session.step(frame).targets[0].score for frame in frames] for session in (ours, plain)]
    assert (scores[0] == scores[1]) == safe


def test_the_compiled_memory_attention_gives_the_same_numbers(network):
    generator = torch.Generator().manual_seed(0)
    x, memory = torch.randn(1, 16, 32, generator=generator), torch.randn(1, 2, 16, 8, generator=generator)
    tokens = MemoryTokens(memory, memory[0], memory[:, 0, :4])
    attention = network.memory.attention
    with torch.inference_mode():
        # The back end that compiles nothing traces as the others do; those need minutes and a compiler.
        traced = torch.compile(attention.forward, backend="aot_eager")
        torch.testing.assert_close(traced(x, tokens), attention(x, tokens))


def test_the_compiled_encoder_gives_the_same_numbers(network):
    image = network.fusion.image_encoder
    frame = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        x = image.embed(frame)
        torch.testing.assert_close(torch.compile(image.embed, backend="aot_eager")(frame), x)
        expected = image.stage(0, x)
        torch.testing.assert_close(torch.compile(image.stage, backend="aot_eager")(0, x), expected)
