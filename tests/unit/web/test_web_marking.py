"""The forms with which changes are marked and searches kept, as a browser without scripts sends them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from storage_room import NOON, Room, entry

from presswatch.desk import Desk
from presswatch.web import create_app
from presswatch.web.access import Entrance, Way
from presswatch.web.door import Door
from presswatch.web.hosts import networks
from scraper.html import Document, parse
from scraper.model import Kind
from storage import Storage, open_storage

HERE = "http://127.0.0.1:8420"


class Browser:
    """Somebody without scripts at an installation on loopback."""

    def __init__(self, storage: Storage, *, way: Way = Way.LOCAL, token: str | None = None) -> None:
        desk = None if way is Way.PUBLIC else Desk(storage)
        site = create_app(storage, now=lambda: NOON, desk=desk, address=HERE, feed_token=token)
        self.app = Door(site, at=Entrance(way=way, address=HERE), keys=storage, now=lambda: NOON)

    def ask(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def see(self, path: str, status: int = 200) -> Document:
        answer = self.ask(path)
        assert answer.status_code == status
        return parse(answer.text)

    def send(self, path: str, seen: str = "/", **fields: str) -> httpx.Response:
        """A form as it stands on a page, sent."""
        found = self.see(seen).css_first("input[name=token]")
        assert found is not None
        return self.ask(path, "POST", data={"token": found.attributes["value"], "to": seen, **fields})


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Two releases with an edit each; the edits are alike."""
    with open_storage(f"sqlite:///{tmp_path}/desk.db") as storage:
        made = Room(storage=storage)
        made.watch()
        made.list(entry("one"), entry("two"))
        for name in ("one", "two"):
            made.read(f"https://news.example/{name}", "The pier is open to ships.", kinds=[Kind.NEW])
            made.later(days=1)
            made.read(f"https://news.example/{name}", "The pier is closed.", kinds=[Kind.EDITED], signature="same")
        yield made


@pytest.fixture
def browser(room: Room) -> Browser:
    return Browser(room.storage)


def ids(document: Document) -> list[str]:
    return [str(node.attributes["id"]) for node in document.css("article.change")]


