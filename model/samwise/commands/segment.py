"""`samwise segment`: follow what sentences name through a video, without ROS."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, tee
from pathlib import Path

from tqdm import tqdm

from samwise.conditional_memory_encoder import SWITCH_GAIN
from samwise.video.exports import Export, JsonLines, MaskTree, OverlayVideo
from samwise.results import StepResult
from samwise.segmenter import PRECISIONS, load
from samwise.session import Session
from samwise.video.sources import Frame, Source, open_source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("source", help="video file, folder of pictures, or index of a camera")
    parser.add_argument("sentences", nargs="+", metavar="sentence", help="what to follow")
    parser.add_argument(
        "--out", type=Path, default=Path("segmented"), help="folder to write (default: %(default)s)"
    )
    parser.add_argument("--checkpoint", type=Path, help="default: the miniature that ships")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", default="float32", choices=PRECISIONS)
    parser.add_argument("--mode", default="causal", choices=("causal", "clip"), help="clip: as published")
    parser.add_argument("--cme", default="learned", help="learned, never, always or every:N")
    parser.add_argument("--mask-threshold", type=float, default=0.5)
    parser.add_argument(
        "--cme-threshold", type=float, default=0.5, help="probability above which it switches"
    )
    parser.add_argument(
        "--cme-gain", type=float, default=SWITCH_GAIN, help="lambda of the paper (default: %(default)s)"
    )
    parser.add_argument("--masks", default="png", choices=("png", "rle", "none"))
    parser.add_argument("--no-overlay", action="store_true", help="write no overlay video")
    parser.add_argument("--frames", type=int, help="stop after so many frames (a camera never ends)")


def run(args: argparse.Namespace) -> int:
    """Segment the source and write what was asked for."""
    model = load(args.checkpoint, device=args.device, precision=args.precision)
    unknown_words = {sentence: model.unknown_words(sentence) for sentence in args.sentences}
    for sentence, unknown in unknown_words.items():
        if unknown:
            print(f"warning: the model does not know {', '.join(unknown)} in {sentence!r}", file=sys.stderr)
    session = Session(
        model,
        mask_threshold=args.mask_threshold,
        cme_threshold=args.cme_threshold,
        cme_gain=args.cme_gain,
        cme=args.cme,
    )
    session.start(args.sentences)
    source = open_source(args.source)
    exports = _exports(args, source, unknown_words)
    frames = islice(source.frames, args.frames)
    total = min(args.frames, source.length or args.frames) if args.frames else source.length
    clip_length = model.network.config.clip_length if args.mode == "clip" else None
    switches = 0
    try:
        at_hand = source.length is not None
        for frame, result in tqdm(_results(session, frames, clip_length, at_hand), total=total, unit="frame"):
            for export in exports:
                export.add(frame, result)
            switches += sum(t.decision is not None and t.decision.switched for t in result.targets)
    except KeyboardInterrupt:
        print("stopped; what was done so far is kept")
    finally:
        for export in exports:
            export.close()
    print(f"wrote {args.out}; the target was switched {switches} times")
    return 0


def _exports(
    args: argparse.Namespace, source: Source, unknown_words: Mapping[str, Sequence[str]]
) -> Sequence[Export]:
    args.out.mkdir(parents=True, exist_ok=True)
    lines = JsonLines(args.out / "frames.jsonl", rle=args.masks == "rle", unknown_words=unknown_words)
    exports: list[Export] = [lines]
    if args.masks == "png":
        exports.append(MaskTree(args.out, source.name))
    if not args.no_overlay:
        exports.append(OverlayVideo(args.out / "overlay.mp4", source.rate))
    return exports


def _results(
    session: Session, frames: Iterator[Frame], clip_length: int | None, at_hand: bool
) -> Iterator[tuple[Frame, StepResult]]:
    if clip_length is None:
        shown, ahead = tee(frames)
        images = (frame.image for frame in ahead)
        yield from zip(shown, session.steps(images) if at_hand else map(session.step, images), strict=True)
        return
    while clip := list(islice(frames, clip_length)):
        yield from zip(clip, session.step_clip([f.image for f in clip]), strict=True)
