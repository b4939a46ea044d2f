"""The feeds as a reader gets them: valid, the same as long as nothing happens, found by what one looks for."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import httpx
import jsonschema
import pytest
from atom_rules import ATOM, content_faults, faults, tree
from corpora import corpus
from json_feed_rules import SCHEMA
from structlog.testing import capture_logs
from web_views import NOW, STAMP, FakeViews, change_row, release_row, text

from presswatch.web import create_app
from scraper.html import parse
from scraper.model import Block, BlockKind, Kind, Link, Precision, Release
from storage import DatabaseBusy, StampRow, StoredText

TOKEN = "kX3v-2mQ9_tR7wZpL4bN8cDf"
ADDRESS = "https://watch.example"


def ask(
    views: FakeViews,
    path: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    token: str | None = None,
    address: str = ADDRESS,
    now: datetime = NOW,
) -> httpx.Response:
    async def send() -> httpx.Response:
        app = create_app(views, now=lambda: now, address=address, feed_token=token)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://inside.example") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(send())


def site() -> FakeViews:
    """One change of every kind, the silent edit last."""
    views = FakeViews(names=("Northern Harbour Alliance", "Ministry"))
    later = StampRow(at=STAMP.at + timedelta(days=1), precision=Precision.DAY, raw="2 March")
    stamps = {Kind.EDITED: later, Kind.RESTAMPED: later, Kind.WITHDRAWN: None}
    for number, kind in enumerate(
        (Kind.NEW, Kind.EDITED, Kind.RESTAMPED, Kind.WITHDRAWN, Kind.RESTORED, Kind.MOVED, Kind.SILENTLY_EDITED), 1
    ):
        views.rows[number] = release_row(number, current=2, title=f"Release {number}")
        views.texts[number, 1] = text("Twelve vessels will be on call at any hour.", "Nothing else changed.")
        views.texts[number, 2] = text("Nine vessels will be on call by day.", "Nothing else changed.")
        views.happened.append(
            change_row(
                number,
                kind=kind,
                release_id=number,
                url=f"https://harbour.example/news_{number}.htm",
                title=f"Release {number}",
                source_id=2 if kind is Kind.NEW else 1,
                source="Ministry" if kind is Kind.NEW else "Northern Harbour Alliance",
                importance=number / 10,
                detected_at=NOW - timedelta(hours=9 - number),
                stamp_after=stamps.get(kind, change_row(1).stamp_before),
                url_before="https://harbour.example/old.htm" if kind is Kind.MOVED else None,
                revision_from=None if kind is Kind.NEW else 1,
                revision_to={Kind.NEW: 2, Kind.EDITED: 2, Kind.SILENTLY_EDITED: 2}.get(kind, 1),
            )
        )
    return views


def many(count: int) -> FakeViews:
    """So many silent edits of one release."""
    views = site()
    views.happened = [change_row(n, detected_at=NOW - timedelta(hours=count - n)) for n in range(1, count + 1)]
    return views


def entries(answer: httpx.Response) -> list[ET.Element]:
    assert answer.status_code == 200, answer.text
    return tree(answer.content).findall(f"{ATOM}entry")


def releases(answer: httpx.Response) -> list[int]:
    """The releases that a feed's entries are of, in their order."""
    items = json.loads(answer.content)["items"]
    return [int(item["title"].rpartition(" ")[2]) for item in items]


def told(views: FakeViews, kind: Kind) -> dict[str, Any]:
    """The one item of a kind."""
    (item,) = json.loads(ask(views, f"/feeds/changes.json?kind={kind.value}").content)["items"]
    return item


FEEDS = [
    "/feeds/changes",
    "/feeds/changes?kind=silently-edited&source=Northern+Harbour+Alliance",
    "/feeds/changes?words=nine+vessels&language=en&importance=0.2",
    "/feeds/changes?before=4",
    "/feeds/sources/1",
    "/feeds/releases/7",
    "/feeds/releases/7?kind=new",
]


def in_form(path: str, form: str) -> str:
    base, mark, query = path.partition("?")
    return f"{base}.{form}{mark}{query}"


