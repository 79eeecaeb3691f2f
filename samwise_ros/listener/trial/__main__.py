"""Measures the listener: `python -m samwise_ros.listener.trial --help`."""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from samwise.shell.ending import run_command
from samwise.shell.numbers import real, whole
from samwise_ros.listener.engines import ENGINES
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.interpreter import Thresholds, Verdict
from samwise_ros.listener.recogniser import Samples
from samwise_ros.listener.sound import RATE
from samwise_ros.listener.trial.hearing import Hearing
from samwise_ros.listener.trial.score import Outcome, misses, table, triggers
from samwise_ros.listener.trial.sentences import draw
from samwise_ros.listener.trial.silence import noises, talk
from samwise_ros.listener.trial.speaking import NOISES, VOICES, recorded, speak, with_noise

SEED = 9000
"""Of the scenes whose sentences are spoken; what was tuned was tuned on those from 5000 on."""


def options() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m samwise_ros.listener.trial",
        description="Speaks sentences of the world with espeak-ng, adds noise, and tells what the listener "
        "makes of them; then lets it hear noise and other speech, where it should hear nothing.",
    )
    parser.add_argument(
        "--sentences", type=whole(0, 10_000), default=60, help="how many, in each voice and noise"
    )
    parser.add_argument("--voices", default=",".join(VOICES), help="of espeak-ng, with commas between them")
    parser.add_argument(
        "--decibels", type=real(-20, 100), nargs="*", default=[20.0, 10.0], help="speech over noise"
    )
    parser.add_argument("--noise", choices=tuple(NOISES), default="pink")
    parser.add_argument("--minutes", type=real(0, 600), default=10.0, help="of noise, and of other speech")
    parser.add_argument(
        "--prose", type=Path, default=Path("CONTRIBUTING.md"), help="the other speech, a text in English"
    )
    parser.add_argument("--engine", choices=tuple(ENGINES), default="pocketsphinx")
    parser.add_argument("--model", default="", help="of the engine")
    parser.add_argument("--threads", type=whole(1, 64), default=1)
    parser.add_argument("--accept", type=real(0, 1), default=0.5, help="as the node's parameter")
    parser.add_argument("--ask", type=real(0, 1), default=0.3, help="as the node's parameter")
    parser.add_argument("--wake-word", default="hey robot", help="as the node's parameter; '' for none")
    parser.add_argument("--seed", type=whole(0), default=SEED, help="of the sentences and the noise")
    parser.add_argument("--misses", action="store_true", help="also list what did not arrive word for word")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print."""
    if arguments.sentences:
        hearing = _hearing(arguments, button=True)
        outcomes = list(_speak_all(arguments, hearing))
        print(table(outcomes))
        print(
            f"\n{hearing.busy_s / len(outcomes):.2f} s of processor time an utterance, "
            f"{hearing.busy_s / hearing.heard_s:.2f} s for a second of speech\n"
        )
        if arguments.misses:
            print("\n".join(misses(outcomes)), end="\n\n")
    if arguments.minutes:
        rng = np.random.default_rng(arguments.seed)
        seconds = 60 * arguments.minutes
        hearing = _hearing(arguments, button=False)
        _tell_triggers("noise", noises(seconds, rng), hearing)
        _tell_triggers(f"other speech ({arguments.prose.name})", talk(seconds, arguments.prose, rng), hearing)
    return 0


def _hearing(arguments: argparse.Namespace, button: bool) -> Hearing:
    return Hearing(
        arguments.engine,
        arguments.model,
        arguments.threads,
        Thresholds(arguments.accept, arguments.ask),
        button,
        "" if button else arguments.wake_word,
    )


def _speak_all(arguments: argparse.Namespace, hearing: Hearing) -> Iterator[Outcome]:
    said = draw(arguments.sentences, arguments.seed)
    for voice in arguments.voices.split(","):
        for decibels in arguments.decibels:
            for sentence in said:
                # The same noise for the same sentence, however many there are.
                rng = np.random.default_rng(zlib.crc32(f"{sentence.text} {voice} {decibels}".encode()))
                sound = recorded(with_noise(speak(sentence.text, voice), arguments.noise, decibels, rng))
                yield Outcome(sentence, next(hearing.hear(sound)), voice, decibels)


def _tell_triggers(name: str, pieces: Iterable[Samples], hearing: Hearing) -> None:
    """Let it hear, with an open microphone, sound that has nothing in it."""
    seconds, verdicts = 0.0, list[Verdict]()
    for piece in pieces:
        seconds += len(piece) / RATE
        verdicts += hearing.hear(piece)
    false = triggers(verdicts)
    print(f"{seconds / 60:.1f} min of {name}: {len(verdicts)} utterances, {len(false)} false triggers")
    for verdict in false:
        print(
            f"  {verdict.status.name.lower()} {verdict.command} {verdict.text!r} ({verdict.confidence:.2f})"
        )


if __name__ == "__main__":
    sys.exit(run_command("trial", lambda: run(options().parse_args()), errors=(SpeechError, OSError)))
