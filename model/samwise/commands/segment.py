"""`samwise segment`: follow what sentences name through a video, without ROS."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice, tee
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from samwise.errors import FrameError, SamwiseError
from samwise.results import StepResult
from samwise.shell import values
from samwise.shell.ending import code_of
from samwise.shell.numbers import HIGHEST_RATE, probability, real, threads_or_fitting, whole
from samwise.shell.placing import OutputFolder, check_apart
from samwise.video.exports import Export, JsonLines, MaskTree
from samwise.video.frames import Account, Frame, Source
from samwise.video.overlay_video import OverlayVideo
from samwise.video.pace import NANOSECONDS, Pace, suitable_rate
from samwise.video.sources import open_source

if TYPE_CHECKING:
    from samwise.session import Session

NAME = "samwise segment"

# As in `samwise.model` and `samwise.network.conditional_memory_encoder`, which take seconds to import.
PRECISIONS = ("float32", "bfloat16", "float16")
SWITCH_GAIN = 10.0
POLICIES = re.compile(r"learned|never|always|every:0*[1-9][0-9]*")

MAX_LINES = 20
"""Losses that are printed one by one; a folder may have thousands."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "source", help="video file, folder of pictures, picture, index of a camera, or address of a stream"
    )
    parser.add_argument(
        "sentences", type=values.sentence, nargs="+", metavar="sentence", help="what to follow"
    )
    parser.add_argument(
        "--out", type=values.path, default=Path("segmented"), help="folder to write (default: %(default)s)"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an earlier result of this command at --out"
    )
    parser.add_argument("--checkpoint", type=values.checkpoint, help=values.CHECKPOINT_HELP)
    parser.add_argument(
        "--device", type=values.device, default="cpu", help="cpu, cuda, cuda:1 ... (%(default)s)"
    )
    parser.add_argument("--precision", default="float32", choices=PRECISIONS)
    parser.add_argument(
        "--threads",
        type=threads_or_fitting,
        default=0,
        help="that compute on a CPU; 0: what suits the model (%(default)s)",
    )
    parser.add_argument("--mode", default="causal", choices=("causal", "clip"), help="clip: as published")
    parser.add_argument("--cme", type=_policy, default="learned", help="learned, never, always or every:N")
    parser.add_argument(
        "--mask-threshold",
        type=probability,
        default=0.5,
        help="of a pixel's probability, 0 to 1 (%(default)s)",
    )
    parser.add_argument(
        "--cme-threshold",
        type=probability,
        default=0.5,
        help="probability above which it switches, 0 to 1 (%(default)s)",
    )
    parser.add_argument(
        "--cme-gain",
        type=real(0.0, 1e6, above=True),
        default=SWITCH_GAIN,
        help="lambda of the paper, above 0 (default: %(default)s)",
    )
    parser.add_argument("--masks", default="png", choices=("png", "rle", "none"))
    parser.add_argument("--no-overlay", action="store_true", help="write no overlay video")
    parser.add_argument(
        "--max-rate",
        type=real(0.0, HIGHEST_RATE),
        metavar="HZ",
        help="frames per second that are segmented at most, evenly; the others are left out of all results. "
        "0: all (default: as many as the model was trained on; all, where the source has no times)",
    )
    parser.add_argument(
        "--frames", type=whole(1), metavar="N", help="stop after that many frames (a camera never ends)"
    )


def run(args: argparse.Namespace) -> int:
    """Segment the source and write what was asked for; returns the exit status.

    Raises:
        SamwiseError: before anything is done: for the source, the place of the results, or the model.
    """
    source = open_source(args.source)
    if args.overwrite:
        check_apart(Path(args.source), args.out)
    with OutputFolder(args.out, NAME, overwrite=args.overwrite) as folder:
        return _Run(args, source, folder).run()


