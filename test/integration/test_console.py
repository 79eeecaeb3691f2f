"""The page in a real browser, beside the real node and a real scene."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.segmenter_process import END_S, REPLY_S, START_S, Client, SegmenterProcess
from ports import free_port

from samwise_msgs.msg import AudioChunk, Heard

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: make test installs it"
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine: sudo apt install chromium", allow_module_level=True)

#: Playwright counts in milliseconds.
REPLY_MS, START_MS = 1000 * REPLY_S, 1000 * START_S
sync_api.expect.set_options(timeout=REPLY_MS)
NODE = ("-m", "samwise_ros.segmenter", "--ros-args", "-r", "image:=/camera/image")


class Program:
    """A module of the console as a user starts it."""

    def __init__(self, folder: Path, module: str, *arguments: object) -> None:
        folder.mkdir()
        self._log = folder / "log.txt"
        # NiceGUI behaves differently where it finds these.
        environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        with self._log.open("w") as file:
            command = [sys.executable, "-m", f"samwise_ros.console.{module}", *map(str, arguments)]
            self._process = subprocess.Popen(
                command,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_for_log(self, text: str) -> None:
        end = time.monotonic() + START_S
        while text not in self.log:
            assert self._process.poll() is None and time.monotonic() < end, self.log
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(END_S)


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
    with sync_api.sync_playwright() as playwright:
        microphone = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *microphone])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page in a browser window, which must need nothing but the console, and have no errors."""
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
    says(page, "health", re.compile("is active"), START_MS)
    # The words come with the page, the pictures when its scripts run.
    pictures_come(page)
    return page


def named(page: Any, name: str) -> Any:
    return page.locator(f'[data-name="{name}"]')


def says(page: Any, name: str, text: str | re.Pattern[str], timeout: float = REPLY_MS) -> None:
    """Wait until that part of the page says that."""
    sync_api.expect(named(page, name).first).to_contain_text(text, timeout=timeout)


def ask_for(page: Any, sentence: str) -> None:
    box = page.get_by_label("What shall it follow?")
    box.fill(sentence)
    box.press("Enter")


