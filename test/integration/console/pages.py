"""What the tests do on the page, and look for there."""

from __future__ import annotations

import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from integration.segmenter_process import REPLY_S, START_S

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: make test installs it"
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine: sudo apt install chromium", allow_module_level=True)

#: Playwright counts in milliseconds.
REPLY_MS, START_MS = 1000 * REPLY_S, 1000 * START_S
sync_api.expect.set_options(timeout=REPLY_MS)


def named(page: Any, name: str) -> Any:
    return page.locator(f'[data-name="{name}"]')


def says(page: Any, name: str, text: str | re.Pattern[str], timeout: float = REPLY_MS) -> None:
    """Wait until that part of the page says that."""
    sync_api.expect(named(page, name).first).to_contain_text(text, timeout=timeout)


def ask_for(page: Any, sentence: str) -> None:
    box = page.get_by_label("What should it follow?")
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


def status(address: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=REPLY_S) as reply:
            return reply.status, reply.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
