"""Every payload of the lists in every scraped field, in a real Chromium: nothing is executed, nothing is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from hostile_views import hostile, naughty_strings, payload_list
from web_views import NOW, FakeViews

from presswatch.web import create_app
from scraper.fetch.render import find_browser, missing

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.browser, pytest.mark.corpus, pytest.mark.long,
    pytest.mark.skipif(missing() is not None, reason=str(missing())),
]  # fmt: skip

PATHS = ["/", "/releases/1", "/releases/1/diff", "/releases/1/revisions/2/evidence", "/sources", "/status"]
_TOGETHER = 120
"""Payloads of one site: each is in some field of each of its pages."""


class Sites:
    """Hostile sites, one after the other, as what one application reads."""

    def __init__(self) -> None:
        self.now = FakeViews()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[str, Sites]]:
    made = Sites()
    app = create_app(made, now=lambda: NOW)  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", made
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("payloads", [payload_list, naughty_strings], ids=["payloads", "naughty strings"])
def test_no_payload_is_executed_or_asks_for_anything(sites: tuple[str, Sites], payloads: Any) -> None:
    base, site = sites
    found, said = payloads(), []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: said.append(f"console {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error {error}"))
        page.on("popup", lambda other: said.append(f"window {other.url}"))
        page.on("request", lambda asked: None if asked.url.startswith(base) else said.append(f"request {asked.url}"))
        for start in range(0, len(found), _TOGETHER):
            site.now = hostile(found[start : start + _TOGETHER])
            for path in PATHS:
                answer = page.goto(base + path)
                assert answer.ok, (start, path)
                assert page.url == base + path
                assert page.title().endswith("presswatch"), page.title()
                assert said == [], (start, path)
        browser.close()
