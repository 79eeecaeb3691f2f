"""A recording as a scene, again and again: the pictures, the sentences that go with them, the true masks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samwise_ros.bags.pictures import mask_of, rgb_of
from samwise_ros.bags.reader import Bag, open_bag
from samwise_ros.console.scene.shots import Shot, Shots
from samwise_ros.messages.stamps import read_stamp
from samwise_ros.report.scenario import Scenario, read_scenario
from samwise_ros.topics import GROUND_TRUTH_TOPIC


def recorded(bag: Path, image_topic: str) -> Shots:
    """Play a recording in a loop.

    Raises:
        BagError: if it cannot be read, or lacks pictures or sentences. Raised here, not at the first picture.
    """
    return _loop(read_scenario(bag, image_topic))


def _loop(scenario: Scenario) -> Iterator[Shot]:
    suggestions = tuple(dict.fromkeys(sentence for _, sentence in scenario.sentences))
    begun = 0.0
    while True:
        with open_bag(scenario.bag) as bag:
            for stamp_ns, pixels, truth in _pictures(bag, scenario):
                cue = scenario.sentence_at(stamp_ns)
                yield Shot(
                    pixels=pixels,
                    time=begun + scenario.seconds(stamp_ns),
                    truths={} if truth is None else {cue: truth},
                    cue=cue,
                    suggestions=suggestions,
                )
        begun += scenario.seconds(scenario.stamps[-1]) + 1.0 / scenario.fps


def _pictures(
    bag: Bag, scenario: Scenario
) -> Iterator[tuple[int, NDArray[np.uint8], NDArray[np.bool_] | None]]:
    """Yield stamp, picture and true mask. Of messages of one time, the mask may come first or last."""
    wanted = (scenario.recorded_topic, GROUND_TRUTH_TOPIC)
    connections = [connection for connection in bag.connections if connection.topic in wanted]
    picture: tuple[int, NDArray[np.uint8]] | None = None
    truth: tuple[int, NDArray[np.bool_]] | None = None
    for connection, _, data in bag.messages(connections):
        message: Any = bag.deserialize(data, connection)
        # A picture goes out when the next one comes: until then its mask has come, too.
        if connection.topic == GROUND_TRUTH_TOPIC:
            truth = (read_stamp(data), mask_of(message, message.data))
            continue
        if picture is not None:
            yield *picture, truth[1] if truth is not None and truth[0] == picture[0] else None
        picture = (read_stamp(data), rgb_of(message))
    if picture is not None:
        yield *picture, truth[1] if truth is not None and truth[0] == picture[0] else None