# --- validity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FEEDS)
def test_atom_breaks_no_rule(path: str) -> None:
    answer = ask(site(), in_form(path, "atom"))
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert faults(answer.content) == []


@pytest.mark.parametrize("path", FEEDS)
def test_feedparser_reads_every_entry(path: str) -> None:
    read = feedparser.parse(ask(site(), in_form(path, "atom")).content)
    assert not read.bozo
    assert read.version == "atom10"
    assert len(read.entries) == len(entries(ask(site(), in_form(path, "atom"))))


@pytest.mark.parametrize("path", FEEDS)
def test_json_feed_breaks_no_rule_of_its_specification(path: str) -> None:
    document = json.loads(ask(site(), in_form(path, "json")).content)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    ids = [item["id"] for item in document["items"]]
    assert len(ids) == len(set(ids))


@pytest.mark.corpus
@pytest.mark.parametrize("path", FEEDS)
def test_json_feed_is_valid_by_its_schema(path: str) -> None:
    schema = json.loads(corpus("conformance", "json-feed", "schema-v1.1.json").read_text())
    document = json.loads(ask(site(), in_form(path, "json")).content)
    jsonschema.Draft7Validator(schema).validate(document)


@pytest.mark.parametrize("path", FEEDS)
def test_json_feed_says_the_same_as_atom(path: str) -> None:
    answer = ask(site(), in_form(path, "json"))
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    document = json.loads(answer.content)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    atom = ask(site(), in_form(path, "atom"))
    pairs = list(zip(document["items"], entries(atom), strict=True))
    assert document["title"] == tree(atom.content).findtext(f"{ATOM}title")
    for item, entry in pairs:
        for name, element in {
            "id": "id", "title": "title", "summary": "summary", "content_html": "content", "date_published": "updated",
        }.items():  # fmt: skip
            assert item[name] == entry.findtext(f"{ATOM}{element}")
        assert list(content_faults(item["content_html"])) == []


def test_feed_of_nothing_is_valid_and_stands_still() -> None:
    views = FakeViews()
    first, later = (ask(views, "/feeds/changes.atom", now=NOW + timedelta(days=n)) for n in (0, 1))
    assert faults(first.content) == []
    assert entries(first) == []
    assert first.content == later.content


# --- what an entry says -----------------------------------------------------------------------------------------------


def test_silent_edit_shows_its_diff_and_says_window_and_stamp() -> None:
    item = told(site(), Kind.SILENTLY_EDITED)
    assert item["title"] == "Silently edited: Release 7"
    assert "<del>Twelve</del> <ins>Nine</ins> vessels will be on call" in item["content_html"]
    for part in (
        "Northern Harbour Alliance: Its text changed between 2 Mar 2026, 06:30:00 UTC and 2 Mar 2026, 07:30:00 UTC",
        "and its stamp did not move.",
        "The page shows the stamp 1 Mar 2026, 05:55 UTC (“Last updated: 01 Mar. 2026 06:55”).",
        "Importance 0.70: The text changed and the stamp stood still.",
    ):
        assert part in item["summary"]
        assert part in item["content_html"]
    assert "[-Twelve-] {+Nine+} vessels will be on call [-at any hour-] {+by day+}." in item["summary"]
    assert "Nothing else changed." not in item["content_html"]
    assert item["url"] == f"{ADDRESS}/releases/7/diff?from=1&to=2"
    assert item["external_url"] == "https://harbour.example/news_7.htm"
    assert item["tags"] == ["silently-edited", "Northern Harbour Alliance"]
    assert item["_presswatch"]["stamp_before"] == item["_presswatch"]["stamp_after"] == "2026-03-01T05:55:00Z"


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (Kind.NEW, ("Ministry: A new release appeared between", "Nine vessels will be on call by day.")),
        (
            Kind.EDITED,
            ("Its text changed between", "The stamp went from 1 Mar 2026, 05:55 UTC", "to 2 Mar 2026 (“2 March”)"),
        ),
        (Kind.RESTAMPED, ("Its stamp moved between", "and its text did not change.", "The stamp went from")),
        (Kind.WITHDRAWN, ("It was withdrawn between", "The page showed the stamp 1 Mar 2026, 05:55 UTC (“Last")),
        (Kind.RESTORED, ("It came back between",)),
        (Kind.MOVED, ("It moved to another address between",)),
    ],
)
def test_every_kind_is_said_in_words(kind: Kind, parts: tuple[str, ...]) -> None:
    item = told(site(), kind)
    for part in parts:
        assert part in item["summary"]