def focus_by_tab(page: Any, label: str) -> None:
    """Press Tab until the control with that label has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == label:
            return
    raise AssertionError(f"{label} cannot be reached with the Tab key")


def number(page: Any, name: str) -> float:
    return float(re.sub(r"[^0-9.]", "", named(page, name).inner_text()) or 0)


def wait_until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + REPLY_S
    while not condition():
        assert time.monotonic() < end, f"waited {REPLY_S:.0f} s in vain for {what}"
        time.sleep(0.1)


def pictures_come(page: Any) -> None:
    """Wait until the canvas shows another picture than now."""
    canvas = page.locator("canvas[role=img]")
    before = canvas.get_attribute("data-number")
    sync_api.expect(canvas).not_to_have_attribute("data-number", before or "none", timeout=REPLY_MS)


def test_a_sentence_is_typed_and_the_true_object_is_covered(at_work: Any) -> None:
    pictures_come(at_work)
    ask_for(at_work, "the green ball")
    says(at_work, "target", "the green ball")
    says(at_work, "state", re.compile("^in view"))
    wait_until(lambda: number(at_work, "IoU-with-truth") > 0.5, "a mask that covers the ball")
    pictures_come(at_work)
    assert "the green ball" in str(at_work.locator("canvas[role=img]").get_attribute("aria-label"))


def test_a_suggestion_is_clicked(at_work: Any) -> None:
    at_work.get_by_role("button", name="the red car").click()
    says(at_work, "target", "the red car")
    says(at_work, "event-sentence", "the red car")


def test_the_keyboard_is_enough(at_work: Any, client: Client) -> None:
    # The box has the focus from the start.
    at_work.keyboard.type("the blue car")
    at_work.keyboard.press("Enter")
    says(at_work, "target", "the blue car")
    before = client.get_parameter("mask_threshold")
    focus_by_tab(at_work, "mask threshold")
    at_work.keyboard.press("ArrowRight")
    wait_until(lambda: client.get_parameter("mask_threshold") != before, "the slider to move the threshold")


def test_what_others_set_shows_on_the_page(at_work: Any, client: Client) -> None:
    assert client.set_parameter("mask_threshold", 0.25).successful
    sync_api.expect(at_work.locator(".knob", has_text="mask threshold").locator(".value")).to_have_text(
        "0.25"
    )
    assert client.set_parameter("mask_threshold", 0.5).successful


def test_a_switch_is_an_event_with_pictures_before_and_after(at_work: Any, client: Client) -> None:
    # Every decision is a switch above this threshold.
    assert client.set_parameter("cme_threshold", 0.0).successful
    says(at_work, "event-switched", "switched to another target")
    cards = at_work.locator(".event", has=named(at_work, "event-switched"))
    # Any of them: the newest is still waiting for its second picture.
    sync_api.expect(cards.get_by_alt_text("before the event").first).to_be_attached()
    sync_api.expect(cards.get_by_alt_text("after the event").first).to_be_attached()
    assert client.set_parameter("cme_threshold", 0.5).successful


def test_the_node_is_paused_resumed_and_reset(at_work: Any, client: Client) -> None:
    at_work.get_by_role("button", name="Pause").click()
    says(at_work, "health", "press Resume")
    pictures_come(at_work)  # as they come, without masks
    at_work.get_by_role("button", name="Resume").click()
    says(at_work, "health", "is active")
    at_work.get_by_role("button", name="Reset").click()
    sync_api.expect(at_work.get_by_text("it forgot what it saw")).to_be_visible()
    says(at_work, "health", "is active")


def test_what_cannot_be_followed_is_told_on_the_page(at_work: Any) -> None:
    ask_for(at_work, "the zzyzx")
    says(at_work, "reply", "never seen 'zzyzx'")
    ask_for(at_work, "   ")
    sync_api.expect(at_work.get_by_text("There is nothing to follow in that")).to_be_visible()
    # A browser keeps to the length of the box; whoever does not is told.
    box = at_work.get_by_label("What shall it follow?")
    box.evaluate("(input) => input.removeAttribute('maxlength')")
    box.evaluate("(input) => { input.value = 'the \\ud800 car'; }")
    box.press("Enter")
    sync_api.expect(at_work.get_by_text("Some of that is no text")).to_be_visible()
    ask_for(at_work, "car " * 2500)
    sync_api.expect(at_work.get_by_text("That has 9999 characters")).to_be_visible()
    for _ in range(20):
        box.press("Enter")
        ask_for(at_work, "the dog")
    sync_api.expect(at_work.get_by_text("Too many sentences").first).to_be_visible()


def test_text_of_others_is_text_and_no_markup(at_work: Any, client: Client) -> None:
    from std_msgs.msg import String

    loud = client.node.create_publisher(String, "/expression", 10)
    client.wait_until(loud.get_subscription_count, "somebody who hears")
    loud.publish(String(data="<b id=broken>the dog</b>"))
    says(at_work, "target", "<b id=broken>the dog</b>")
    assert at_work.locator("#broken").count() == 0
    client.node.destroy_publisher(loud)


def test_a_phone_shows_all_of_it_in_one_column(browser: Any, address: str, node: SegmenterProcess) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(address)
    says(page, "health", re.compile("."))
    pictures_come(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    box, canvas = (
        page.get_by_label("What shall it follow?").bounding_box(),
        page.locator("canvas[role=img]").bounding_box(),
    )
    assert box["y"] + box["height"] < 740, "the box is in view without scrolling"
    assert canvas["width"] > 300
    page.close()


def test_everything_that_can_be_used_has_a_name(at_work: Any) -> None:
    nameless = at_work.evaluate(
        """() => [...document.querySelectorAll("button, input, [role=slider], [role=img], [tabindex='0']")]
            .filter((e) => e.offsetParent && !(e.innerText || "").trim() && !e.getAttribute("aria-label")
                && !e.labels?.length && !e.closest("label, [aria-label]"))
            .map((e) => e.outerHTML.slice(0, 200))"""
    )
    assert not nameless


def test_a_point_on_the_picture_is_shown(at_work: Any) -> None:
    pictures_come(at_work)
    box = at_work.locator("canvas[role=img]").bounding_box()
    at_work.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    says(at_work, "pointed", "Point at 25 % from the left, 50 % from the top")


def test_it_is_recorded_and_reported_on(at_work: Any, recordings: Path, address: str) -> None:
    from samwise_ros.bags.reader import open_bag

    at_work.get_by_role("button", name="Record").click()
    says(at_work, "recording", "Recording in")

    def begun() -> bool:
        # Topics are found one by one, on a busy machine seconds apart.
        said = "".join(log.read_text() for log in recordings.glob("*/recorder.log"))
        wanted = ("/segmenter/mask ", "/segmenter/target ", "/camera/image")
        return all(f"recording {topic}" in said for topic in wanted)

    wait_until(begun, "the recorder")
    before = number(at_work, "masks-out")
    wait_until(lambda: number(at_work, "masks-out") >= before + 10, "something to record")
    at_work.get_by_role("button", name="Stop").click()
    says(at_work, "recording", "Recorded in")
    (file,) = recordings.glob("*/output.mcap")
    with open_bag(file) as bag:
        topics = {connection.topic for connection in bag.connections}
    assert {"/segmenter/mask", "/segmenter/target"} <= topics
    # As it is sent, which is compressed where the console knows of it by then.
    assert topics & {"/camera/image/compressed", "/camera/image"}

    at_work.get_by_role("button", name="Make its report").click()
    for name in ("Pictures", "Video", "Numbers"):
        at_work.get_by_role("link", name=name).wait_for(timeout=START_MS)
    assert '"masks_out"' in status(f"{address}console/report/summary.json")[1]
    assert status(f"{address}console/report/contact_sheet.png")[0] == 200
    for elsewhere in ("recorder.log", "output.mcap", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd"):
        assert status(f"{address}console/report/{elsewhere}")[0] == 404


def test_another_scene_is_chosen(at_work: Any) -> None:
    named(at_work, "knob-scene").click()
    at_work.get_by_role("option", name="webcam").click()
    # A machine for tests has none, and the page says so.
    if not Path("/dev/video0").exists():
        sync_api.expect(at_work.get_by_text("scene stays as it is")).to_be_visible()


def test_a_node_that_is_killed_is_missed_and_taken_back(
    at_work: Any, node: SegmenterProcess, start_node: Callable[[], SegmenterProcess], client: Client
) -> None:
    ask_for(at_work, "the green ball")
    says(at_work, "target", "the green ball")
    node.send_signal(signal.SIGKILL)
    says(at_work, "health", re.compile("does not answer|There is no node"))
    says(at_work, "event-node", "is gone")
    start_node()
    says(at_work, "health", "is active", START_MS)
    says(at_work, "target", "the green ball")


def status(address: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=REPLY_S) as reply:
            return reply.status, reply.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_another_name_is_no_way_in(address: str) -> None:
    assert status(address)[0] == 200
    assert status(address, Host="evil.example")[0] == 421
    assert status(address, Origin="http://evil.example")[0] == 403
    assert status(f"{address}../../etc/passwd")[0] == 404


def test_beyond_this_machine_only_with_the_token(start: Callable[..., Program], browser: Any) -> None:
    port = free_port()
    console = start("server", "--host", "0.0.0.0", "--port", port, "--node", "/nobody")
    console.wait_for_log("?token=")
    token = console.log.rsplit("?token=", 1)[1].strip()
    page = browser.new_page()
    address = f"http://127.0.0.1:{port}/"
    assert page.goto(address).status == 401
    assert "needs a token" in page.inner_text("body")
    assert page.goto(f"{address}?token=wrong").status == 403
    assert "token is wrong" in page.inner_text("body")
    page.goto(f"{address}?token={token}")
    says(page, "health", "There is no node /nobody. Start it")
    assert "token" not in page.url
    page.reload()
    says(page, "health", "There is no node /nobody. Start it")
    page.close()
    assert console.end(signal.SIGTERM) == 0


class Listener:
    """Stands in for the node that recognises speech.

    Args:
        client: to listen and speak with.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.chunks: list[Any] = []
        self._ears = client.node.create_subscription(AudioChunk, "/audio", self.chunks.append, 50)
        self.mouth = client.node.create_publisher(Heard, "/listener/heard", 10)

    def close(self) -> None:
        self._client.node.destroy_subscription(self._ears)
        self._client.node.destroy_publisher(self.mouth)


