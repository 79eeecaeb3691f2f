"""Libraries whose build decides what can be read: OpenCV, ffmpeg, spaCy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import distributions
from importlib.util import find_spec

from samwise.doctor.finding import Finding, Level
from samwise.text.verbs import INSTALL, PIPELINES


def opencv(information: str | None = None, packages: Iterable[str] | None = None) -> Iterable[Finding]:
    """OpenCV.

    Args:
        information: what `cv2.getBuildInformation` says; None: this one's.
        packages: names of the installed packages; None: this environment's.
    """
    import cv2

    text = cv2.getBuildInformation() if information is None else information
    names = {_name(d.metadata["Name"]) for d in distributions()} if packages is None else set(packages)
    several = sorted(name for name in names if name.startswith("opencv-"))
    reads = {
        name: bool(re.search(rf"^\s*{name}:\s+YES", text, re.MULTILINE)) for name in ("FFMPEG", "GStreamer")
    }
    value = f"{cv2.__version__}, " + ", ".join(
        f"{name} {'yes' if there else 'no'}" for name, there in reads.items()
    )
    if len(several) > 1:
        yield Finding(
            "OpenCV", f"{value}; installed several times: {', '.join(several)}", Level.COULD_BE_BETTER,
            f"they overwrite each other: pip uninstall {' '.join(several)}, then install one of them",
        )  # fmt: skip
    elif not reads["FFMPEG"]:
        yield Finding(
            "OpenCV", value, Level.COULD_BE_BETTER,
            "it reads no video files, which are then converted first: pip install opencv-python-headless",
        )  # fmt: skip
    else:
        yield Finding("OpenCV", value)


def ffmpeg() -> Iterable[Finding]:
    """The ffmpeg that videos are converted with."""
    import imageio_ffmpeg

    try:
        yield Finding("ffmpeg", imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        yield Finding("ffmpeg", "missing", Level.BROKEN, "pip install --force-reinstall imageio-ffmpeg")


def verbs() -> Iterable[Finding]:
    """The pipeline that finds verbs."""
    found = next((name for name in PIPELINES if find_spec(name) is not None), None)
    if found is None or find_spec("spacy") is None:
        yield Finding("spaCy", f"no pipeline; only models with a motion prompt need one: {INSTALL}")
    else:
        yield Finding("spaCy", f"with the pipeline {found}")


def _name(text: str) -> str:
    return text.lower().replace("_", "-")
