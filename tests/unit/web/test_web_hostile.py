"""Scraped text in every field of every page: it is shown, and it does nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hostile_views import hostile, payload_list
from hypothesis import given, settings
from hypothesis import strategies as st
from web_views import NOW

from presswatch.web import changes, diffs, evidence, found, releases, source, sources, status
from presswatch.web.page import Page
from presswatch.web.rendering import render
from presswatch.web.visitor import Visitor
from scraper.html import Document, parse

_ELEMENTS = frozenset(
    """html head meta title link body a header nav main footer p h1 h2 h3 form label select option button input section
    article div span time bdi q dl dt dd ol ul li table thead tbody tr th td ins del strong code pre blockquote br mark
    script details summary figure figcaption svg line path rect circle desc text kbd abbr nav dialog textarea
    """.split()
)
_ATTRIBUTES = frozenset(
    """lang dir charset name content rel href type class id action method for value selected datetime title role
    tabindex scope maxlength size aria-describedby
    aria-label aria-current aria-hidden min max required download src defer aria-labelledby hidden list
    inputmode step multiple open form formaction aria-pressed rows data-change data-key
    data-at data-numbers width height x y x1 x2 y1 y2 r rx d transform overflow text-anchor rel colspan""".split()
)
_PER_PAGE = 25


def pages(payloads: Sequence[str]) -> Iterator[Page]:
    """Every page of a hostile site."""
    views = hostile(payloads)
    owner = {"visitor": Visitor(owns=True, name=payloads[0])}

    def owned(page: Page) -> Page:
        return replace(page, values={**page.values, **owner})

    yield changes.changes(views, query=[])
    yield changes.changes(views, query=[("source", payloads[0]), ("kind", "new"), ("before", "9")])
    yield owned(changes.changes(views, query=[("importance", "0.1")], is_marked=True))
    yield owned(changes.changes(views, query=[("words", payloads[0]), ("from", payloads[0])], is_marked=True))
    yield owned(releases.release(views, 1, query={}, address="https://watch.example", is_marked=True))
    yield owned(diffs.diff(views, 1, query={}, is_marked=True))
    yield releases.release(views, 1, query={}, address="https://watch.example")
    yield diffs.diff(views, 1, query={})
    yield diffs.diff(views, 1, query={"view": "side"})
    yield releases.revision(views, 1, 2, address="https://watch.example")
    yield evidence.evidence(views, 1, 2)
    yield sources.sources(views, now=NOW)
    yield source.source(views, 1, now=NOW)
    yield status.status(views, now=NOW)
    yield found.search_page(views, query={"words": "x", "where": "vanished"})
    yield found.search_page(views, query={"words": payloads[0][:200], "source": payloads[0]})


def check(document: Document, markup: str) -> None:
    """Nothing but what the templates themselves write."""
    for node in document.css("*"):
        assert node.tag in _ELEMENTS, markup
        attributes = node.attributes
        assert set(attributes) <= _ATTRIBUTES, (node.tag, attributes)
        assert node.tag != "script" or (attributes.get("src") or "").startswith("/static/")
        target = attributes.get("href") or attributes.get("action") or ""
        assert target.startswith(("/", "#", "http://", "https://")) or not target, target
        assert not target.startswith("//"), target
        if target.startswith("http"):
            assert attributes.get("rel") == "noopener noreferrer nofollow"
    assert len(document.css("main")) == len(document.css("body > footer")) == 1


def check_all(payloads: Sequence[str]) -> None:
    for page in pages(payloads):
        markup = render(page.template, page.values)
        check(parse(markup), markup)


@pytest.mark.corpus
@pytest.mark.long
def test_no_payload_of_the_list_becomes_markup() -> None:
    payloads = payload_list()
    assert len(payloads) > 6_000
    for start in range(0, len(payloads), _PER_PAGE):
        check_all(payloads[start : start + _PER_PAGE])


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        'https://h.example/"onclick="alert(1)',
        "https://h.example/' style='x",
        "</title></textarea></pre><svg onload=alert(1)>",
        "{{ 7 * 7 }}{% include 'base.html' %}",
        "\x00\x0b\x1b\x7f\x9b\ud800\ufffe\U0001f6a2",
        "\u202egpj.exe\u2066",
        "-->]]><!--",
        "&lt;script&gt;&#x3c;",
        "",
        " ",
    ],
)
def test_payload_in_every_field_does_nothing(payload: str) -> None:
    check_all([payload, "a second one"])


@pytest.mark.parametrize("payload", ["<b>bold</b> & {{ 7 * 7 }}", "a \"quote\" and 'another'", "&amp; &lt;"])
def test_payload_is_shown_as_it_was_written(payload: str) -> None:
    for page in pages([payload]):
        body = parse(render(page.template, page.values)).body
        assert body is not None
        assert payload in body.text()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), min_size=0, max_size=60), min_size=1, max_size=3))
def test_any_text_in_every_field_does_nothing(payloads: list[str]) -> None:
    check_all(payloads)


def test_characters_that_reorder_text_are_shown_and_do_nothing() -> None:
    page = render("problem.html", {"title": "cost \u202e000,81\u202c crowns", "text": "\u2066a\u2069"})
    assert not set(page) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "cost [U+202E]000,81[U+202C] crowns" in page