@pytest.fixture
def listener(client: Client) -> Iterator[Listener]:
    listener = Listener(client)
    yield listener
    listener.close()


def test_what_is_spoken_goes_to_the_listener_and_comes_back(
    at_work: Any, client: Client, listener: Listener
) -> None:
    page = at_work
    button = page.get_by_role("button", name="Hold to speak")
    button.hover()
    page.mouse.down()
    client.wait_until(lambda: len(listener.chunks) > 3, "sound")
    page.mouse.up()
    client.wait_until(lambda: listener.chunks[-1].last, "the end of the utterance")
    assert len({chunk.sample_rate for chunk in listener.chunks}) == 1
    assert sum(len(chunk.samples) for chunk in listener.chunks) > 0.2 * listener.chunks[0].sample_rate
    unsure = Heard.UNSURE
    client.wait_until(listener.mouth.get_subscription_count, "the console to hear")
    listener.mouth.publish(Heard(status=unsure, text="the", alternatives=["the dog", "the fog"]))
    page.get_by_role("dialog").get_by_role("button", name="the dog").click()
    says(page, "target", "the dog")


def test_the_space_bar_speaks_outside_of_the_box_only(page: Any, client: Client, listener: Listener) -> None:
    page.get_by_role("button", name="Hold to speak").wait_for()
    pictures_come(page)
    page.keyboard.type("the dog")
    assert page.get_by_label("What shall it follow?").input_value() == "the dog"
    page.get_by_text("What happened").click()
    page.keyboard.down("Space")
    client.wait_until(lambda: len(listener.chunks) > 1, "sound")
    page.keyboard.up("Space")
    client.wait_until(lambda: listener.chunks[-1].last, "the end of the utterance")


def test_a_browser_without_microphone_says_what_to_do(
    browser: Any, address: str, node: SegmenterProcess, listener: Listener
) -> None:
    page = browser.new_page()
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    page.goto(address)
    page.get_by_role("button", name="Hold to speak").click(timeout=REPLY_MS)
    sync_api.expect(page.get_by_text("The browser gives no microphone to this page")).to_be_visible()
    page.close()


def test_diagnostics_of_the_node_are_told_in_words(page: Any, client: Client) -> None:
    from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus

    speaker = client.node.create_publisher(DiagnosticArray, "/diagnostics", 10)
    client.wait_until(speaker.get_subscription_count, "the console to listen")
    hot = DiagnosticStatus(
        name="segmenter: GPU", level=DiagnosticStatus.WARN, message="throttled at 84 degrees"
    )
    other = DiagnosticStatus(name="battery", level=DiagnosticStatus.ERROR, message="empty")
    speaker.publish(DiagnosticArray(status=[hot, other]))
    sync_api.expect(page.get_by_text("WARN  segmenter: GPU: throttled at 84 degrees")).to_be_visible()
    assert page.get_by_text("battery").count() == 0
    client.node.destroy_publisher(speaker)
