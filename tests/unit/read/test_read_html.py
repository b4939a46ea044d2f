"""A document tree in bounded time."""

from __future__ import annotations

import pytest

from scraper.html import MAX_BYTES, Unparsable, parse


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 4_000,
        "<div></x>" * 4_000,
        "<svg><g>" * 4_000,
        "<p " + " ".join(f"a{n}" for n in range(30_000)) + ">",
        '<p a=">" ' + " ".join(f"a{n}" for n in range(30_000)) + ">",
        "<p " + "".join(f'a{n}=""' for n in range(25_000)) + ">",
        "<p/" + "/".join(f"a{n}" for n in range(30_000)) + ">",
        "".join("<body " + " ".join(f"a{n}" for n in range(at, at + 50)) + ">" for at in range(0, 25_000, 50)),
        "<b>" * 600 + "<p>x</p>" * 1_000,
        "x" * (MAX_BYTES + 1),
    ],
    ids=[
        "deep",
        "deep with stray ends",
        "deep in another language",
        "attributes",
        "attributes behind a sign",
        "attributes without a space",
        "attributes between slashes",
        "few attributes of each of many tags that are one element",
        "bold that is never closed",
        "large",
    ],
)
def test_what_would_cost_too_much_is_refused(markup: str) -> None:
    with pytest.raises(Unparsable):
        parse(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" * 20_000,
        "<li>" * 20_000,
        "<br>" * 20_000,
        "<div></div>" * 20_000,
        '<img src="data:image/png;base64,' + "A" * 400_000 + '">',
        "<script>" + "if(a<b){c()}" * 20_000 + "</script>",
        "<script>" + "a, b = c;" * 12_000 + "</script>",
        "<script>" + "a = b ; " * 20_000 + "</script>",
        "<p><b>x</b></p>" * 600,
        "<body " + " ".join(f"a{n}" for n in range(15_000)) + "><p>" + "x" * 50_000,
    ],
    ids=[
        "paragraphs",
        "items",
        "breaks",
        "siblings",
        "an image in an attribute",
        "a long script",
        "a long script without a tag's sign",
        "one with as many spaces as costly attributes have",
        "words in bold",
        "a root with many attributes, and a long text",
    ],
)
def test_what_only_looks_costly_is_parsed(markup: str) -> None:
    assert parse(markup).body is not None


def test_the_same_text_is_parsed_from_its_own_bytes() -> None:
    markup = "<p>Réunion des ministres – «à Évian»</p>"
    assert parse(markup, markup.encode()).html == parse(markup).html
