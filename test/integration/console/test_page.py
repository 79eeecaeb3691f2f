"""The page itself: for every screen, hand and ear, and for nobody else."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from integration.console.pages import (
    START_MS,
    named,
    number,
    pictures_come,
    says,
    status,
    sync_api,
    wait_until,
)
from integration.console.program import Program
from integration.segmenter_process import Client, SegmenterProcess
from ports import free_port


def test_a_phone_shows_all_of_it_in_one_column(browser: Any, address: str, node: SegmenterProcess) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(address)
    says(page, "health", re.compile("."))
    pictures_come(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    box, canvas = (
        page.get_by_label("What should it follow?").bounding_box(),
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
