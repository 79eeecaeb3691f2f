"""Who may talk to the console: one gate in front of every request and every socket."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from samwise_ros.console.limits import Allowance

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

COOKIE = "samwise_console"
#: Largest request, in bytes. A page's events are far smaller.
MAX_BODY = 256 << 10
#: Messages of one socket. A microphone sends 25 a second, a slider that is dragged 20.
MESSAGES_PER_SECOND, MESSAGES_AT_ONCE = 60.0, 300.0
#: What a wrong token costs, so that nobody tries many.
WRONG_TOKEN_S = 1.0

#: Everything comes from the console itself: a robot has no internet. NiceGUI's Vue templates need eval.
HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'; "
        b"form-action 'self'; base-uri 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"microphone=(self), camera=(), geolocation=()"),
]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Gate:
    """The rules.

    Attributes:
        token: that a browser has to show once; None: none is needed.
        hosts: names besides addresses under which the console may be called. A page of somebody else whose
            name is made to point here (DNS rebinding) calls it by a name that is not among them.
        anywhere: whether addresses other than loopback may be called.
    """

    token: str | None = None
    hosts: frozenset[str] = field(default_factory=lambda: frozenset({"localhost"}))
    anywhere: bool = False

    @property
    def cookie(self) -> str:
        """What the cookie holds: it proves the token without being it."""
        return hmac.new((self.token or "").encode(), b"cookie", hashlib.sha256).hexdigest()

    def knows_host(self, header: str) -> bool:
        """Whether a Host header names the console."""
        try:
            name = urlsplit(f"//{header}").hostname or ""
        except ValueError:
            return False
        if name in self.hosts:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return self.anywhere or address.is_loopback

    def knows_token(self, shown: str) -> bool:
        """Whether it is the token."""
        return self.token is not None and hmac.compare_digest(shown.encode(), self.token.encode())

    def knows_cookie(self, header: str) -> bool:
        """Whether a Cookie header holds the right one; always where no token is needed."""
        if self.token is None:
            return True
        try:
            morsel = SimpleCookie(header).get(COOKIE)
        except CookieError:
            return False
        return morsel is not None and hmac.compare_digest(morsel.value.encode(), self.cookie.encode())


def make_gate(host: str, token: str | None, more_hosts: Sequence[str]) -> Gate:
    """Make the rules for an address to listen on.

    Args:
        host: the address. Beyond this machine a token is needed: where none is given, one is made up.
        token: at least 16 characters; None: see above.
        more_hosts: names by which the machine is called, besides its own host name.
    """
    if is_loopback(host):
        return Gate(token, frozenset({"localhost", *more_hosts}))
    own = socket.gethostname()
    names = frozenset({"localhost", host, own, f"{own}.local", *more_hosts})
    return Gate(token or secrets.token_urlsafe(24), names, anywhere=True)


class GateKeeper:
    """ASGI middleware that lets through what the gate allows, within bounds.

    Args:
        app: what is behind the gate.
        gate: the rules.
    """

    def __init__(self, app: App, gate: Gate) -> None:
        # By this name NiceGUI finds its own application behind the gate.
        self.app, self._gate = app, gate

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Handle a request or a socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["type"] == "http" and (shown := _query(scope).get("token")) and self._gate.token:
            await self._enter(scope, headers, shown[0], send)
            return
        if (refusal := self._refusal(scope, headers)) is not None:
            await _refuse(scope, receive, send, *refusal)
        elif scope["type"] == "websocket":
            await self.app(scope, _paced(receive), send)
        else:
            await self._pass_on(scope, Incoming(receive), send)

    async def _pass_on(self, scope: MutableMapping[str, Any], incoming: Incoming, send: Send) -> None:
        try:
            await self.app(scope, incoming.receive, _with_headers(send))
        except RuntimeError:
            # A browser that leaves in the middle of its request is not a fault, whatever Starlette says.
            if not incoming.left:
                raise

    def _refusal(self, scope: MutableMapping[str, Any], headers: dict[bytes, str]) -> tuple[int, str] | None:
        host = headers.get(b"host", "")
        if not self._gate.knows_host(host):
            return 421, (
                f"This console is not called “{host[:80]}”. Call it by its address, or start it with "
                f"--allow-host {host[:80]} if that is its name."
            )
        origin = headers.get(b"origin")
        from_here = origin is not None and urlsplit(origin).netloc == host
        needed = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        if (needed or origin is not None) and not from_here:
            return 403, "This request comes from another page. Open the console in a tab of its own."
        if not self._gate.knows_cookie(headers.get(b"cookie", "")):
            return 401, (
                "This console needs a token. Open the address that it printed when it started: it ends in "
                "?token=... and works in each browser."
            )
        length = headers.get(b"content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return 413, f"This request is too large: at most {MAX_BODY} bytes."
        return None

    async def _enter(
        self, scope: MutableMapping[str, Any], headers: dict[bytes, str], shown: str, send: Send
    ) -> None:
        """Trade the token for a cookie."""
        if not self._gate.knows_host(headers.get(b"host", "")):
            await _answer(send, 421, _page("This console is not called by that name."))
            return
        if not self._gate.knows_token(shown):
            await asyncio.sleep(WRONG_TOKEN_S)
            await _answer(
                send,
                403,
                _page(
                    "That token is wrong. The console prints the right address when it starts. Each start "
                    "makes a new one unless SAMWISE_CONSOLE_TOKEN is set: open the latest."
                ),
            )
            return
        rest = {name: values for name, values in _query(scope).items() if name != "token"}
        target = scope["path"] + (f"?{urlencode(rest, doseq=True)}" if rest else "")
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        cookie = f"{COOKIE}={self._gate.cookie}; HttpOnly; SameSite=Strict; Path=/{secure}"
        # Not a redirect: after a link on another site, a browser would keep a strict cookie from it.
        there = f'<meta http-equiv="refresh" content="0; url={escape(target)}">'
        page = f"<!doctype html><title>samwise</title>{there}"
        await _answer(send, 200, page, [(b"set-cookie", cookie.encode())])


def _query(scope: MutableMapping[str, Any]) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)


async def _refuse(
    scope: MutableMapping[str, Any], receive: Receive, send: Send, status: int, text: str
) -> None:
    if scope["type"] == "websocket":
        await receive()
        # Before the handshake is accepted, this becomes a plain 403.
        await send({"type": "websocket.close", "code": 1008, "reason": text[:120]})
    else:
        await _answer(send, status, _page(text))


async def _answer(send: Send, status: int, page: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    kind = (b"content-type", b"text/html; charset=utf-8")
    everything = [kind, (b"cache-control", b"no-store"), *HEADERS, *headers]
    await send({"type": "http.response.start", "status": status, "headers": everything})
    await send({"type": "http.response.body", "body": page.encode()})


def _page(text: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>samwise</title>'
        '<body style="font: 1.1rem system-ui; max-width: 38rem; margin: 4rem auto; padding: 0 1rem">'
        f"<h1>samwise</h1><p>{escape(text)}</p>"
    )


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending


class Incoming:
    """What a browser sends with a request; a body that is longer than it may be is cut off.

    Args:
        receive: gives the next piece.

    Attributes:
        left: whether the browser is gone.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive, self._read = receive, 0
        self.left = False

    async def receive(self) -> Message:
        """Give the next piece."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or self._read > MAX_BODY:
            self.left = True
            return {"type": "http.disconnect"}
        return message


def _paced(receive: Receive) -> Receive:
    """Hang up on a socket that floods."""
    allowance = Allowance(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE)

    async def receiving() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not allowance.take():
            return {"type": "websocket.disconnect", "code": 1008}
        return message

    return receiving
