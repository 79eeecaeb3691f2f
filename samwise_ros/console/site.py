"""The site that the console serves: watch, page, sockets, and the gate in front of them."""

from __future__ import annotations

import argparse
import signal

import cv2
import uvicorn
from fastapi import FastAPI
from nicegui import app, ui

from samwise_ros.console.access import MAX_BODY, Gate, GateKeeper
from samwise_ros.console.commands import Commands
from samwise_ros.console.page.layout import serve_page
from samwise_ros.console.page.parts import Console
from samwise_ros.console.parameter_link import ParameterLink
from samwise_ros.console.recording import Recording
from samwise_ros.console.ros_thread import spinning_node
from samwise_ros.console.talk import Talk
from samwise_ros.console.video import Video
from samwise_ros.console.watch import Watch

#: How long open pages may hold up the end, in seconds.
FAREWELL_S = 2
#: A browser that is away for longer, on a weak network say, must rebuild its page.
RECONNECT_S = 20.0


def run_site(args: argparse.Namespace, for_ros: list[str], gate: Gate) -> None:
    """Serve until a signal comes.

    Args:
        args: of the command line.
        for_ros: arguments for ROS, from `--ros-args` on.
        gate: who may come in.
    """
    # The web server ends in order on SIGINT and SIGTERM only.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
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
        except KeyboardInterrupt:  # what the server makes of the signal when all is done
            pass
        finally:
            console.recording.close()
            watch.close()


def _serve(console: Console, args: argparse.Namespace, gate: Gate) -> None:
    """Serve until a signal comes."""
    console.video.serve()
    console.talk.serve()
    console.recording.serve()
    serve_page(console)
    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.run_with(
        site,
        title="samwise",
        reconnect_timeout=RECONNECT_S,
        tailwind=False,
        show_welcome_message=False,
    )
    config = uvicorn.Config(
        # In front of everything, NiceGUI's own sockets and files among it.
        GateKeeper(site, gate),
        host=args.host,
        port=args.port,
        ssl_certfile=args.certificate,
        ssl_keyfile=args.key,
        timeout_graceful_shutdown=FAREWELL_S,
        # Browsers send events and sound, nothing large.
        ws_max_size=MAX_BODY,
        server_header=False,
        log_level="warning",
    )
    app.on_startup(lambda: print(_welcome(args, gate), flush=True))
    uvicorn.Server(config).run()


def _welcome(args: argparse.Namespace, gate: Gate) -> str:
    scheme = "https" if args.certificate else "http"
    host = args.host if args.host not in ("0.0.0.0", "::") else "THIS-MACHINE"
    address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{args.port}/"
    return f"console: open {address}{f'?token={gate.token}' if gate.token else ''}"
