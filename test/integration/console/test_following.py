"""On the page: what to follow, and what becomes of it."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from integration.console.pages import (
    REPLY_MS,
    START_MS,
    ask_for,
    focus_by_tab,
    named,
    number,
    pictures_come,
    says,
    sync_api,
    wait_until,
)
from integration.segmenter_process import Client, SegmenterProcess

from samwise_msgs.msg import AudioChunk, Heard


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
    box = at_work.get_by_label("What should it follow?")
    box.evaluate("(input) => input.removeAttribute('maxlength')")
    box.evaluate("(input) => { input.value = 'the \\ud800 car'; }")
    box.press("Enter")
    sync_api.expect(at_work.get_by_text("Some of that is not text")).to_be_visible()
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
    assert page.get_by_label("What should it follow?").input_value() == "the dog"
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
