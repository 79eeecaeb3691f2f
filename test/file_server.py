"""A web server on loopback, which serves files as servers on the network do, or as badly."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Files:
    """What is served, by path, and how.

    Attributes:
        content: bytes by path.
        kind: of the content, as HTTP names it.
        break_after: the connection is cut after this many bytes of an answer; None: never.
        hold: after how many bytes of an answer to wait, and until when; None: not at all.
        ranges: whether a part of a file can be asked for.
        headers: of every answer, besides those that belong to its content.
        asked: the `Range` of every request, "" where there was none.
        address: of the server.
    """

    content: dict[str, bytes]
    kind: str = "application/octet-stream"
    break_after: int | None = None
    hold: tuple[int, threading.Event] | None = None
    ranges: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def serving(files: Files) -> Iterator[Files]:
    """Serve them until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            rest = self._head()
            if files.hold is not None:
                self.wfile.write(rest[: files.hold[0]])
                files.hold[1].wait()
                return
            self.wfile.write(rest if files.break_after is None else rest[: files.break_after])
            self.close_connection = True

        def do_HEAD(self) -> None:
            self._head()

        def _head(self) -> bytes:
            body = files.content.get(self.path.partition("?")[0])
            wanted = self.headers.get("Range") or ""
            files.asked.append(wanted)
            if body is None:
                self.send_error(404)
                return b""
            part = bool(wanted) and files.ranges
            start = int(wanted.removeprefix("bytes=").partition("-")[0]) if part else 0
            self.send_response(206 if part else 200)
            self.send_header("Content-Type", files.kind)
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("ETag", f'"{hashlib.sha1(body).hexdigest()}"')
            if part:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            for name, value in files.headers.items():
                self.send_header(name, value)
            self.end_headers()
            return body[start:]

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    files.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
