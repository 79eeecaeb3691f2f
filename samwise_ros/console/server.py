"""The executable `console`: serves a page to try a node on, at http://127.0.0.1:8080 by default."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

import cv2
from nicegui import app, ui

from samwise.shell.numbers import whole
from samwise_ros.bags.process import split_arguments
from samwise_ros.console.access import Gate, GateKeeper, make_gate
from samwise_ros.console.commands import Commands
from samwise_ros.console.page.layout import serve_page
from samwise_ros.console.page.parts import Console
from samwise_ros.console.parameter_link import ParameterLink
from samwise_ros.console.recording import Recording
from samwise_ros.console.ros_thread import spinning_node
from samwise_ros.console.talk import Talk
from samwise_ros.console.video import Video
from samwise_ros.console.watch import Watch

TOKEN_VARIABLE = "SAMWISE_CONSOLE_TOKEN"
SHORTEST_TOKEN = 16
#: How long open pages may hold up the end, in seconds.
FAREWELL_S = 2
#: A browser that is away for longer, on a weak network say, has to build its page anew.
RECONNECT_S = 20.0


def main(arguments: list[str] | None = None) -> int:
    """Run the console until it is told to end. Returns the exit code."""
    ours, for_ros = split_arguments(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    args = parser.parse_args(ours)
    token = os.environ.get(TOKEN_VARIABLE) or None
    if token is not None and len(token) < SHORTEST_TOKEN:
        parser.error(f"{TOKEN_VARIABLE} has {len(token)} characters; give at least {SHORTEST_TOKEN}, or none")
    if (args.certificate is None) != (args.key is None):
        parser.error("--certificate and --key belong together")
    gate = make_gate(args.host, token, args.allow_host)
    # The web server ends in order on SIGINT and SIGTERM, and then has these do the rest.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGINT))
    # The machine is shared with the node: no operation of ours is worth a second core.
    cv2.setNumThreads(1)
    with spinning_node("console", for_ros) as node:
        watch = Watch(node, args.node, args.width)
        console = Console(
            watch=watch,
            commands=Commands(node, watch),
            parameters=ParameterLink(node, args.node),
            scene=ParameterLink(node, args.scene),
            video=Video(watch.painter),
            recording=Recording(args.recordings, watch),
            talk=Talk(node, args.listener),
        )
        try:
            _serve(console, args, gate)
        except KeyboardInterrupt:
            pass
        finally:
            if console.recording.running:
                console.recording.stop()
            watch.close()
    return 0


def _serve(console: Console, args: argparse.Namespace, gate: Gate) -> None:
    """Serve until a signal comes."""
    console.video.serve()
    console.talk.serve()
    serve_page(console)
    app.add_middleware(GateKeeper, gate=gate)
    app.on_startup(lambda: print(_welcome(args, gate), flush=True))
    ui.run(
        host=args.host,
        port=args.port,
        title="samwise",
        reload=False,
        show=False,
        show_welcome_message=False,
        reconnect_timeout=RECONNECT_S,
        tailwind=False,
        timeout_graceful_shutdown=FAREWELL_S,
        ssl_certfile=args.certificate,
        ssl_keyfile=args.key,
        # Browsers send events and sound, nothing large.
        ws_max_size=1 << 18,
        server_header=False,
    )


def _welcome(args: argparse.Namespace, gate: Gate) -> str:
    scheme = "https" if args.certificate else "http"
    host = args.host if args.host not in ("0.0.0.0", "::") else "THIS-MACHINE"
    address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{args.port}/"
    return f"console: open {address}{f'?token={gate.token}' if gate.token else ''}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="console", description=__doc__)
    add = parser.add_argument
    add("--node", default="/segmenter", help="full name of the node to watch (default %(default)s)")
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
        "--allow-host", nargs="+", default=[], metavar="NAME", help="more names by which browsers may call it"
    )
    add("--certificate", type=Path, help="PEM file, for https: browsers on other machines need it for speech")
    add("--key", type=Path, help="PEM file with the key of the certificate")
    add("--width", type=whole(64, 4096), default=960, help="of the pictures at most (default %(default)s)")
    add("--recordings", type=Path, default=Path("recordings"), help="folder (default ./%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