def test_move_says_from_where_to_where() -> None:
    shown = told(site(), Kind.MOVED)["content_html"]
    assert shown.index("https://harbour.example/old.htm") < shown.index("https://harbour.example/news_6.htm")


def test_new_release_is_shown_with_its_text() -> None:
    item = told(site(), Kind.NEW)
    assert "<p>Nine vessels will be on call by day.</p>\n<p>Nothing else changed.</p>" in item["content_html"]
    assert item["url"] == f"{ADDRESS}/releases/1"


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ((None, None), "The page shows no stamp."),
        ((None, 1), "The page showed no stamp before and now shows 1 Mar 2026, 05:55 UTC (“x”)."),
        ((1, None), "The page showed the stamp 1 Mar 2026, 05:55 UTC (“x”) and shows none now."),
    ],
)
def test_stamp_that_comes_or_goes_is_said(stamps: tuple[int | None, int | None], said: str) -> None:
    views = site()
    before, after = (stamp and StampRow(at=STAMP.at, precision=STAMP.precision, raw=" x\n") for stamp in stamps)
    views.happened = [change_row(1, stamp_before=before, stamp_after=after, not_before=None)]
    (item,) = json.loads(ask(views, "/feeds/changes.json").content)["items"]
    assert said in item["summary"]
    assert "at some time before 2 Mar 2026, 07:30:00 UTC" in item["summary"]


def test_change_whose_texts_are_gone_is_still_told() -> None:
    views = site()
    views.texts.clear()
    assert faults(ask(views, "/feeds/changes.atom").content) == []
    assert len(entries(ask(views, "/feeds/changes.atom"))) == 7


def test_entry_of_a_rewritten_release_is_bounded_and_says_what_is_left_out() -> None:
    views = site()
    views.texts[7, 2] = text(*(f"Entirely other words number {n}. " * 40 for n in range(100)))
    item = told(views, Kind.SILENTLY_EDITED)
    assert len(item["content_html"]) < 20_000
    assert "are not shown here" in item["content_html"]


def test_passage_that_alone_is_too_long_is_cut_so_that_its_change_is_shown() -> None:
    views, rest = site(), " And more words follow here." * 2_000
    views.texts[1, 2] = text("北約秘書長宣布新的協議。" * 2_000)
    views.texts[7, 1] = text(f"Twelve vessels will be on call.{rest}")
    views.texts[7, 2] = text(f"Nine vessels will be on call.{rest}")
    for kind in (Kind.NEW, Kind.SILENTLY_EDITED):
        item = told(views, kind)
        assert len(item["content_html"]) < 20_000
        assert " …" in item["content_html"]
    assert "<del>Twelve" in item["content_html"]
    assert "<ins>Nine" in item["content_html"]


def test_changed_title_and_moved_block_are_shown() -> None:
    views = site()
    views.texts[7, 1] = text("First words of all of them.", "Second words stand here.", "Third.", title="Old title")
    views.texts[7, 2] = text("Second words stand here.", "Third.", "First words of all of them.", title="New title")
    shown = told(views, Kind.SILENTLY_EDITED)["content_html"]
    assert "<strong><del>Old</del> <ins>New</ins> title</strong>" in shown
    assert '<em lang="en">[moved]</em> First words of all of them.' in shown


def test_link_that_leads_elsewhere_is_shown() -> None:
    views = site()
    block = Block(kind=BlockKind.PARAGRAPH, text="See the annex for more.")
    for number, target in ((1, "https://a.example/old"), (2, "https://a.example/new")):
        linked = replace(block, links=(Link(text="the annex", target=target),))
        views.texts[7, number] = Release(title="Ministers agree", blocks=(linked,))
    shown = told(views, Kind.SILENTLY_EDITED)["content_html"]
    assert "[link]</em> the annex: <del>https://a.example/old</del> <ins>https://a.example/new</ins>" in shown