def pressed(document: Document, change: int) -> list[str]:
    return [
        str(node.attributes["name"]) for node in document.css(f"#change-{change} button[aria-pressed=true]")
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["reviewed", "starred", "noise"])
def test_a_mark_is_set_and_taken_back_and_one_comes_back_to_the_change(browser: Browser, name: str) -> None:
    answer = browser.send("/changes/2/mark", seen="/?kind=edited", **{name: "true"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?kind=edited#change-2")
    assert pressed(browser.see("/?batch=1"), 2) == [name]
    browser.send("/changes/2/mark", **{name: "false"})
    assert pressed(browser.see("/?batch=1"), 2) == []


def test_a_batch_is_marked_from_its_one_card(browser: Browser) -> None:
    shown = browser.see("/")
    assert ids(shown) == ["change-4", "change-3", "change-1"]
    button = shown.css_first("#change-4 button[name=reviewed]")
    assert button is not None
    browser.send(str(button.attributes["formaction"]), reviewed="true")
    assert ids(browser.see("/?mark=reviewed")) == ["change-4", "change-2"]
    assert ids(browser.see("/?mark=unread")) == ["change-3", "change-1"]


def test_a_note_is_shown_as_it_was_written_on_every_page_that_shows_the_change(browser: Browser) -> None:
    note = "<b>Ask</b> the press office,\r\nand the minister"
    browser.send("/changes/4/mark", note=note)
    for path in ("/", "/releases/2", "/releases/2/diff?from=1&to=2"):
        shown = browser.see(path).css_first("#change-4 .said p")
        assert shown is not None
        assert shown.text() == note.replace("\r\n", "\n")


def test_a_script_is_told_what_the_mark_is_then(browser: Browser) -> None:
    found = browser.see("/").css_first("input[name=token]")
    assert found is not None
    data = {"token": found.attributes["value"], "starred": "true"}
    answer = browser.ask("/changes/4/mark", "POST", data=data, headers={"accept": "application/json"})
    assert answer.json() == {"reviewed": False, "starred": True, "noise": False}


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/changes/99/mark", {"starred": "true"}, 404), ("/changes/x/mark", {"starred": "true"}, 404),
        ("/changes/4/mark", {"starred": "maybe"}, 400), ("/changes/4/mark", {"note": "x" * 4_001}, 409),
        ("/changes/4/mark", {"starred": "true", "token": "forged"}, 403),
        ("/searches", {"name": " ", "query": "kind=new"}, 409), ("/searches", {"name": "x", "query": "kind=odd"}, 409),
        ("/searches", {"name": "x", "query": "source=nobody"}, 409), ("/searches/9/delete", {}, 404),
        ("/searches/9/rename", {"name": "x"}, 404), ("/searches", {"name": "x", "token": ""}, 403),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_told_and_changes_nothing(
    browser: Browser, room: Room, path: str, fields: dict[str, str], status: int
) -> None:
    assert browser.send(path, **fields).status_code == status
    assert room.storage.marks([4]) == {}
    assert room.storage.saved_searches() == []


def test_one_comes_back_to_a_page_of_ours_only(browser: Browser) -> None:
    for to in ("https://evil.example/", "//evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b"):
        assert browser.send("/changes/4/mark", starred="true", to=to).headers["location"] == "/#change-4"


def test_to_the_public_no_mark_note_or_search_is_shown_or_can_be_set(room: Room) -> None:
    owner, stranger = Browser(room.storage), Browser(room.storage, way=Way.PUBLIC)
    owner.send("/changes/4/mark", noise="true", note="private words")
    owner.send("/searches", name="private search", query="kind=edited")
    for path in ("/", "/releases/2", "/releases/2/diff?from=1&to=2", "/api/v1/changes"):
        text = stranger.ask(path).text
        assert not re.search("private|aria-pressed|/mark|is-noise|unread", text)
    assert stranger.ask("/api/v1/changes").json()["items"][0]["mark"] is None
    assert stranger.ask("/?mark=noise").status_code == 400
    assert stranger.ask("/api/v1/changes?mark=noise").status_code == 400
    assert stranger.ask("/feeds/searches/1.atom").status_code == 404
    assert stranger.ask("/api/v1/searches").status_code == 404
    for path in ("/changes/4/mark", "/searches", "/searches/1/delete"):
        assert stranger.ask(path, "POST", data={"starred": "true"}).status_code == 403
    assert stranger.ask("/api/v1/changes/4/mark", "PATCH", json={"starred": True}).status_code == 403
    assert not room.storage.marks([4])[4].starred


# --- filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=new", [3, 1]), ("source=News&kind=edited", [4]), ("words=closed&kind=edited", [4, 2]),
        ("from=2026-03-04", [4]), ("to=2026-03-02", [1]), ("from=2026-03-03&to=2026-03-03", [3, 2]),
        ("importance=0.6", []), ("mark=unread", [4, 3, 1]), ("mark=starred", []),
        ("words=-closed+pier+open", [4, 3, 2, 1]),
    ],
)  # fmt: skip
def test_the_stream_is_filtered_by_its_address(browser: Browser, query: str, expected: list[int]) -> None:
    assert ids(browser.see(f"/?{query}")) == [f"change-{n}" for n in expected]


def test_a_filter_stays_in_its_form_and_over_the_pages(room: Room) -> None:
    for n in range(40):
        room.later(minutes=1)
        room.read("https://news.example/one", f"The pier, day {n}", kinds=[Kind.EDITED])
    browser, path, seen = Browser(room.storage), "/?kind=edited&words=day&from=2026-03-01", []
    while path:
        shown = browser.see(path)
        seen += ids(shown)
        form = shown.css_first("form.filter")
        assert form is not None
        assert str(shown.css_first("#words").attributes["value"]) == "day"  # type: ignore[union-attr]
        assert shown.css_first("details.more[open]") is not None
        following = shown.css_first("a[rel=next]")
        path = str(following.attributes["href"]) if following else ""
    assert len(seen) == len(set(seen)) == 40


@pytest.mark.parametrize(
    ("query", "said"),
    [("from=2026-13-01", "A day is written like"), ("words=-x", "must be there"), ("source=nobody", "watched")],
)
def test_what_can_not_be_meant_is_said_beside_the_form(browser: Browser, query: str, said: str) -> None:
    shown = browser.see(f"/?{query}", status=400)
    alert = shown.css_first("[role=alert]")
    assert alert is not None
    assert said in alert.text()
    assert shown.css_first("form.filter") is not None
    name, _, value = query.partition("=")
    if name != "source":
        assert shown.css_first(f"#{name}").attributes["value"] == value  # type: ignore[union-attr]


