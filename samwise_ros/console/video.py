"""The live picture's socket: each browser gets the newest picture when it has shown the last one."""

from __future__ import annotations

import asyncio
import struct
import time
from typing import TYPE_CHECKING

from nicegui import app
from starlette.websockets import WebSocket, WebSocketDisconnect

from samwise_ros.console.painter import Painter
from samwise_ros.console.series import Series
from samwise_ros.messages.stamps import NANOSECONDS

if TYPE_CHECKING:
    from samwise_ros.console.painter import Picture

PATH = "/console/video"
#: Before the JPEG bytes: number of the picture, little-endian.
HEADER = struct.Struct("<I")
#: More sockets than this are turned away: each costs memory.
MAX_BROWSERS = 40


class Video:
    """Serves the painter's pictures.

    Args:
        painter: draws them.

    Attributes:
        shown_after: milliseconds from the stamp of an image until a browser said that it is on its screen,
            the way of that answer included. Only true where camera and console share a clock.
    """

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self._browsers = 0
        self.shown_after = Series(every_s=0.0)

    @property
    def browsers(self) -> int:
        """How many are connected."""
        return self._browsers

    def serve(self) -> None:
        """Add the socket to NiceGUI's application."""
        app.add_api_websocket_route(PATH, self._connect)

    async def _connect(self, socket: WebSocket) -> None:
        await socket.accept()
        if self._browsers >= MAX_BROWSERS:
            await socket.close(1013, "too many browsers look at this console: close one")
            return
        self._browsers += 1
        try:
            await self._send_pictures(socket)
        except (WebSocketDisconnect, RuntimeError):  # the latter: it left while something was being sent
            pass
        finally:
            self._browsers -= 1

    async def _send_pictures(self, socket: WebSocket) -> None:
        last = 0
        while True:
            picture = await self._next(socket, last)
            if picture is None:
                return
            last = picture.number
            await socket.send_bytes(HEADER.pack(last & 0xFFFFFFFF) + picture.data)
            # It answers when the picture is on the screen: a hidden tab does not, and so gets no more.
            await socket.receive_text()
            self.shown_after.add((time.time_ns() - picture.stamp_ns) * 1000 / NANOSECONDS)

    async def _next(self, socket: WebSocket, last: int) -> Picture | None:
        """Wait for a picture; None if the browser leaves before it comes."""
        drawing = asyncio.ensure_future(self._painter.next(last))
        leaving = asyncio.ensure_future(socket.receive())
        try:
            await asyncio.wait({drawing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return drawing.result() if drawing.done() else None
        finally:
            drawing.cancel()
            leaving.cancel()
