"""docs/access.md: its settings lead where they say, its commands exist, its table is that of the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from config import Settings
from presswatch.cli import app
from presswatch.web.access import Facts, Verdict, Way, allowed, entrance
from presswatch.web.attempts import Attempts
from presswatch.web.login import _LASTS
from presswatch.web.passwords import LEAST, MOST

TEXT = (Path(__file__).parents[2] / "docs" / "access.md").read_text()
SETUPS = {
    title: Settings(**tomllib.loads(block))
    for title, block in re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?```toml\n(.*?)```", TEXT, re.MULTILINE | re.DOTALL)
}
WAYS = {"laptop": Way.LOCAL, "password": Way.PASSWORD, "proxy": Way.PROXY, "public": Way.PUBLIC}
HEADINGS = dict(zip(WAYS, SETUPS, strict=True))
PATHS = {
    "pages": ["/"],
    "evidence, status, managing sources": ["/releases/1/revisions/1/evidence", "/status", "/manage"],
    "marks, notes, saved searches": ["POST /changes/1/mark", "POST /searches"],
    "API": ["/api/v1/changes"],
    "marking by the API": ["PATCH /api/v1/changes/1/mark"],
    "`/api/v1/status`, `/api/v1/health`": ["/api/v1/status", "/api/v1/health"],
    "feeds with `feed_token`": ["/feeds/secret/changes.atom"],
    "feeds without it": ["/feeds/changes.atom"],
    "`/health`, `/static/…`": ["/health", "/static/style.css"],
}


def table() -> list[tuple[str, str, str]]:
    """What is asked for, by which way, and what is said of it."""
    lines = TEXT.split("## What each way allows\n")[1].split("\n## ")[0].strip().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [(row[0], way, cell) for row in rows[2:] for way, cell in zip(rows[0][1:], row[1:], strict=True)]


@pytest.mark.parametrize("way", WAYS)
def test_the_settings_lead_to_the_way_in_that_they_stand_under(way: str) -> None:
    web = SETUPS[HEADINGS[way]].web
    found = entrance(
        bound=web.host, address=web.url or "http://127.0.0.1", has_password=way == "password", public=web.public,
        user_header=web.proxy_user_header, trusted_proxies=web.trusted_proxies, hosts=web.hosts,
    )  # fmt: skip
    assert found.way is WAYS[way]


@pytest.mark.parametrize(("what", "way", "said"), table())
def test_the_table_says_what_the_code_does(what: str, way: str, said: str) -> None:
    web = SETUPS[HEADINGS[way]].web
    at = entrance(
        bound=web.host, address="http://127.0.0.1", has_password=way == "password", public=web.public,
        user_header=web.proxy_user_header, trusted_proxies=web.trusted_proxies, feed_token="with `feed" in what,
    )  # fmt: skip

    def let_in(**shown: bool) -> bool:
        asked = [path.rpartition(" ")[::2] for path in PATHS[what]]
        facts = [Facts(method=method or "GET", path=path, **shown) for method, path in asked]
        return all(allowed(each, at) is Verdict.ALLOWED for each in facts)

    shown = {"session": "session", "user": "named user", "token": "token"}
    if "a token that writes" in said:
        assert not let_in(token=True)
        assert let_in(token=True, writes=True)
        said = said.removesuffix(" or a token that writes")
    if said in ("yes", "no") or "feed_token" in what:
        assert let_in() == (said != "no")
        return
    assert not let_in()
    assert {word for fact, word in shown.items() if let_in(**{fact: True})} == set(said.split(" or "))


def test_every_command_is_one() -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    shown = re.findall(r"^\$ presswatch (\w+)|presswatch (password)$", TEXT, re.MULTILINE)
    assert {first or second for first, second in shown} == {"password", "run", "token"}
    assert {first or second for first, second in shown} <= set(known)


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"{LEAST} to {MOST} characters" in TEXT
    assert f"A session lasts {_LASTS.days} days" in TEXT
    tried = Attempts()
    assert (tried._each.size, tried._each.refill.seconds) == (5, 30)
    assert (tried._together.size, tried._together.refill.seconds) == (30, 5)
    assert "After five wrong passwords" in TEXT
    assert "after thirty, every 5 seconds" in TEXT
