"""Scraped text in every field of a feed: the feed stays valid, the text arrives, and nothing happens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import feedparser
import jsonschema
import pytest
from atom_rules import ATOM, content_faults, faults, tree
from corpora import corpus
from hypothesis import given, settings
from hypothesis import strategies as st
from json_feed_rules import SCHEMA
from web_views import STAMP, FakeViews, change_row, release_row

from presswatch.web import feeds
from presswatch.web.entries import web_address
from presswatch.web.feeds import Place
from presswatch.web.page import BadRequest, Document
from presswatch.web.rendering import one_line
from scraper.html import parse
from scraper.model import Block, BlockKind, Kind, Release
from storage import StampRow

_PER_FEED = 40
JSON_FEED = jsonschema.Draft202012Validator(SCHEMA)
PLACE = Place(address="http://127.0.0.1:8420")


def hostile(payloads: Sequence[str]) -> FakeViews:
    """A change for each payload, which stands in all of its fields and in its texts."""
    views = FakeViews(names=tuple(payloads))
    for number, payload in enumerate(payloads, start=1):
        kinds = (Kind.SILENTLY_EDITED, Kind.NEW, Kind.MOVED, Kind.EDITED)
        block = Block(kind=BlockKind.PARAGRAPH, text=f"{payload} stands here among words that stay.")
        before = Release(title=payload, blocks=(block,), stamps=(replace(STAMP, raw=payload),), language=payload)
        other = replace(block, text=f"{payload} stood there among words that stay.")
        after = replace(before, title=f"{payload} x", blocks=(other, Block(kind=BlockKind.HEADING, text=payload)))
        stamp = StampRow(at=STAMP.at, precision=STAMP.precision, raw=payload)
        views.rows[number] = release_row(number, title=payload, url=payload, source=payload)
        views.texts[number, 1], views.texts[number, 2] = before, after
        views.happened.append(
            change_row(
                number, kind=kinds[number % 4], release_id=number, source=payload, url=payload, url_before=payload,
                title=payload, stamp_before=stamp, stamp_after=stamp, reason=payload,
            )
        )  # fmt: skip
    return views


def documents(payloads: Sequence[str]) -> tuple[Document, Document]:
    """The feed of a hostile site in both forms."""
    views = hostile(payloads)
    atom, json_feed = (feeds.changes(views, form, query=[], place=PLACE) for form in ("atom", "json"))
    return atom, json_feed


def check(payloads: Sequence[str]) -> None:
    atom, json_feed = documents(payloads)
    assert faults(atom.body) == []
    entries = tree(atom.body).findall(f"{ATOM}entry")
    document = json.loads(json_feed.body)
    JSON_FEED.validate(document)
    items = document["items"]
    assert len(entries) == len(items) == len(payloads)
    for payload, entry, item in zip(reversed(payloads), entries, items, strict=True):
        title = entry.findtext(f"{ATOM}title") or ""
        assert one_line(title).endswith(f": {one_line(payload) or '(no title)'}")
        assert item["title"] == title
        assert list(content_faults(item["content_html"])) == []
        body = parse(f"<body>{entry.findtext(f'{ATOM}content')}").body
        assert body is not None
        assert one_line(payload) in one_line(body.text())


@pytest.mark.long
@pytest.mark.corpus
def test_no_payload_of_the_list_becomes_markup() -> None:
    lines = corpus("conformance", "xss-payloads", "xss-payload-list.txt").read_text(
        encoding="utf-8", errors="surrogateescape"
    )
    payloads = lines.splitlines()
    assert len(payloads) > 6_000
    for start in range(0, len(payloads), _PER_FEED):
        check(payloads[start : start + _PER_FEED])


@pytest.mark.corpus
def test_every_naughty_string_arrives() -> None:
    strings = json.loads(corpus("conformance", "naughty-strings", "blns.json").read_text(encoding="utf-8"))
    assert len(strings) > 400
    for start in range(0, len(strings), _PER_FEED):
        check(strings[start : start + _PER_FEED])


@pytest.mark.corpus
def test_feedparser_reads_the_naughty_strings_back() -> None:
    strings = json.loads(corpus("conformance", "naughty-strings", "blns.json").read_text(encoding="utf-8"))
    for start in range(0, len(strings), _PER_FEED):
        part = strings[start : start + _PER_FEED]
        atom, _ = documents(part)
        read = feedparser.parse(atom.body)
        assert not read.bozo
        for text, entry in zip(reversed(part), read.entries, strict=True):
            assert one_line(entry.title).endswith(f": {one_line(text) or '(no title)'}")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://h.example/",
        'https://h.example/"onclick="alert(1)',
        "https://h.example/' style='x",
        "https://h.example/[a]{b}|c^d`e\\f g\u00fc%zz%41?q=\u0430[1]#x",
        "https://b\u00fccher.example/",
        "https://[::1]:80/a[b]",
        "//h.example/x",
        "data:text/html,<script>alert(1)</script>",
        "]]></content><entry>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;&#0;&#x1b;",
        "\x00\x01\x08\x0b\x0c\x1b\x7f\x85\x9b\ud800\udfff\ufdd0\ufffe\uffff\U0001fffe\U0001f6a2",
        "line\rbreak\r\nand\ttab\u2028\u2029",
        "\u202egpj.exe\u2066 \u200f",
        "",
        " \n ",
        "x" * 20_000,
        "https://h.example/" + "x" * 9_000,
    ],
    ids=ascii,
)
def test_payload_in_every_field_does_nothing(payload: str) -> None:
    check([payload, "a second one", payload, payload])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=60), min_size=1, max_size=4))
def test_any_text_in_every_field_does_nothing(payloads: list[str]) -> None:
    check(payloads)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None), max_size=40))
def test_any_search_is_refused_or_answered_by_a_valid_feed(text: str) -> None:
    views = hostile(["one", "two"])
    for name in ("words", "source", "kind", "language", "importance", "before"):
        try:
            document = feeds.changes(views, "atom", query=[(name, text)], place=PLACE)
        except BadRequest:
            continue
        assert faults(document.body) == []


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_link_to_the_original_leads_to_the_web_or_is_none(rest: str) -> None:
    for url in (rest, f"https://h.example/{rest}", f"http://{rest}"):
        address = web_address(url)
        assert address is None or (address.isascii() and address.startswith(("http://", "https://")))


def test_characters_that_reorder_text_are_shown_and_do_nothing() -> None:
    atom, json_feed = documents(["cost \u202e000,81\u202c crowns"])
    for text in (atom.body.decode(), json_feed.body.decode()):
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        assert "cost [U+202E]000,81[U+202C] crowns" in text


def test_words_that_were_searched_for_do_nothing() -> None:
    query = [("words", '"><script>&')]
    document = feeds.changes(FakeViews(), "atom", query=query, place=PLACE)
    assert faults(document.body) == []
    assert urlencode(query).encode() in document.body
