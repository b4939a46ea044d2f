"""The words by which pages name their links."""

from __future__ import annotations

import pytest

from scraper.discover.words import is_call, is_collection, is_comments, is_feed, is_navigation, newsroom_rank

CALLS = ["Read more", "Read more »", "More…", "Learn more about this", "Continue reading", "Mehr erfahren"]
CALLS += ["Weiterlesen", "Lire la suite", "En savoir plus", "Leer más", "Подробнее", "続きを読む", "Transcript", "PDF"]


@pytest.mark.parametrize("text", CALLS)
def test_calls_name_nothing(text: str) -> None:
    assert is_call(text)


@pytest.mark.parametrize(
    "text", ["More aid for the valley", "Reading campaign opens", "Open letter to the council", ""]
)
def test_titles_are_no_calls(text: str) -> None:
    assert not is_call(text)


@pytest.mark.parametrize("text", ["Home", "Contact us", "2", "»", "Next page", "FR", "Privacy policy", "Datenschutz"])
def test_navigation_is_known_by_its_words(text: str) -> None:
    assert is_navigation(text)


@pytest.mark.parametrize(
    "text", ["Contact group meets in the capital", "Home for refugees opens", "Page of history turned"]
)
def test_titles_are_no_navigation(text: str) -> None:
    assert not is_navigation(text)


@pytest.mark.parametrize(
    ("text", "url", "rank"),
    [
        ("Press releases", "/a", 3),
        ("News", "/a", 2),
        ("All news »", "/a", 2),
        ("What's on", "/en/newsroom/", 1),
        ("About us", "/about", 0),
        ("Minister presents the report of the press council to the parliament", "/a", 0),
    ],
)
def test_newsrooms_rank_by_what_their_links_say(text: str, url: str, rank: int) -> None:
    assert newsroom_rank(text, f"https://e.org{url}") == rank


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("RSS", "/x"),
        ("Subscribe to our feed", "/x"),
        ("", "/news/rss.xml"),
        ("", "/feed/"),
        ("", "/?feed=rss2"),
        ("", "/a.rss"),
    ],
)
def test_feeds_are_known_by_word_or_address(text: str, href: str) -> None:
    assert is_feed(text, href)


@pytest.mark.parametrize(
    ("text", "href"), [("Feedback", "/feedback"), ("Atomic energy", "/atomic-energy"), ("", "/news")]
)
def test_other_links_are_no_feeds(text: str, href: str) -> None:
    assert not is_feed(text, href)


def test_comments_and_collections_are_told() -> None:
    assert is_comments("Comments on: a post", "/x")
    assert is_comments("", "https://e.org/comments/feed/")
    assert not is_comments("News", "https://e.org/feed/")
    assert is_collection("https://e.org/tag/council")
    assert is_collection("https://e.org/thema/council/")
    assert not is_collection("https://e.org/news/tag")
