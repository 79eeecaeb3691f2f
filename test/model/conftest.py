"""A network too small to be of use, for tests that need shapes and not sense."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from samwise.config import AdapterConfig, HieraConfig, MemoryConfig, ModelConfig, TextConfig
from samwise.model import Model
from samwise.network.mask_decoder import Prediction
from samwise.network.samwise import FrameFeatures, Samwise
from samwise.text.tokenizer import Tokenizer, word_level


@pytest.fixture(autouse=True)
def _threads_stay():
    """A model that is loaded chooses torch's threads for the whole process: not for the next test, too."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


WORDS = ("the", "red", "car", "dog", "that", "runs")


def tiny_config(**changes) -> ModelConfig:
    return ModelConfig(
        **{
            "image_size": 64,
            "width": 32,
            "decoder_feed_forward": 32,
            "decision_feed_forward": 16,
            "clip_length": 4,
            "hiera": HieraConfig(
                embed_dim=8,
                num_heads=1,
                stages=(1, 1, 2, 1),
                window_spec=(4, 4, 4, 2),
                global_att_blocks=(3,),
                position_size=(4, 4),
            ),
            "text": TextConfig(
                vocabulary_size=4 + len(WORDS),
                width=16,
                num_heads=2,
                feed_forward=32,
                max_positions=18,
                stage_ends=(1, 2, 3, 4),
            ),
            "adapter": AdapterConfig(width=16, num_heads=2, hsa_patches=(4, 2, 1)),
            "memory": MemoryConfig(width=8, num_layers=1, feed_forward=16),
        }
        | changes
    )


def randomised(network: Samwise, seed: int = 0) -> Samwise:
    """Every parameter and running statistic away from its initial value: nothing hides behind a 0 or 1."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape, generator=generator))
        for name, buffer in network.named_buffers():
            if name.endswith("running_mean"):
                buffer.add_(0.1 * torch.randn(buffer.shape, generator=generator))
            if name.endswith("running_var"):
                buffer.mul_(1 + 0.3 * torch.rand(buffer.shape, generator=generator))
    return network.eval()


@pytest.fixture(scope="session")
def make_network() -> Callable[..., Samwise]:
    """Makes a network; keywords change its configuration."""

    def make(**changes) -> Samwise:
        torch.manual_seed(0)
        network = randomised(Samwise(tiny_config(**changes)))
        if network.config.object_score:
            # It always sees something: what it says would not depend on anything else.
            with torch.no_grad():
                network.mask_decoder.decoder.pred_obj_score_head.layers[-1].bias.add_(1.0)
        return network

    return make


@pytest.fixture(scope="session")
def network(make_network) -> Samwise:
    return make_network()


@pytest.fixture
def learner() -> Samwise:
    """A fresh small network in its initial state, but that it always sees something: the CME has labels."""
    torch.manual_seed(2)
    config = tiny_config()
    network = Samwise(
        replace(
            config,
            text=replace(config.text, dropout=0.0),
            adapter=replace(config.adapter, dropout=0.0),
            memory=replace(config.memory, dropout=0.0),
        )
    )
    with torch.no_grad():
        network.mask_decoder.decoder.pred_obj_score_head.layers[-1].bias.add_(1.0)
    return network


@pytest.fixture
def answer_without_memory(network, monkeypatch) -> Callable[[torch.Tensor], None]:
    """Gives the memory-less branch mask logits, `[1, 1, 64, 64]`, to answer with on every frame."""
    branch = network.segment_without_memory

    def answer(logits: torch.Tensor) -> None:
        def segment(frame: FrameFeatures) -> Prediction:
            return replace(branch(frame), high_res=logits)

        monkeypatch.setattr(network, "segment_without_memory", segment)

    return answer


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_json(word_level(WORDS).to_str(), max_tokens=16)


@pytest.fixture(scope="session")
def segmenter(network, tokenizer) -> Model:
    return Model(network, tokenizer, torch.device("cpu"), None)