def test_that_nothing_is_like_it_is_said(browser: Browser) -> None:
    shown = browser.see("/?words=nowhere").css_first("p.empty")
    assert shown is not None
    assert "No change is like this" in shown.text()


# --- saved searches ---------------------------------------------------------------------------------------------------


def test_a_search_is_kept_renamed_and_deleted(browser: Browser, room: Room) -> None:
    here = "/?kind=edited&words=closed"
    assert browser.see(here).css_first(".keep input[name=query]") is not None
    answer = browser.send("/searches", seen=here, name=" Closed  piers ", query="kind=edited&words=closed")
    assert answer.headers["location"] == here
    shown = browser.see("/?words=closed&kind=edited")
    assert shown.css_first("h1").text() == "Closed piers"  # type: ignore[union-attr]
    assert shown.css_first(".saved a[aria-current]").text() == "Closed piers"  # type: ignore[union-attr]
    assert browser.send("/searches", name="Closed piers", query="kind=new").status_code == 409
    browser.send("/searches/1/rename", name="Piers")
    assert browser.see("/").css_first(".saved li:last-child a").text() == "Piers"  # type: ignore[union-attr]
    browser.send("/searches/1/delete", seen=here)
    assert room.storage.saved_searches() == []


def test_a_saved_search_has_its_feeds_under_the_secret_address(room: Room) -> None:
    browser = Browser(room.storage, token="s3cr3t")
    browser.send("/searches", name="Closed <piers>", query="words=closed&kind=edited")
    shown = browser.see("/?kind=edited&words=closed")
    feeds = {str(node.attributes["href"]) for node in shown.css(".feeds a")}
    assert feeds == {"/feeds/s3cr3t/searches/1.atom", "/feeds/s3cr3t/searches/1.json"}
    atom = browser.ask("/feeds/s3cr3t/searches/1.atom")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert "Closed &lt;piers&gt;" in atom.text
    found = browser.ask("/feeds/s3cr3t/searches/1.json").json()
    assert [item["url"] for item in found["items"]] == [f"{HERE}/releases/{n}/diff?from=1&to=2" for n in (2, 1)]
    assert browser.ask("/feeds/searches/1.atom").status_code == 404
    assert browser.ask("/feeds/s3cr3t/searches/9.atom").status_code == 404


def test_a_star_on_an_old_change_is_seen_by_a_reader_that_asks_again_in_any_way(browser: Browser, room: Room) -> None:
    later = NOON + timedelta(days=9)
    browser.app = create_app(room.storage, now=lambda: later, desk=Desk(room.storage), address=HERE)
    room.storage.save_search("Stars", "mark=starred", now=NOON)
    room.storage.mark(4, starred=True, now=NOON)
    first = browser.ask("/feeds/searches/1.json")
    room.storage.mark(2, starred=True, now=NOON)
    for headers in {"if-none-match": first.headers["etag"]}, {"if-modified-since": format_datetime(later, usegmt=True)}:
        again = browser.ask("/feeds/searches/1.json", headers=headers)
        assert [item["_presswatch"]["id"] for item in again.json()["items"]] == [4, 2]
    assert "last-modified" not in first.headers


def test_a_search_that_can_not_be_meant_any_more_is_named_and_can_be_deleted(browser: Browser, room: Room) -> None:
    room.storage.save_search("Old <kind>", "kind=gone", now=NOON)
    room.storage.save_search("Stars", "mark=starred", now=NOON)
    for path, status in ("/", 200), ("/?kind=odd", 400):
        shown = browser.see(path, status)
        assert [node.text() for node in shown.css(".saved a")] == ["All", "Unread", "Stars"]
        assert shown.css_first(".saved .broken bdi").text() == "Old <kind>"  # type: ignore[union-attr]
    items = browser.ask("/api/v1/searches").json()["items"]
    assert [(each["id"], each["query"]) for each in items] == [(1, None), (2, "mark=starred")]
    form = browser.see("/").css_first(".saved .broken form")
    assert form is not None
    assert browser.send(str(form.attributes["action"])).status_code == 303
    assert [row.name for row in room.storage.saved_searches()] == ["Stars"]


