"""The gate, spoken to as a server speaks to it: no network, no browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from samwise_ros.console import access
from samwise_ros.console.access import COOKIE, MAX_BODY, Gate, GateKeeper, is_loopback, make_gate

TOKEN = "a-token-of-some-length"
OPEN = make_gate("127.0.0.1", None, [])
CLOSED = make_gate("0.0.0.0", TOKEN, ["robot.example"])


class Behind:
    """What is behind the gate: reads all it is sent, and answers."""

    def __init__(self) -> None:
        self.reached = False
        self.read: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached = True
        if scope["type"] == "websocket":
            while (message := await receive())["type"] == "websocket.receive":
                self.read.append(message)
            return
        while True:
            message = await receive()
            self.read.append(message)
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Reply:
    def __init__(self, behind: Behind, sent: list[dict[str, Any]]) -> None:
        self.reached, self.read, self.sent = behind.reached, behind.read, sent

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def text(self) -> str:
        return bytes(self.sent[1]["body"]).decode()


def call(
    gate: Gate,
    host: str = "127.0.0.1:8080",
    query: str = "",
    kind: str = "http",
    method: str = "GET",
    messages: list[dict[str, Any]] | None = None,
    **headers: str,
) -> Reply:
    behind, sent = Behind(), []
    incoming = iter(messages or [{"type": "http.request", "body": b""}])
    names = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}

    async def receive() -> dict[str, Any]:
        return next(incoming)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": method,
        "path": "/",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in names.items()],
    }
    asyncio.run(GateKeeper(behind, gate)(scope, receive, send))
    return Reply(behind, sent)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "WRONG_TOKEN_S", 0.0)


def test_on_this_machine_no_token_is_needed() -> None:
    reply = call(OPEN)
    assert reply.reached and reply.status == 200
    assert b"frame-ancestors 'none'" in reply.headers[b"content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "192.168.1.7:8080", "", "[", "127.0.0.1.evil"]
)
def test_a_foreign_name_that_points_here_is_turned_away(host: str) -> None:
    reply = call(OPEN, host=host)
    assert not reply.reached and reply.status == 421
    assert "--allow-host" in reply.text


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080"])
def test_this_machine_has_several_names(host: str) -> None:
    assert call(OPEN, host=host).reached


def test_beyond_this_machine_a_token_is_needed() -> None:
    reply = call(CLOSED, host="192.168.1.7:8080")
    assert not reply.reached and reply.status == 401
    assert "?token=" in reply.text


def test_the_token_is_traded_for_a_cookie_that_is_not_the_token() -> None:
    reply = call(CLOSED, host="robot.example:8080", query=f"token={TOKEN}&x=1")
    assert reply.status == 200 and not reply.reached
    cookie = reply.headers[b"set-cookie"].decode()
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
    assert "/?x=1" in reply.text and TOKEN not in reply.text
    assert call(CLOSED, host="robot.example:8080", cookie=cookie.split(";")[0]).reached


@pytest.mark.parametrize("query", ["token=wrong", "token=%ff", "token=" + "x" * 5000])
def test_a_wrong_token_is_told_so(query: str) -> None:
    reply = call(CLOSED, host="10.0.0.2", query=query)
    assert not reply.reached and reply.status == 403
    assert "token is wrong" in reply.text


@pytest.mark.parametrize("cookie", ["", f"{COOKIE}={TOKEN}", f"{COOKIE}=", "no cookie; \x00", f"x={COOKIE}"])
def test_another_cookie_does_not_help(cookie: str) -> None:
    assert call(CLOSED, host="10.0.0.2", cookie=cookie).status == 401


def test_one_is_made_up_where_none_is_given() -> None:
    first, second = make_gate("0.0.0.0", None, []), make_gate("0.0.0.0", None, [])
    assert first.token and second.token and first.token != second.token
    assert len(first.token) >= 24


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:9999", "null", ""])
def test_another_page_cannot_open_a_socket(origin: str) -> None:
    messages = [{"type": "websocket.connect"}]
    reply = call(OPEN, kind="websocket", messages=messages, origin=origin)
    assert not reply.reached and reply.sent[0]["type"] == "websocket.close"


def test_a_socket_without_origin_is_turned_away_and_one_from_here_is_not() -> None:
    messages = [{"type": "websocket.connect"}]
    assert not call(OPEN, kind="websocket", messages=messages).reached
    assert call(OPEN, kind="websocket", messages=messages, origin="http://127.0.0.1:8080").reached


def test_another_page_cannot_post() -> None:
    assert call(OPEN, method="POST", origin="http://evil.example").status == 403
    assert call(OPEN, method="POST").status == 403
    assert call(OPEN, method="POST", origin="http://127.0.0.1:8080").reached


@pytest.mark.parametrize("length", [str(MAX_BODY + 1), "many", "-1"])
def test_large_requests_are_turned_away(length: str) -> None:
    assert call(OPEN, content_length=length).status == 413


def test_a_body_that_is_longer_than_it_said_is_cut_off() -> None:
    piece = {"type": "http.request", "body": bytes(MAX_BODY // 2 + 1), "more_body": True}
    reply = call(OPEN, messages=[piece, piece, piece])
    assert [message["type"] for message in reply.read] == ["http.request", "http.disconnect"]


def test_a_socket_that_floods_is_hung_up() -> None:
    flood = [{"type": "websocket.receive", "text": "x"}] * 5000
    reply = call(OPEN, kind="websocket", messages=flood, origin="http://127.0.0.1:8080")
    assert access.MESSAGES_AT_ONCE <= len(reply.read) < 1000


def test_addresses() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.1.2.3", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.2", "robot")))