class _Run:
    """One call of the command, with what is already done."""

    def __init__(self, args: argparse.Namespace, source: Source, folder: OutputFolder) -> None:
        self._args, self._source, self._folder = args, source, folder
        self._account = _Printed(source.account)
        self._frames = self._switches = 0
        self._pace = Pace(0.0)

    def run(self) -> int:
        """Run it; returns the exit status."""
        from samwise.model import load
        from samwise.session import Session

        args = self._args
        model = load(args.checkpoint, device=args.device, precision=args.precision, threads=args.threads)
        unknown_words = {sentence: model.unknown_words(sentence) for sentence in args.sentences}
        for sentence, unknown in unknown_words.items():
            if unknown:
                print(
                    f"warning: the model does not know {', '.join(unknown)} in {sentence!r}", file=sys.stderr
                )
        session = Session(
            model,
            mask_threshold=args.mask_threshold,
            cme_threshold=args.cme_threshold,
            cme_gain=args.cme_gain,
            cme=args.cme,
        )
        session.start(args.sentences)
        self._pace.change(self._rate(model.network.config.frame_rate))
        clip_length = model.network.config.clip_length if args.mode == "clip" else None
        stopped = self._segment(session, clip_length, unknown_words)
        self._account.print(last=True)
        print(
            f"wrote {str(args.out)!r}: {self._frames} frames; the target was switched "
            f"{self._switches} time{'' if self._switches == 1 else 's'}",
            file=sys.stderr if stopped else sys.stdout,
        )
        return stopped or (1 if self._source.account.losses else 0)

    def _rate(self, trained_at: float | None) -> float:
        """The most frames per second to segment; 0: all."""
        asked: float | None = self._args.max_rate
        if asked is not None:
            return asked
        rate = suitable_rate(self._source, trained_at)
        if rate:
            print(
                f"{self._source.name} has {self._source.rate:.4g} frames per second; {rate:g} of them are "
                "segmented, as many as the model was trained on. --max-rate 0 segments all",
                file=sys.stderr,
            )
        return rate

    def _segment(
        self, session: Session, clip_length: int | None, unknown_words: Mapping[str, Sequence[str]]
    ) -> int:
        """Go through the frames; the exit status if something stopped it, 0 at the end of the source."""
        last = ""
        try:
            with ExitStack() as closing:
                exports = self._exports(unknown_words)
                for export in exports:
                    closing.callback(export.close)
                for frame, result in self._progress(session, clip_length):
                    for export in exports:
                        export.add(frame, result)
                    last = frame.name
                    self._frames += 1
                    self._switches += sum(
                        t.decision is not None and t.decision.switched for t in result.targets
                    )
                    self._folder.keep()
                    self._account.print()
        except KeyboardInterrupt as stop:
            if not self._frames:
                raise
            return code_of(stop)
        except (SamwiseError, OSError, RuntimeError, MemoryError) as error:
            # RuntimeError: torch's, such as too little memory on the device.
            if not self._frames:
                raise error if isinstance(error, SamwiseError) else SamwiseError(_line(error)) from error
            self._source.account.losses.append(f"ended after frame {last}: {_line(error)}")
            return 1
        if not self._frames:
            losses = self._source.account.losses
            more = f" (and {len(losses) - 1} more like this)" if len(losses) > 1 else ""
            why = f"{losses[0]}{more}" if losses else "see whether a player shows it"
            raise FrameError(f"{self._args.source!r} gave no frame that can be used: {why}")
        return 0

    def _exports(self, unknown_words: Mapping[str, Sequence[str]]) -> Sequence[Export]:
        args, path = self._args, self._folder.path
        exports: list[Export] = []
        if args.masks == "png":
            exports.append(MaskTree(path, self._source.name))
        if not args.no_overlay:
            source = self._source
            exports.append(OverlayVideo(path / "overlay.mp4", source.rate, source.timed, source.account))
        # A line stands for a frame of which everything else is written.
        exports.append(JsonLines(path / "frames.jsonl", rle=args.masks == "rle", unknown_words=unknown_words))
        return exports

    def _progress(self, session: Session, clip_length: int | None) -> Iterator[tuple[Frame, StepResult]]:
        limit, length = self._args.frames, self._source.length
        chosen = (f for f in self._source.frames if self._pace.takes(round(f.time * NANOSECONDS)))
        frames = islice(_usable(chosen, self._source.account), limit)
        if length and self._pace.rate:
            length = min(length, ceil(length * self._pace.rate / self._source.rate))
        total = min(limit or length, length) if length else limit
        at_hand = not self._source.live
        return iter(tqdm(_results(session, frames, clip_length, at_hand), total=total, unit="frame"))


class _Printed:
    """Prints the lines of an account as they come up, each of them once."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._warnings = self._losses = 0

    def print(self, last: bool = False) -> None:
        """Print what is new; with `last`, also how much was left out."""
        for line in self._account.warnings[self._warnings :]:
            tqdm.write(f"warning: {line}", file=sys.stderr)
        for line in self._account.losses[self._losses : MAX_LINES]:
            tqdm.write(f"{NAME}: {line}", file=sys.stderr)
        self._warnings = len(self._account.warnings)
        self._losses = len(self._account.losses)
        if last and self._losses > MAX_LINES:
            tqdm.write(f"{NAME}: ... and {self._losses - MAX_LINES} more of these", file=sys.stderr)


def _usable(frames: Iterator[Frame], account: Account) -> Iterator[Frame]:
    """The frames that the model can take; the others are accounted for."""
    from samwise.video.preprocess import check_frame

    shape = None
    for frame in frames:
        try:
            check_frame(frame.image)
        except FrameError as error:
            account.losses.append(f"frame {frame.name} is left out: {error}")
            continue
        if shape not in (None, frame.image.shape[:2]):
            account.warnings.append(
                f"frame {frame.name} is {frame.image.shape[1]} x {frame.image.shape[0]} pixels and the one "
                f"before {shape[1]} x {shape[0]}: what was followed is forgotten there"
            )
        shape = frame.image.shape[:2]
        yield frame


def _results(
    session: Session, frames: Iterator[Frame], clip_length: int | None, at_hand: bool
) -> Iterator[tuple[Frame, StepResult]]:
    if clip_length is None:
        shown, ahead = tee(frames)
        images = (frame.image for frame in ahead)
        yield from zip(shown, session.steps(images) if at_hand else map(session.step, images), strict=True)
        return
    for clip in _clips(frames, clip_length):
        yield from zip(clip, session.step_clip([f.image for f in clip]), strict=True)


def _clips(frames: Iterator[Frame], length: int) -> Iterator[list[Frame]]:
    """Clips of frames of one size."""
    clip: list[Frame] = []
    for frame in frames:
        if clip and (len(clip) == length or frame.image.shape != clip[0].image.shape):
            yield clip
            clip = []
        clip.append(frame)
    if clip:
        yield clip


def _policy(text: str) -> str:
    if not POLICIES.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not learned, never, always or every:N with N > 0")
    return text


def _line(error: BaseException) -> str:
    """The first line of an error that was not written for people."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__
