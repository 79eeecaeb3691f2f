"""Every test file on a DDS domain and with log files of its own, with images through shared memory."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from integration.segmenter_process import Client, SegmenterProcess

from samwise import checkpoint
from samwise.config import miniature
from samwise.network.samwise import Samwise
from samwise.text.tokenizer import Tokenizer, word_level

WORDS = ("the", "red", "car", "dog")
OLD_FASTDDS = os.environ.get("ROS_DISTRO") in ("humble", "iron", "jazzy")
PROFILE_VARIABLE = "FASTRTPS_DEFAULT_PROFILES_FILE" if OLD_FASTDDS else "FASTDDS_DEFAULT_PROFILES_FILE"
FASTDDS_PROFILE = Path(__file__).parents[2] / "config" / "fastdds.xml"


@pytest.fixture(scope="module")
def ros(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A domain that nobody else on this machine is likely to use, for this process and its children."""
    with pytest.MonkeyPatch.context() as patch:
        # Above 101, the ports of a domain run into those that Linux hands out to clients.
        patch.setenv("ROS_DOMAIN_ID", str(random.SystemRandom().randrange(1, 102)))
        patch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
        patch.setenv("ROS_LOG_DIR", str(tmp_path_factory.mktemp("ros_log")))
        patch.setenv(PROFILE_VARIABLE, str(FASTDDS_PROFILE))
        yield


@pytest.fixture(scope="session")
def seeded_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature's architecture with random weights: it answers, but not with sense."""
    torch.manual_seed(0)
    words = word_level(WORDS)
    network = Samwise(miniature(len(WORDS) + 4)).eval()
    with torch.no_grad():
        # Something is there in every frame, or the CME would have nothing to switch to.
        network.mask_decoder.decoder.pred_obj_score_head.layers[-1].bias.fill_(5.0)
    path = tmp_path_factory.mktemp("checkpoint") / "seeded.safetensors"
    checkpoint.save(path, network, Tokenizer.from_json(words.to_str(), max_tokens=64))
    return path


@pytest.fixture(scope="module")
def client(ros: None) -> Iterator[Client]:
    client = Client()
    yield client
    client.close()


@pytest.fixture
def start_segmenter(
    tmp_path_factory: pytest.TempPathFactory, client: Client
) -> Iterator[Callable[..., SegmenterProcess]]:
    """Starts nodes with the given parameters, and ends them after the test."""
    started: list[SegmenterProcess] = []

    def start(*program: str, **parameters: object) -> SegmenterProcess:
        log = tmp_path_factory.mktemp("segmenter") / "log.txt"
        started.append(SegmenterProcess(log, parameters, *[program] if program else []))
        return started[-1]

    yield start
    for process in started:
        process.end()
        print(f"\n--- what a node of this test printed:\n{process.log}")  # pytest shows it after a failure
    client.wait_until_alone()


@pytest.fixture(scope="module")
def segmenter(
    client: Client, seeded_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SegmenterProcess]:
    """One node for the tests that leave it as they found it: active. The last of them ends it."""
    log = tmp_path_factory.mktemp("segmenter") / "log.txt"
    process = SegmenterProcess(log, {"checkpoint": seeded_checkpoint})
    client.wait_until_active()
    yield process
    process.end()
