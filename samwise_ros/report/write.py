"""What the demo leaves behind: summary.json, overlay.mp4 and contact_sheet.png."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from samwise.shell.placing import output_file
from samwise.video.overlay import draw_overlay
from samwise_ros.report.contact_sheet import NEW_SENTENCE, Tile, draw_contact_sheet
from samwise_ros.report.overlay_video import VideoWriter
from samwise_ros.report.played import Played
from samwise_ros.report.results import Frame, Results, read_frames, read_results
from samwise_ros.report.scenario import Scenario
from samwise_ros.report.summary import summarise

#: Stands out on what the demo follows, a red and a green thing.
MASK_COLOR = (0, 214, 255)
#: Frames on the sheet, and how many of them at most are switches of target: all are in summary.json.
TILES = 16
MAX_SWITCH_TILES = 6


def write_report(
    scenario: Scenario, output: Path, played: Played, *, max_rate: float = 0.0
) -> dict[str, Any]:
    """Join what was shown with what came out, and write all of it down.

    Args:
        scenario: what was shown.
        output: folder with output.mcap, and for the files.
        played: what the player reported.
        max_rate: see `summarise`.

    Returns:
        The content of summary.json.

    Raises:
        BagError: if a recording cannot be read, or holds no mask.
        OSError: if a file cannot be written.
    """
    recording = output / "output.mcap"
    results = read_results(recording, played.offset_ns)
    notes = _noteworthy(scenario, results)
    overlaps: dict[int, float | None] = {}
    tiles: list[Tile] = []
    frames = read_frames(scenario, recording, results, played.offset_ns)
    for frame, drawn in _draw_frames(scenario, frames, output / "overlay.mp4"):
        overlaps[frame.stamp_ns] = frame.iou
        if frame.stamp_ns in notes:
            tiles.append(
                Tile(
                    drawn,
                    frame.state.expression if frame.state else "",
                    scenario.seconds(frame.stamp_ns),
                    frame.iou,
                    notes[frame.stamp_ns],
                )
            )
    summary = summarise(
        scenario, results, overlaps, played.images, all_played=played.complete, max_rate=max_rate
    )
    if tiles:
        sheet = draw_contact_sheet(tiles, f"samwise_ros: {scenario.bag.name}", headline(summary))
        Image.fromarray(sheet).save(output / "contact_sheet.png", optimize=True)
    # Last: where it is, everything is.
    with output_file(output / "summary.json", lambda _: (), overwrite=True) as made:
        made.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return summary


def headline(summary: dict[str, Any]) -> str:
    """Return the numbers of a summary in one line."""
    latency, iou = summary["latency_ms"], summary["mean_iou"]
    parts = [
        f"{summary['frames_in']} frames in",
        f"{summary['masks_out']} masks out",
        *([f"{summary['left_out']} left out"] if summary["left_out"] else []),
        f"{summary['dropped']} dropped",
    ]
    if latency["p50"] is not None:
        parts.append(f"latency p50 {latency['p50']:.0f} ms, p95 {latency['p95']:.0f} ms")
    if iou is not None:
        parts.append(f"mean IoU {iou:.2f}")
    switches = len(summary["events"])
    parts.append(f"{switches} {'switch' if switches == 1 else 'switches'} of target")
    return "  |  ".join(parts)


def _draw_frames(
    scenario: Scenario, frames: Iterator[Frame], path: Path
) -> Iterator[tuple[Frame, NDArray[np.uint8]]]:
    """Draw every frame, write the video on the way, and pass on what was drawn.

    A dropped frame shows the result before it, as somebody sees it who watches the node's overlay.
    """
    with ExitStack() as stack:
        writer: VideoWriter | None = None
        drawn: NDArray[np.uint8] | None = None
        for frame in tqdm(frames, total=len(scenario.stamps), desc="drawing the report", unit="frame"):
            if drawn is None or frame.mask is not None:
                drawn = _draw(frame)
            if writer is None:
                height, width = drawn.shape[:2]
                writer = stack.enter_context(VideoWriter(path, width, height, scenario.fps))
            writer.add(drawn)
            yield frame, drawn


def _draw(frame: Frame) -> NDArray[np.uint8]:
    if frame.mask is None or frame.state is None:
        return frame.pixels
    verdict = f"{frame.state.score:.0%}" if frame.state.present else "absent"
    caption = f"{frame.state.expression}  {verdict}"
    return draw_overlay(frame.pixels, frame.mask, caption, color=MASK_COLOR)


def _noteworthy(scenario: Scenario, results: Results) -> dict[int, str]:
    """Choose the frames of the sheet, stamp to note: new sentences, switches, others spread over the run."""
    shown = set(scenario.stamps)
    stamps = [stamp for stamp in results.mask_stamps if stamp in shown]
    notes: dict[int, str] = {}
    for start, _ in scenario.sentences:
        first = next((stamp for stamp in stamps if stamp >= start), None)
        if first is not None:
            notes[first] = NEW_SENTENCE
    for switch in results.switches[:MAX_SWITCH_TILES]:
        notes[switch.stamp_ns] = f"target switched ({switch.probability:.0%})"
    others = [stamp for stamp in stamps if stamp not in notes]
    count = min(len(others), max(0, TILES - len(notes)))
    for index in np.linspace(0, len(others) - 1, count).round().astype(int):
        notes[others[index]] = ""
    return notes
