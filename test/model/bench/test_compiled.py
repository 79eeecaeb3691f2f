from itertools import cycle

import numpy as np
import pytest
import torch
from torch._dynamo import config

from samwise.bench import compiled
from samwise.bench.measure import play
from samwise.bench.parts import rows
from samwise.bench.stream import Stream
from samwise.model import Samwise
from samwise.segmenter import Segmenter


@pytest.fixture
def fresh(segmenter, network):
    """A network that may be tampered with."""
    copy = Samwise(network.config)
    copy.load_state_dict(network.state_dict())
    return Segmenter(copy.eval(), segmenter.tokenizer, segmenter.device, None)


def test_compiled_parts_answer_as_before_and_are_still_metered(fresh, segmenter, monkeypatch):
    calls = []

    def stand_in(function):
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
