"""Measures a running console through a real browser: `python -m samwise_ros.console.measure`.

Prints images and masks per second, and how much later than the node's own result a picture is on the screen.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import sys
import threading
import time
from typing import TYPE_CHECKING

from samwise.errors import UnfinishedError
from samwise.shell.ending import run_command
from samwise.shell.numbers import real, whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
SETTLE_S = 8.0
LOOK_S = 0.5
ANSWER_S = 20.0


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    return run_command("measure", lambda: _run(_parser().parse_args(arguments)))


def _run(args: argparse.Namespace) -> int:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise UnfinishedError(
            "measuring needs a browser: pip install playwright, apt install chromium"
        ) from error
    viewers = threading.Thread(
        target=lambda: asyncio.run(_view(args.url, args.viewers, SETTLE_S + args.seconds)), daemon=True
    )
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.goto(args.url)
            viewers.start()
            time.sleep(SETTLE_S)
            print(_measured(page, args.seconds, args.viewers))
            browser.close()
    except Error as error:
        reason = str(error).splitlines()[0]
        raise UnfinishedError(f"{args.url} cannot be measured ({reason}); does `make live` run?") from error
    return 0


def _measured(page: Page, seconds: float, viewers: int) -> str:
    started, images, masks = time.monotonic(), _number(page, "images-in"), _number(page, "masks-out")
    latencies, shown = [], []
    while (passed := time.monotonic() - started) < seconds:
        latencies.append(_number(page, "latency"))
        line = page.locator('[data-name="rate"]').inner_text()
        if found := re.search(r"screen (\d+) ms", line):
            shown.append(float(found[1]))
        time.sleep(LOOK_S)
    images, masks = _number(page, "images-in") - images, _number(page, "masks-out") - masks
    node, screen = statistics.median(latencies), statistics.median(shown or [float("nan")])
    return (
        f"one browser, {viewers} more viewers: {images / passed:.1f} images/s in, "
        f"{masks / passed:.1f} masks/s out; medians: node {node:.0f} ms, on the screen {screen:.0f} ms "
        f"({screen - node:+.0f} ms)"
    )


def _number(page: Page, name: str) -> float:
    text = page.locator(f'[data-name="{name}"]').inner_text()
    return float(re.sub(r"[^0-9.]", "", text) or 0)


async def _view(url: str, count: int, seconds: float) -> None:
    """Take pictures as that many more browsers would, for that many seconds."""
    await asyncio.gather(*(_look(url, seconds) for _ in range(count)))


async def _look(url: str, seconds: float) -> None:
    import websockets

    origin = url.rstrip("/")
    address = f"{origin.replace('http', 'ws', 1)}/console/video"
    end = time.monotonic() + seconds
    async with websockets.connect(address, origin=websockets.Origin(origin), max_size=None) as socket:
        while time.monotonic() < end:
            await asyncio.wait_for(socket.recv(), ANSWER_S)
            # The page says so when the picture is on the screen; the next one comes only then.
            await socket.send("1")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="measure", description=__doc__)
    add = parser.add_argument
    add("url", nargs="?", default="http://localhost:8080", help="of the page (%(default)s)")
    add("--seconds", type=real(1, 3600), default=30.0, help="to measure (%(default)s)")
    add("--viewers", type=whole(0, 100), default=0, help="that look on besides (%(default)s)")
    add("--chromium", default=CHROMIUM, help="the browser (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
