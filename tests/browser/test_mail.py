"""The HTML of a mail in a real Chromium: wide and narrow, light and dark, it reads well and loads nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from typing import Any

import pytest
from messages import BATCH, ENDED, HEALTH, hostile, hostile_batch, hostile_health, told, told_of_batch, told_of_health

from presswatch.notify import Message
from presswatch.notify.letter import Envelope, letter
from presswatch.notify.templates import Templates
from scraper.model import HealthPhase
from storage import Told

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LONG = "https://harbour.example/" + "a-very-long-address-without-any-space" * 20
EVIL = '<img src="http://127.0.0.1:9/x" onerror="window.pwned=1"><script>window.pwned=1</script>'
CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const ratio = (node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  return [...document.body.querySelectorAll("h1, p, td, span, a, ins, del, strong, bdi")]
    .filter((node) => node.textContent.trim()).map((node) => [node.outerHTML.slice(0, 60), ratio(node)]);
}"""


def html(message: Message) -> str:
    envelope = Envelope(
        sender=Address(addr_spec="watch@example.org"), to=[Address(addr_spec="desk@example.org")],
        unsubscribe="https://example.org/leave",
    )  # fmt: skip
    raw = letter(message, envelope, templates=Templates(), at=datetime(2026, 3, 2, tzinfo=UTC))
    _, part = message_from_bytes(raw, policy=default).iter_parts()  # type: ignore[attr-defined]  # EmailMessage
    return part.get_content()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(params=[(1000, "light"), (1000, "dark"), (320, "light"), (320, "dark")], ids=str)
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A window of a width and a colour scheme; it keeps what was asked of the network."""
    width, scheme = request.param
    opened = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    opened.asked = []
    opened.on("request", lambda asked: opened.asked.append(asked.url))
    yield opened
    opened.close()


MESSAGES = {
    "an edit": told(url=LONG, title="x" * 150),
    "hostile": hostile(EVIL, LONG),
    "a batch": told_of_batch(replace(BATCH, changes=(replace(BATCH.changes[0], url=LONG, title="x" * 150),))),
    "a hostile batch": hostile_batch(EVIL + LONG),
    "a trouble": told_of_health(Told(health=replace(HEALTH, subject=LONG, detail=LONG), phase=HealthPhase.BEGAN)),
    "its end": told_of_health(ENDED),
    "a hostile trouble": hostile_health(EVIL + LONG),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_a_mail_fits_its_window_reads_in_both_schemes_and_loads_nothing(page: Any, message: Message) -> None:
    page.set_content(html(message))
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 15
    assert [(what, ratio) for what, ratio in contrasts if ratio < 4.5] == []
    assert page.asked == []
    assert page.evaluate("window.pwned") is None
    assert page.locator("ins").count() > 0 or not message.passages