def test_block_that_is_of_another_kind_is_shown() -> None:
    views = site()
    for number, kind in ((1, BlockKind.PARAGRAPH), (2, BlockKind.HEADING)):
        views.texts[7, number] = Release(title="Ministers agree", blocks=(Block(kind=kind, text="What comes next"),))
    shown = told(views, Kind.SILENTLY_EDITED)["content_html"]
    assert "[paragraph before, now heading]</em> What comes next" in shown


def test_what_is_kept_is_made_anew_when_a_text_is_read_anew() -> None:
    views = site()
    before = told(views, Kind.SILENTLY_EDITED)
    views.texts[7, 2] = text("Nine ships will be on call by day.", "Nothing else changed.")
    after = told(views, Kind.SILENTLY_EDITED)
    assert "ships" not in before["content_html"]
    assert "ships</ins>" in after["content_html"]


def test_texts_are_read_once_unless_they_are_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    original = StoredText.read
    monkeypatch.setattr(StoredText, "read", lambda self: (read.append(len(self.content)), original(self))[1])
    views = site()
    huge = " ".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(2_000))
    views.texts[7, 1], views.texts[7, 2] = text("Once.", title="read once"), text("Twice.", title="read once")
    views.texts[2, 1], views.texts[2, 2] = text(huge), text("Small again.")
    for _ in range(3):
        ask(views, "/feeds/releases/7.atom")
        ask(views, "/feeds/releases/2.atom")
    assert len([size for size in read if size >= 10_000]) == 3
    assert len([size for size in read if size < 10_000]) == 2 + 3


# --- identity ---------------------------------------------------------------------------------------------------------


def ids(answer: httpx.Response) -> list[str | None]:
    root = tree(answer.content)
    return [root.findtext(f"{ATOM}id"), *(entry.findtext(f"{ATOM}id") for entry in entries(answer))]


@pytest.mark.parametrize("path", FEEDS)
def test_ids_are_the_same_wherever_it_is_served(path: str) -> None:
    elsewhere = ask(site(), in_form(path, "atom"), address="http://127.0.0.1:9999")
    behind = ask(site(), in_form(path, "atom").replace("/feeds", f"/feeds/{TOKEN}", 1), token=TOKEN)
    assert ids(ask(site(), in_form(path, "atom"))) == ids(elsewhere) == ids(behind)


def test_ids_are_others_in_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    here = ids(ask(site(), "/feeds/changes.atom"))
    monkeypatch.setattr(FakeViews, "database_id", lambda _: "fedcba9876543210")
    there = ids(ask(site(), "/feeds/changes.atom"))
    assert not set(here) & set(there)


def test_every_feed_has_an_id_of_its_own() -> None:
    found = [ids(ask(site(), in_form(path, "atom")))[0] for path in FEEDS]
    assert found[3] == found[0]  # a page is of the same feed
    assert len(set(found)) == len(FEEDS) - 1


def test_entry_is_the_same_in_every_feed() -> None:
    found = [
        ids(ask(site(), path))[1] for path in ("/feeds/changes.atom", "/feeds/sources/1.atom", "/feeds/releases/7.atom")
    ]
    assert len(set(found)) == 1


def test_edit_after_an_edit_is_a_new_entry() -> None:
    views = many(2)
    found = entries(ask(views, "/feeds/releases/1.atom"))
    assert len({entry.findtext(f"{ATOM}id") for entry in found}) == 2


def test_entry_keeps_its_id_when_its_release_is_merged_into_another() -> None:
    views = site()
    before = ids(ask(views, "/feeds/changes.atom"))[1]
    views.happened[-1] = replace(views.happened[-1], release_id=1, revision_from=2, revision_to=3)
    assert ids(ask(views, "/feeds/changes.atom"))[1] == before


def test_ids_after_a_backup_came_back_are_others() -> None:
    views = site()
    before = ids(ask(views, "/feeds/changes.atom"))[1]
    views.happened[-1] = replace(views.happened[-1], detected_at=NOW)
    assert ids(ask(views, "/feeds/changes.atom"))[1] != before


