"""Makes the report of a recording of the console: pictures, a video, and the numbers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from samwise.shell.ending import run_command
from samwise_ros.bags.errors import BagError
from samwise_ros.topics import IMAGE_TOPIC

#: What is in the folder of a recording afterwards, and what it is called on the page.
RESULTS = {"contact_sheet.png": "Pictures", "overlay.mp4": "Video", "summary.json": "Numbers"}
RECORDING = "output.mcap"


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    return run_command("report", lambda: _run(arguments), errors=(BagError,), error_code=1)


def _run(arguments: list[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="report", description=__doc__)
    parser.add_argument("folder", type=Path, help=f"with {RECORDING}; gets {', '.join(RESULTS)}")
    parser.add_argument("--image-topic", default=IMAGE_TOPIC, help="raw image topic (default %(default)s)")
    args = parser.parse_args(arguments)
    return write(args.folder, args.image_topic)


def write(folder: Path, image_topic: str) -> int:
    """Write the report into the folder of the recording.

    Raises:
        BagError: if the recording holds too little for a report, or cannot be read.
    """
    # Imported late: they draw, and nothing else in this file needs them.
    from samwise_ros.report.played import Played
    from samwise_ros.report.scenario import read_scenario
    from samwise_ros.report.write import write_report

    # Pictures and answers lie in one recording, with the same stamps.
    scenario = read_scenario(folder / RECORDING, image_topic)
    write_report(scenario, folder, Played(images=len(scenario.stamps), offset_ns=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
