"""What can be told of rendering without a browser. With one, see tests/browser/test_render.py."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.fetch.client import FetchSettings
from scraper.fetch.render import Chromium, find_browser, missing
from scraper.model import Failed, Failure, Request

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_a_named_browser_is_taken_where_it_is_there(tmp_path: Path, no_browser: None) -> None:
    path = tmp_path / "my-chromium"
    assert find_browser(str(path)) is None
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    assert find_browser(str(path)) == str(path)


def test_debians_chromium_is_found_on_the_path(tmp_path: Path, no_browser: None) -> None:
    assert find_browser() is None
    path = tmp_path / "chromium"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    assert find_browser() == str(path)


async def test_what_is_missing_is_one_sentence_and_nothing_is_asked(no_browser: None) -> None:
    async with Chromium(FetchSettings(), clock=lambda: NOW) as browser:
        found = await browser.render(Request(url="https://www.example.org/"))
    assert isinstance(found, Failed)
    assert found.failure is Failure.UNREADABLE
    assert found.detail == missing()
    wanted = "needs a Chromium" if importlib.util.find_spec("playwright") else "presswatch[render]"
    assert wanted in found.detail
    assert found.detail.count(".") == 1
