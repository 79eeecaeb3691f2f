"""What the segmenter said, read back from the output recording and joined with what it was shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samwise.video.metrics import region_similarity
from samwise_ros.bags.errors import BagError
from samwise_ros.bags.pictures import mask_of, rgb_of
from samwise_ros.bags.reader import Bag, open_bag
from samwise_ros.bags.reading.account import to_stderr
from samwise_ros.errors import InputError
from samwise_ros.messages.stamps import nanoseconds, read_stamp
from samwise_ros.report.scenario import Scenario
from samwise_ros.topics import GROUND_TRUTH_TOPIC, MASK_TOPIC, TARGET_SWITCHED_TOPIC, TARGET_TOPIC


@dataclass(frozen=True)
class State:
    """A TargetState.

    Attributes:
        expression: that the frame was segmented for.
        present: whether the target was in view.
        score: 0 to 1.
        latency_s: from the stamp of the image until the result was ready.
    """

    expression: str
    present: bool
    score: float
    latency_s: float


@dataclass(frozen=True)
class Switch:
    """A TargetSwitched; boxes are (x, y, width, height) in pixels."""

    stamp_ns: int
    expression: str
    probability: float
    threshold: float
    overlap: float
    from_box: tuple[int, int, int, int]
    to_box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Results:
    """The small messages of the output recording. Stamps are those of the input recording.

    Attributes:
        states: by stamp.
        switches: in order.
        mask_stamps: of all masks, in order.
    """

    states: dict[int, State]
    switches: tuple[Switch, ...]
    mask_stamps: tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    """A picture with everything that is known about it.

    Attributes:
        stamp_ns: of the input recording.
        pixels: uint8 [H, W, 3] RGB.
        mask: bool [H, W]; None where the segmenter published none.
        truth: bool [H, W]; None where the recording does not tell.
        state: None where the segmenter published none.
    """

    stamp_ns: int
    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_] | None
    truth: NDArray[np.bool_] | None
    state: State | None

    @property
    def iou(self) -> float | None:
        """Intersection over union of mask and truth, 1.0 where both are empty; None if one is missing."""
        if self.mask is None or self.truth is None:
            return None
        return float(region_similarity(self.mask, self.truth))


def read_results(output: Path, offset_ns: int) -> Results:
    """Read states, switches and the stamps of the masks.

    Args:
        output: the recording of the segmenter.
        offset_ns: what the player added to the stamps; taken off again.

    Raises:
        BagError: if it cannot be read.
    """
    states: dict[int, State] = {}
    switches: list[Switch] = []
    masks: list[int] = []
    with open_bag(output) as reader:
        for topic, data, message in _messages(reader, [MASK_TOPIC, TARGET_TOPIC, TARGET_SWITCHED_TOPIC]):
            stamp = read_stamp(data) - offset_ns
            if topic == MASK_TOPIC:
                masks.append(stamp)
            elif topic == TARGET_TOPIC:
                states[stamp] = State(
                    expression=message.expression,
                    present=message.status == message.TRACKING,
                    score=float(message.score),
                    latency_s=nanoseconds(message.latency) / 1e9,
                )
            else:
                switches.append(_switch(message, stamp))
    return Results(states, tuple(sorted(switches, key=lambda switch: switch.stamp_ns)), tuple(sorted(masks)))


def read_frames(scenario: Scenario, output: Path, results: Results, offset_ns: int) -> Iterator[Frame]:
    """Yield every picture of the scenario in order, joined by stamp with truth and result.

    Pictures and masks are read as they are needed: a long recording takes no more memory than a short one.
    What cannot be decoded is told and left out.
    """
    with open_bag(scenario.bag) as shown, open_bag(output) as said:
        masks = _masks(said, MASK_TOPIC, offset_ns)
        truths = _masks(shown, GROUND_TRUTH_TOPIC, 0)
        mask, truth = next(masks, None), next(truths, None)
        for _, data, message in _messages(shown, [scenario.recorded_topic]):
            stamp = read_stamp(data)
            while mask is not None and mask[0] < stamp:
                mask = next(masks, None)
            while truth is not None and truth[0] < stamp:
                truth = next(truths, None)
            try:
                pixels = rgb_of(message)
            except InputError as error:
                to_stderr(f"the picture at {scenario.seconds(stamp):.3f} s is not in the report: {error}")
                continue
            yield Frame(
                stamp_ns=stamp,
                pixels=pixels,
                mask=mask[1] if mask is not None and mask[0] == stamp else None,
                truth=truth[1] if truth is not None and truth[0] == stamp else None,
                state=results.states.get(stamp),
            )


def _messages(reader: Bag, topics: list[str]) -> Iterator[tuple[str, bytes, Any]]:
    connections = [connection for connection in reader.connections if connection.topic in topics]
    for connection, _, data in reader.messages(connections):
        try:
            message = reader.deserialize(data, connection)
        except BagError as error:
            to_stderr(f"a message is left out: {error}")
            continue
        yield connection.topic, data, message


def _masks(reader: Bag, topic: str, offset_ns: int) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    for _, data, message in _messages(reader, [topic]):
        yield read_stamp(data) - offset_ns, mask_of(message, message.data)


def _switch(message: Any, stamp_ns: int) -> Switch:
    return Switch(
        stamp_ns=stamp_ns,
        expression=message.expression,
        probability=float(message.probability),
        threshold=float(message.threshold),
        overlap=float(message.overlap),
        from_box=_box(message.from_roi),
        to_box=_box(message.to_roi),
    )


def _box(roi: Any) -> tuple[int, int, int, int]:
    return int(roi.x_offset), int(roi.y_offset), int(roi.width), int(roi.height)
