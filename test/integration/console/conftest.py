"""The console in a real browser, beside the real node and a real scene: one of each for a file of tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.console.program import Program
from integration.segmenter_process import Client, SegmenterProcess
from ports import free_port

NODE = ("-m", "samwise_ros.segmenter", "--ros-args", "-r", "image:=/camera/image")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("console")


@pytest.fixture(scope="module")
def start_node(client: Client, folder: Path) -> Iterator[Callable[[], SegmenterProcess]]:
    """Starts the node with the miniature that ships, and ends the last one after the tests."""
    started: list[SegmenterProcess] = []

    def start() -> SegmenterProcess:
        started.append(SegmenterProcess(folder / f"node_{len(started)}.log", {}, NODE))
        return started[-1]

    yield start
    for node in started:
        node.end()
        print(f"\n--- what a node of these tests printed:\n{node.log}")


@pytest.fixture(scope="module")
def node(start_node: Callable[[], SegmenterProcess]) -> SegmenterProcess:
    return start_node()


@pytest.fixture(scope="module")
def start(ros: None, folder: Path) -> Iterator[Callable[..., Program]]:
    """Starts programs of the console, and sees to it that all of them end, and end well."""
    started: list[Program] = []

    def start(module: str, *arguments: object) -> Program:
        started.append(Program(folder / f"{len(started)}", module, *arguments))
        return started[-1]

    yield start
    codes = [program.end() for program in started]
    for program in started:
        print(f"\n--- what a program of these tests printed:\n{program.log}")
    assert set(codes) == {0}
    assert not any("Traceback" in program.log for program in started)


@pytest.fixture(scope="module")
def recordings(folder: Path) -> Path:
    return folder / "recordings"


@pytest.fixture(scope="module")
def address(start: Callable[..., Program], recordings: Path) -> str:
    """The console with the demo's scene."""
    port = free_port()
    start("scene.command", "demo")
    start("server", "--port", port, "--recordings", recordings).wait_for_log("open http://127.0.0.1:")
    return f"http://127.0.0.1:{port}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from integration.console.pages import CHROMIUM, sync_api

    with sync_api.sync_playwright() as playwright:
        microphone = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *microphone])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page in a browser window, which must need nothing but the console, and have no errors."""
    from integration.console.pages import REPLY_MS

    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(REPLY_MS)
    foreign: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: foreign.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    yield page
    page.close()
    assert not [url for url in foreign if not url.startswith((address, "data:", "blob:"))]
    assert not errors


@pytest.fixture
def at_work(page: Any, node: SegmenterProcess) -> Any:
    """The page, once the node sends masks."""
    from integration.console.pages import START_MS, pictures_come, says

    says(page, "health", re.compile("is active"), START_MS)
    # The words come with the page, the pictures when its scripts run.
    pictures_come(page)
    return page