# --- searches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [7, 6, 5, 4, 3, 2, 1]),
        ("kind=new", [1]),
        ("kind=new&kind=moved", [6, 1]),
        ("source=Ministry", [1]),
        ("source=Ministry&source=Northern+Harbour+Alliance&kind=new&kind=edited", [2, 1]),
        ("importance=0.55", [7, 6]),
        ("importance=.7", [7]),
        ("words=nine", [7, 2, 1]),
        ("words=NINE+vessels", [7, 2, 1]),
        ("words=vessel", []),
        ("words=zehn&words=release+5", [5]),
        ("language=en", [7, 6, 5, 4, 3, 2, 1]),
        ("language=EN-gb", []),
        ("language=de&language=en&kind=new", [1]),
        ("before=3", [2, 1]),
        ("before=3&kind=edited", [2]),
        ("utm_source=reader", [7, 6, 5, 4, 3, 2, 1]),
    ],
)
def test_search_finds_what_it_names(query: str, expected: list[int]) -> None:
    assert releases(ask(site(), f"/feeds/changes.json?{query}")) == expected


def test_word_of_a_script_without_spaces_is_found_inside_a_run() -> None:
    views = site()
    views.texts[7, 2] = text("北約秘書長宣布新的協議。", language="zh-Hant")
    assert releases(ask(views, "/feeds/changes.json?words=秘書長")) == [7]
    assert releases(ask(views, "/feeds/changes.json?language=zh")) == [7]


def test_word_that_was_removed_is_found() -> None:
    assert releases(ask(site(), "/feeds/changes.json?words=twelve&kind=silently-edited")) == [7]


@pytest.mark.parametrize(
    "query",
    [
        "kind=odd", "source=Nobody", "importance=high", "importance=nan", "importance=2", "importance=-1",
        "language=%3Cb%3E", "before=x", "before=99999999999999999999",
        "words=" + "x" * 201, "&".join(f"words=w{n}" for n in range(21)),
    ],
)  # fmt: skip
def test_query_that_cannot_be_meant_is_refused(query: str) -> None:
    assert ask(site(), f"/feeds/changes.atom?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/feeds/changes.rss", "/feeds/changes", "/feeds/sources/9.atom", "/feeds/sources/x.atom", "/feeds/releases/9.json",
     "/feeds/changes.atom/", "/feeds/"],
)  # fmt: skip
def test_feed_that_is_not_there_is_not_found(path: str) -> None:
    assert ask(site(), path).status_code == 404


def test_one_search_has_one_feed_however_it_is_written() -> None:
    one = ask(site(), "/feeds/changes.atom?words=b&kind=new&words=a&importance=0.50")
    other = ask(site(), "/feeds/changes.atom?importance=.5&kind=new&words=a&words=b&words=")
    assert one.content == other.content


def test_feed_leads_to_the_page_that_shows_the_same() -> None:
    document = json.loads(ask(site(), "/feeds/changes.json?kind=new&source=Ministry").content)
    assert document["home_page_url"] == f"{ADDRESS}/?source=Ministry&kind=new"
    assert document["title"] == "presswatch: new; Ministry"
    wide = "source=Ministry&source=Northern+Harbour+Alliance&kind=new&kind=edited&importance=0.1"
    document = json.loads(ask(site(), f"/feeds/changes.json?{wide}&words=nine&language=en").content)
    assert document["home_page_url"] == f"{ADDRESS}/?{wide}"
    source = json.loads(ask(site(), "/feeds/sources/2.json").content)
    assert (source["home_page_url"], source["title"]) == (f"{ADDRESS}/?source=Ministry", "presswatch: Ministry")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_pages_lead_through_everything_once() -> None:
    views, path, seen = many(120), "/feeds/changes.json", []
    for _ in range(9):
        document = json.loads(ask(views, path).content)
        seen.extend(item["_presswatch"]["id"] for item in document["items"])
        if "next_url" not in document:
            break
        path = document["next_url"].removeprefix(ADDRESS)
    assert seen == list(range(120, 0, -1))


