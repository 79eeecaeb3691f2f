"""The executable `console`: serves a page to try a node on, at http://127.0.0.1:8080 by default."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from pathlib import Path

from samwise.shell.ending import run_command
from samwise.shell.numbers import whole
from samwise_ros.console.access import make_gate
from samwise_ros.console.errors import Refused
from samwise_ros.topics import SEGMENTER

TOKEN_VARIABLE = "SAMWISE_CONSOLE_TOKEN"
SHORTEST_TOKEN = 16


def main(arguments: list[str] | None = None) -> int:
    """Run the console until it is told to end. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    return run_command("console", lambda: _run(given), errors=(Refused,), error_code=1)


def _run(arguments: list[str]) -> int:
    # What is for ROS comes last. Not by the bag tools' function, whose module loads ROS.
    position = arguments.index("--ros-args") if "--ros-args" in arguments else len(arguments)
    parser = _parser()
    args = parser.parse_args(arguments[:position])
    token = os.environ.get(TOKEN_VARIABLE) or None
    if token is not None and len(token) < SHORTEST_TOKEN:
        parser.error(f"{TOKEN_VARIABLE} has {len(token)} characters; give at least {SHORTEST_TOKEN}, or none")
    if (args.certificate is None) != (args.key is None):
        parser.error("--certificate and --key belong together")
    _check_address(args.host, args.port)
    gate = make_gate(args.host, token, args.allow_host)
    # Imported late: all of it takes seconds, in which Ctrl-C should end this as quietly as later on.
    from samwise_ros.console.site import run_site

    run_site(args, arguments[position:], gate)
    return 0


def _check_address(host: str, port: int) -> None:
    """Raise Refused where the console cannot listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(
                f"port {port} of {host} is taken, perhaps by another console; give another one with --port"
            ) from None
        raise Refused(
            f"cannot listen on {host}: {error.strerror}; give an address of this machine with --host"
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="console", description=__doc__)
    add = parser.add_argument
    add("--node", default=SEGMENTER, help="full name of the node to watch (default %(default)s)")
    add("--listener", default="/listener", help="node that recognises speech (default %(default)s)")
    add("--scene", default="/scene", help="node that plays a scene, if any (default %(default)s)")
    add(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default %(default)s: this machine only); any other needs the token that "
        f"is printed, or your own in the environment variable {TOKEN_VARIABLE}",
    )
    add("--port", type=whole(1, 65535), default=8080, help="default %(default)s")
    add(
        "--allow-host",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="more names by which browsers may call it",
    )
    add("--certificate", type=Path, help="PEM file, for https: browsers on other machines need it for speech")
    add("--key", type=Path, help="PEM file with the key of the certificate")
    add("--width", type=whole(64, 4096), default=960, help="of the pictures at most (default %(default)s)")
    add("--recordings", type=Path, default=Path("recordings"), help="folder (default ./%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
