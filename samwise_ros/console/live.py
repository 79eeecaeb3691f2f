"""The executable `live`: a scene, the node, and a page in the browser to try them on, all in one."""

from __future__ import annotations

import argparse
import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from samwise.shell import values
from samwise.shell.ending import code_of, run_command
from samwise.shell.numbers import whole
from samwise_ros.processes.children import Processes
from samwise_ros.processes.errors import ProcessError
from samwise_ros.topics import EXPRESSION, EXPRESSION_TOPIC, IMAGE, IMAGE_TOPIC

POLL_S = 0.2
CTRL_C = 130


def main(arguments: list[str] | None = None) -> int:
    """Run all of it until Ctrl-C. Returns the exit code."""
    code = run_command(
        "live", lambda: _run(_parser().parse_args(arguments)), errors=(ProcessError,), error_code=1
    )
    # Ctrl-C is the way to end this, not a failure.
    return 0 if code == CTRL_C else code


def _run(args: argparse.Namespace) -> int:
    args.logs.mkdir(parents=True, exist_ok=True)
    with Processes() as processes:
        started = [
            processes.start("the scene", "samwise_ros.console.scene.command", _scene_arguments(args)),
            processes.start(
                "the segmenter", "samwise_ros.segmenter", _node_arguments(args), args.logs / "segmenter.log"
            ),
            processes.start("the console", "samwise_ros.console.server", _console_arguments(args)),
        ]
        if _speech_is_installed():
            # An extra: the page does without, and nothing ends with it.
            processes.start("the listener", "samwise_ros.listener.node", [], args.logs / "listener.log")
        print("live: starting scene, node and console; Ctrl-C ends all of it", flush=True)
        try:
            while True:
                for process in started:
                    process.check_running()
                time.sleep(POLL_S)
        except KeyboardInterrupt as stop:
            print("\nlive: ending all of it", flush=True)
            return code_of(stop)


def _speech_is_installed() -> bool:
    return all(find_spec(name) is not None for name in ("samwise_ros.listener", "pocketsphinx"))


def _scene_arguments(args: argparse.Namespace) -> list[str]:
    return [args.scene, "--seed", str(args.seed), "--webcam", args.webcam]


def _node_arguments(args: argparse.Namespace) -> list[str]:
    parameters = [f"device:={args.device}", f"precision:={args.precision}"]
    if args.checkpoint is not None:
        parameters.append(f"checkpoint:={args.checkpoint.resolve()}")
    renamed = [f"{IMAGE}:={IMAGE_TOPIC}", f"{EXPRESSION}:={EXPRESSION_TOPIC}"]
    options = [option for name in renamed for option in ("-r", name)]
    return ["--ros-args", *options, *(option for value in parameters for option in ("-p", value))]


def _console_arguments(args: argparse.Namespace) -> list[str]:
    given = ["--host", args.host, "--port", str(args.port)]
    if args.certificate is not None:
        given += ["--certificate", str(args.certificate), "--key", str(args.key)]
    return given


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="live", description=__doc__)
    add = parser.add_argument
    add(
        "--scene",
        default=os.environ.get("SCENE") or "demo",
        help="demo, world, webcam, or a video or bag of yours (default: the variable SCENE, or demo)",
    )
    add("--seed", type=whole(0), default=1, help="of the world (default %(default)s)")
    add("--webcam", default="0", help="index, device or address (default %(default)s)")
    add("--host", default="127.0.0.1", help="address of the page (default %(default)s); see `console --help`")
    add("--port", type=whole(1, 65535), default=8080, help="of the page (default %(default)s)")
    add("--certificate", type=Path, help="PEM file, for https; with --key")
    add("--key", type=Path, help="PEM file")
    add("--checkpoint", type=values.checkpoint, help=values.CHECKPOINT_HELP)
    add("--device", default="cpu", help="as torch names it (default %(default)s)")
    add("--precision", default="float32", help="default %(default)s")
    add("--logs", type=Path, default=Path("log") / "live", help="folder for the node's log (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