@pytest.mark.parametrize("count", [49, 50, 51])
def test_last_page_names_no_next_one(count: int) -> None:
    document = json.loads(ask(many(count), "/feeds/changes.json").content)
    assert ("next_url" in document) == (count > 50)


def test_atom_pages_name_their_neighbours_and_are_valid() -> None:
    first = ask(many(120), "/feeds/changes.atom?kind=silently-edited")
    links = {link.get("rel"): link.get("href") for link in tree(first.content).findall(f"{ATOM}link")}
    assert links["next"] == f"{ADDRESS}/feeds/changes.atom?kind=silently-edited&before=71"
    assert "first" not in links
    second = ask(many(120), links["next"].removeprefix(ADDRESS))
    links = {link.get("rel"): link.get("href") for link in tree(second.content).findall(f"{ATOM}link")}
    assert links["first"] == f"{ADDRESS}/feeds/changes.atom?kind=silently-edited"
    assert links["self"] == f"{ADDRESS}/feeds/changes.atom?kind=silently-edited&before=71"
    assert faults(second.content) == []


def test_page_of_older_entries_stays_the_same_when_something_happens() -> None:
    before, after = (ask(many(count), "/feeds/changes.atom?before=40") for count in (100, 100))
    assert before.content == after.content


def test_search_by_words_reads_a_bounded_number_of_texts_and_goes_on_with_the_next_page() -> None:
    views, path, found, pages = many(700), "/feeds/changes.json?words=rare", [], 0
    views.happened[4] = change_row(5, title="A rare one")
    while path:
        document = json.loads(ask(views, path).content)
        found.extend(item["_presswatch"]["id"] for item in document["items"])
        path, pages = document.get("next_url", "").removeprefix(ADDRESS), pages + 1
    assert (found, pages) == ([5], 3)


# --- asking again -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["atom", "json"])
def test_unchanged_feed_is_answered_with_304(form: str) -> None:
    first = ask(site(), f"/feeds/changes.{form}")
    assert first.headers["etag"].startswith('"')
    assert first.headers["cache-control"] == "private, max-age=60"
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": f'"other", W/{first.headers["etag"]}'},
        {"if-none-match": "*"},
    ):
        again = ask(site(), f"/feeds/changes.{form}", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": '"other"'},
        {"if-none-match": '"other"', "if-modified-since": format_datetime(NOW, usegmt=True)},
        {"if-modified-since": format_datetime(NOW, usegmt=True)},
        {"if-none-match": ""},
    ],
    ids=str,
)
def test_feed_that_may_have_changed_is_sent(headers: dict[str, str]) -> None:
    assert ask(site(), "/feeds/changes.atom", headers=headers).status_code == 200


def test_new_change_changes_the_tag() -> None:
    views = site()
    before = ask(views, "/feeds/changes.atom")
    views.happened.append(change_row(8, detected_at=NOW - timedelta(minutes=2)))
    after = ask(views, "/feeds/changes.atom", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert len(entries(after)) == 8


def test_head_is_get_without_a_body() -> None:
    head, get = (ask(site(), "/feeds/changes.atom", method=method) for method in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == get.headers


def test_feed_carries_the_security_headers() -> None:
    headers = ask(site(), "/feeds/changes.atom").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_feed_of_a_database_that_fails_is_unavailable() -> None:
    views = site()
    views.broken = DatabaseBusy("held")
    assert ask(views, "/feeds/changes.atom").status_code == 503


# --- addresses --------------------------------------------------------------------------------------------------------


def test_links_begin_with_the_address_whatever_the_host_header_says() -> None:
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    for form in ("atom", "json"):
        answer = ask(site(), f"/feeds/changes.{form}", headers=headers, address="https://watch.example/")
        assert "evil.example" not in answer.text
        assert f"{ADDRESS}/feeds/changes.{form}" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/changes.atom",
        "/feeds/sources/1.atom",
        "/feeds/releases/7.json",
        "/feeds/x/changes.atom",
        "/feeds/%ff/changes.atom",
        f"/feeds/{TOKEN}x/changes.atom",
        f"/feeds/{TOKEN[:-1]}/changes.atom",
        f"/feeds/changes.atom?token={TOKEN}",
    ],
)
def test_without_the_token_there_are_no_feeds(path: str) -> None:
    answer = ask(site(), path, token=TOKEN)
    assert answer.status_code == 404
    assert TOKEN not in answer.text + str(answer.headers)


