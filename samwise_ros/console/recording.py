"""Records what the page shows with the bag tools, and makes the report of it, in processes of their own."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from fastapi import HTTPException
from fastapi.responses import FileResponse
from nicegui import app

from samwise_ros.console.errors import Refused
from samwise_ros.console.report import RECORDING, RESULTS
from samwise_ros.console.watch import Watch
from samwise_ros.processes.children import Process
from samwise_ros.topics import (
    AUDIO_TOPIC,
    COMPRESSED_SUFFIX,
    GROUND_TRUTH_TOPIC,
    MASK,
    TARGET,
    TARGET_SWITCHED,
    topic_of,
)

PATH = "/console/report"
#: Raw images take some 15 MB a second: a disk with less left is full in a minute.
ENOUGH_BYTES = 1 << 30


class Recording:
    """On and off, one at a time. Where it goes is set when the console starts, never from the page.

    Args:
        folder: for the recordings; made with the first. Each gets a folder of its own there.
        watch: knows the topics.

    Attributes:
        place: folder of the last recording; None before the first.
    """

    def __init__(self, folder: Path, watch: Watch) -> None:
        self._folder, self._watch = folder, watch
        self._recorder: Process | None = None
        self._reporter: Process | None = None
        self._started = 0.0
        self._image = ""
        self.place: Path | None = None

    def serve(self) -> None:
        """Add the files of the last report to NiceGUI's application."""
        app.get(f"{PATH}/{{name}}")(self._file)

    @property
    def running(self) -> bool:
        """Whether it records."""
        return self._recorder is not None and self._recorder.running

    @property
    def reporting(self) -> bool:
        """Whether a report is being made."""
        return self._reporter is not None and self._reporter.running

    @property
    def results(self) -> tuple[str, ...]:
        """Names of the files of the last recording's report that are there."""
        if self.place is None or self.reporting:
            return ()
        return tuple(name for name in RESULTS if (self.place / name).is_file())

    @property
    def seconds(self) -> float:
        """For how long it has recorded."""
        return time.monotonic() - self._started if self.running else 0.0

    def start(self) -> None:
        """Begin a recording.

        Raises:
            Refused: if one is running, there is nothing to record, or no place for it.
        """
        if self.running or self.reporting:
            raise Refused("the last recording is not done yet: wait for it, or stop it first")
        topics = self._topics()
        place = self._folder / time.strftime("%Y%m%d_%H%M%S")
        try:
            place.mkdir(parents=True)
            free = shutil.disk_usage(place).free
        except OSError as error:
            raise Refused(f"there is no place to record in: {error}") from None
        if free < ENOUGH_BYTES:
            place.rmdir()
            raise Refused(
                f"the disk of {self._folder} has {free >> 20} MB left, which is too few: make room first"
            )
        self.place = place
        self._recorder = Process(
            "the recorder",
            "samwise_ros.bags.record",
            [str(place / RECORDING), *topics],
            place / "recorder.log",
        )
        self._started = time.monotonic()

    def stop(self) -> None:
        """End the recording and wait until the file is whole. Takes a moment: call it in a thread.

        Raises:
            Refused: if nothing was running, or the recorder failed; the text has its last words.
        """
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            raise Refused("no recording is running")
        if recorder.end():
            raise Refused(f"the recording failed:{recorder.last_words()}")

    def report(self) -> None:
        """Begin to make the report of the last recording.

        Raises:
            Refused: if there is none, or one is being made.
        """
        if self.place is None or self.running or self.reporting:
            raise Refused("there is no recording to report on, or it is not done yet")
        arguments = [str(self.place), "--image-topic", self._image]
        self._reporter = Process(
            "the report", "samwise_ros.console.report", arguments, self.place / "report.log"
        )

    def trouble(self) -> str:
        """Return the last words of a report that failed; "" where none did."""
        reporter = self._reporter
        if reporter is None or reporter.running or reporter.end() == 0:
            return ""
        return reporter.last_words()

    def close(self) -> None:
        """End what runs."""
        for process in (self._recorder, self._reporter):
            if process is not None:
                process.end()

    def _file(self, name: str) -> FileResponse:
        # One of three names in a folder that the console made: nothing else of the disk can be asked for.
        if self.place is None or name not in self.results:
            raise HTTPException(404)
        return FileResponse(self.place / name)

    def _topics(self) -> list[str]:
        watch = self._watch
        image = watch.offer.image_topic or watch.viewed
        if image is None:
            raise Refused("there are no pictures to record yet")
        self._image = image.removesuffix(COMPRESSED_SUFFIX)
        # The compressed form where there is one: a tenth of the bytes.
        compressed = self._image + COMPRESSED_SUFFIX
        names = [compressed if compressed in watch.offer.image_topics else image]
        names += [topic_of(watch.name, topic) for topic in (MASK, TARGET, TARGET_SWITCHED)]
        if watch.offer.expression_topic is not None:
            names.append(watch.offer.expression_topic)
        return [*names, GROUND_TRUTH_TOPIC, AUDIO_TOPIC]
