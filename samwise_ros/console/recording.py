"""Records what the page shows, with the bag tools, in a process of its own."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from samwise_ros.console.errors import Refused
from samwise_ros.console.talk import AUDIO_TOPIC
from samwise_ros.console.watch import GROUND_TRUTH_TOPIC, Watch
from samwise_ros.demo.processes import Process

#: Raw images take some 15 MB a second: a disk with less left is full in a minute.
ENOUGH_BYTES = 1 << 30


class Recording:
    """On and off. Where it goes is set when the console starts, never from the page.

    Args:
        folder: for the recordings; made with the first.
        watch: knows the topics.
    """

    def __init__(self, folder: Path, watch: Watch) -> None:
        self._folder, self._watch = folder, watch
        self._process: Process | None = None
        self._started = 0.0
        self.file: Path | None = None

    @property
    def running(self) -> bool:
        """Whether it records."""
        return self._process is not None and self._process.running

    @property
    def seconds(self) -> float:
        """For how long it has recorded."""
        return time.monotonic() - self._started if self.running else 0.0

    def start(self) -> None:
        """Begin a recording.

        Raises:
            Refused: one is running, there is nothing to record, or no place for it.
        """
        if self.running:
            raise Refused("a recording is running already: stop it first")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise Refused(f"there is no place to record in: {error}") from None
        if free < ENOUGH_BYTES:
            raise Refused(
                f"the disk of {self._folder} has {free >> 20} MB left, which is too few: make room first"
            )
        self.file = self._folder / f"{time.strftime('%Y%m%d_%H%M%S')}.mcap"
        log = self.file.with_suffix(".log")
        self._process = Process(
            "the recorder", "samwise_ros.bags.record", [str(self.file), *self._topics()], log
        )
        self._started = time.monotonic()

    def stop(self) -> None:
        """End the recording and wait until the file is whole. Takes a moment: call it in a thread.

        Raises:
            Refused: nothing was running, or the recorder failed; the text has its last words.
        """
        process, self._process = self._process, None
        if process is None:
            raise Refused("no recording is running")
        if process.end():
            raise Refused(f"the recording failed:{process.last_words()}")

    def _topics(self) -> list[str]:
        watch = self._watch
        image = watch.offer.image_topic or watch.viewed
        if image is None:
            raise Refused("there are no pictures to record yet")
        # The compressed form where there is one: a tenth of the bytes.
        compressed = f"{image}/compressed"
        names = [compressed if compressed in watch.offer.image_topics else image]
        names += [f"{watch.name}/{topic}" for topic in ("mask", "target", "target_switched")]
        if watch.offer.expression_topic is not None:
            names.append(watch.offer.expression_topic)
        return [*names, GROUND_TRUTH_TOPIC, AUDIO_TOPIC]