@pytest.mark.parametrize("path", ["/nowhere", "/?kind=odd", "/releases/99", "/health", "/static/no"])
def test_no_error_tells_the_token(path: str) -> None:
    assert TOKEN not in ask(site(), path, token=TOKEN).text


def test_no_log_tells_the_token() -> None:
    views = site()
    views.broken = DatabaseBusy("held")
    with capture_logs() as told:
        assert ask(views, f"/feeds/{TOKEN}/changes.atom", token=TOKEN).status_code == 503
    assert told
    assert TOKEN not in str(told)


def test_without_a_token_in_the_settings_none_is_taken() -> None:
    assert ask(site(), f"/feeds/{TOKEN}/changes.atom").status_code == 404


def test_with_the_token_every_link_holds_it() -> None:
    answer = ask(many(60), f"/feeds/{TOKEN}/changes.atom", token=TOKEN)
    assert faults(answer.content) == []
    links = [link.get("href", "") for link in tree(answer.content).findall(f"{ATOM}link")]
    assert [link for link in links if "/feeds/" in link] == [link for link in links if f"/feeds/{TOKEN}/" in link]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feeds/changes.atom"),
        ("/?kind=new&source=Ministry", "/feeds/changes.atom?source=Ministry&kind=new"),
        ("/releases/7", "/feeds/releases/7.atom"),
        ("/sources", "/feeds/changes.atom"),
        ("/releases/7/diff", "/feeds/changes.atom"),
    ],
)
@pytest.mark.parametrize("token", [None, TOKEN])
def test_pages_name_their_feeds(page: str, feed: str, token: str | None) -> None:
    feed = feed.replace("/feeds", f"/feeds/{token}") if token else feed
    document = parse(ask(site(), page, token=token).text)
    named = [node.attributes["href"] for node in document.css("head link[rel=alternate][type='application/atom+xml']")]
    assert named[0] == feed
    for node in document.css("head link[rel=alternate]"):
        answer = ask(site(), node.attributes["href"] or "", token=token)
        assert answer.headers["content-type"].startswith(node.attributes["type"] or "?")


def test_page_of_sources_leads_to_the_feed_of_each() -> None:
    document = parse(ask(site(), "/sources").text)
    links = [node.attributes["href"] for node in document.css("main a")]
    assert {"/feeds/sources/1.atom", "/feeds/sources/2.json"} <= set(links)


@pytest.mark.parametrize("token", [None, TOKEN])
def test_all_sources_can_be_imported_at_once(token: str | None) -> None:
    base = f"/feeds/{token}" if token else "/feeds"
    views = FakeViews(names=("Ministry & <Co>", ""))
    answer = ask(views, f"{base}/sources.opml", token=token)
    assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
    outlines = tree(answer.content).findall("body/outline")
    assert [each.get("text") for each in outlines] == ["Ministry & <Co>", "(no name)"]
    address = outlines[0].get("xmlUrl", "")
    assert address == f"{ADDRESS}{base}/sources/1.atom"
    assert ask(views, address.removeprefix(ADDRESS), token=token).status_code == 200
    again = ask(views, f"{base}/sources.opml", token=token, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    if token:
        assert ask(views, "/feeds/sources.opml", token=token).status_code == 404


def test_release_without_a_title_is_told() -> None:
    views = site()
    views.texts[7, 1] = views.texts[7, 2] = Release(title="", blocks=())
    views.rows[7] = release_row(7, title="")
    views.happened = [change_row(1, release_id=7, title="", source="", reason="")]
    answer = ask(views, "/feeds/releases/7.atom")
    assert faults(answer.content) == []
    assert entries(answer)[0].findtext(f"{ATOM}title") == "Silently edited: (no title)"