# --- the API ----------------------------------------------------------------------------------------------------------


def test_the_api_finds_and_sets_marks(browser: Browser) -> None:
    answer = browser.ask("/api/v1/changes/4/mark", "PATCH", json={"starred": True, "note": "Ask."})
    assert answer.json() == {
        "reviewed": False, "starred": True, "noise": False, "note": "Ask.", "noted_at": "2026-03-02T12:00:00Z",
        "noted_by": None, "taught_by": None, "teaches": 0,
    }  # fmt: skip
    (found,) = browser.ask("/api/v1/changes?mark=starred").json()["items"]
    assert (found["id"], found["mark"]) == (4, answer.json())
    assert browser.ask("/api/v1/changes/4/mark", "PATCH", json={"note": None}).json()["note"] is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"content": b"{}", "headers": {"content-type": "text/plain"}}, "Content-Type"),
        ({"content": b"[1]", "headers": {"content-type": "application/json"}}, "one JSON object"),
        ({"content": b"[" * 30_000, "headers": {"content-type": "application/json"}}, "one JSON object"),
        ({"content": b'"' + b"x" * 50_000, "headers": {"content-type": "application/json"}}, "no more than"),
        ({"json": {"stared": True}}, "no such field"), ({"json": {"starred": 1}}, "starred: it is true or false"),
        ({"json": {"note": 3}}, "note"), ({"json": {"note": "x" * 4_001}}, "note"),
    ],
)  # fmt: skip
def test_what_is_sent_and_can_not_be_meant_is_refused(browser: Browser, given: dict[str, Any], said: str) -> None:
    answer = browser.ask("/api/v1/changes/4/mark", "PATCH", **given)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_a_saved_search_is_asked_of_the_api(browser: Browser) -> None:
    browser.send("/searches", name="Closed", query="words=closed&kind=edited")
    (found,) = browser.ask("/api/v1/searches").json()["items"]
    assert found == {"id": 1, "name": "Closed", "query": "kind=edited&words=closed"}
    items = browser.ask("/api/v1/changes?search=1&limit=1").json()["items"]
    assert [each["id"] for each in items] == [4]
    assert browser.ask("/api/v1/changes?search=1&kind=new").status_code == 400
    assert browser.ask("/api/v1/changes?search=9").status_code == 400


def test_a_note_names_who_wrote_it_where_a_proxy_says_so(room: Room) -> None:
    browser = Browser(room.storage)
    site = create_app(room.storage, now=lambda: NOON, desk=Desk(room.storage))
    at = Entrance(way=Way.PROXY, address=HERE, user_header="x-user", trusted=networks(["127.0.0.1"]))
    browser.app = Door(site, at=at, keys=room.storage, now=lambda: NOON)
    for sent, name in ({"x-user": "ada"}, "ada"), ({"x-user": "x" * 500}, "x" * 200):
        answer = browser.ask("/api/v1/changes/4/mark", "PATCH", json={"note": "Ask."}, headers=sent)
        assert answer.json()["noted_by"] == name
    assert browser.ask("/api/v1/changes/4/mark", "PATCH", json={"note": "Ask."}).status_code == 401


def test_only_a_token_that_may_write_marks(room: Room) -> None:
    from presswatch.web.keys import digest, new_token  # noqa: PLC0415

    reads, writes = new_token(), new_token()
    room.storage.add_token("reads", digest(reads), now=NOON)
    room.storage.add_token("writes", digest(writes), now=NOON, writes=True)
    site = create_app(room.storage, now=lambda: NOON, desk=Desk(room.storage))
    guarded = Entrance(way=Way.PASSWORD, address=HERE, has_password=True)
    browser = Browser(room.storage)
    browser.app = Door(site, at=guarded, keys=room.storage, now=lambda: NOON + timedelta(days=1))

    def sent(token: str | None, path: str = "/api/v1/changes/4/mark", method: str = "PATCH") -> int:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"json": {"starred": True}} if method == "PATCH" else {}
        return browser.ask(path, method, headers=headers, **body).status_code

    assert (sent(None), sent(reads), sent(writes)) == (401, 403, 200)
    assert (sent(reads, "/api/v1/changes", "GET"), sent(writes, "/manage", "GET")) == (200, 303)
