"""What a site asks of programs (RFC 9309)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.robots import Robots, location, of_answer, read
from scraper.model import Failed, Failure, Fetched

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = "https://example.org"
URL = f"{SITE}/robots.txt"


def robots(text: str | bytes, *, status: int | None = 200) -> Robots:
    return read(status, text.encode() if isinstance(text, str) else text, final_url=URL)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="an empty file allows everything"),
        pytest.param("User-agent: *\nDisallow: /", "/a", False, id="everything can be forbidden"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="an empty rule forbids nothing"),
        pytest.param("User-agent: *\nDisallow: /", "/robots.txt", True, id="robots.txt itself is never forbidden"),
        pytest.param("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True, id="the longest match decides"),
        pytest.param("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True, id="of two equal matches, allow"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False, id="wildcards and anchors"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?a", True, id="an anchor is the end"),
        pytest.param("User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/b", False, id="groups merge"),
        pytest.param("User-agent: *\nDisallow: /\nUser-agent: PressWatch\nAllow: /", "/a", True, id="one's own group"),
        pytest.param(
            "User-agent: a\nUser-agent: presswatch\nDisallow: /a", "/a", False, id="a group of several agents"
        ),
        pytest.param("User-agent: press\nDisallow: /", "/a", False, id="a product token is matched at its start"),
        pytest.param("\ufeffUser-agent: *\rDisallow: /a\r", "/a", False, id="a byte order mark and old line ends"),
        pytest.param("User-agent: *\nDisallow: /\u00e9", "/%C3%A9", False, id="ways of percent-encoding are one"),
        pytest.param("user-AGENT : * # all\n disallow : /a # not", "/a", False, id="blanks, case and comments"),
        pytest.param("<!DOCTYPE html><p>User-agent: *\nDisallow: /", "/a", True, id="a web page has no rules"),
        pytest.param(" \n<html>\nUser-agent: *\nDisallow: /", "/a", True, id="nor has one after blanks"),
    ],
)
def test_rules_are_read(text: str, path: str, allowed: bool) -> None:
    assert robots(text).allows(f"{SITE}{path}", "presswatch") is allowed


@pytest.mark.parametrize("status", [300, 302, 400, 401, 403, 404, 410, 429, 451, 499])
def test_a_file_that_is_not_there_forbids_nothing(status: int) -> None:
    known = robots("User-agent: *\nDisallow: /", status=status)
    assert not known.unreachable
    assert known.allows(f"{SITE}/a", "presswatch")


@pytest.mark.parametrize("status", [None, 100, 500, 502, 503, 599, 999])
def test_a_file_that_cannot_be_had_forbids_everything(status: int | None) -> None:
    known = robots("User-agent: *\nAllow: /", status=status)
    assert known.unreachable
    assert not known.allows(f"{SITE}/a", "presswatch")
    assert known.crawl_delay("presswatch") is None
    assert known.sitemaps == ()


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (29, False), (30, True), (400, True)])
def test_after_thirty_days_a_file_that_cannot_be_had_counts_as_none(days: int, allowed: bool) -> None:
    known = read(503, b"", final_url=URL, unreachable_for=timedelta(days=days))
    assert known.allows(f"{SITE}/a", "presswatch") is allowed


def test_a_file_that_is_there_counts_however_long_it_was_not() -> None:
    known = read(200, b"User-agent: *\nDisallow: /", final_url=URL, unreachable_for=timedelta(days=90))
    assert not known.allows(f"{SITE}/a", "presswatch")


def test_the_first_500_kib_are_read_and_no_half_line() -> None:
    filler = b"# " + b"x" * 97 + b"\n"
    head = b"User-agent: *\n" + filler * 5_119
    rule = b"Disallow: /" + b"long" * 30 + b"\n"
    assert len(head) < 500 * 1024 < len(head + rule)
    known = robots(head + rule + b"Disallow: /late\n")
    assert known.allows(f"{SITE}/long", "presswatch")
    assert known.allows(f"{SITE}/late", "presswatch")
    assert not robots(head[:-200] + b"\nDisallow: /late\n").allows(f"{SITE}/late", "presswatch")


@pytest.mark.parametrize(
    ("value", "delay"), [("5", 5.0), ("0.5", 0.5), ("86400", 60.0), ("-1", None), ("nan", None), ("x", None)]
)
def test_a_crawl_delay_is_at_most_a_minute(value: str, delay: float | None) -> None:
    assert robots(f"User-agent: *\nCrawl-delay: {value}").crawl_delay("presswatch") == delay


def test_sitemaps_are_absolute_web_addresses_each_once() -> None:
    lines = ["/a.xml", f"{SITE}/b.xml", f"{SITE}/b.xml", "ftp://x.test/c.xml", "http://[", "//cdn.test/d.xml"]
    known = robots("\n".join(f"Sitemap: {line}" for line in lines))
    assert known.sitemaps == (f"{SITE}/a.xml", f"{SITE}/b.xml", "https://cdn.test/d.xml")


def test_no_more_than_a_hundred_sitemaps_are_named() -> None:
    assert len(robots("\n".join(f"Sitemap: /{n}.xml" for n in range(5_000))).sitemaps) == 100


def test_status_and_text_are_all_there_is_to_store() -> None:
    known = robots("User-agent: *\nDisallow: /a\nCrawl-delay: 2")
    again = Robots(status=known.status, text=known.text)
    assert not again.allows(f"{SITE}/a", "presswatch")
    assert again.crawl_delay("presswatch") == 2.0
    assert Robots(status=known.status, text=known.text, url=known.url) == known


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://example.org/a/b?c#d", URL),
        ("http://example.org:8080/", "http://example.org:8080/robots.txt"),
        ("https://user:pass@example.org/", URL),
    ],
)
def test_each_host_has_its_own_file(url: str, where: str) -> None:
    assert location(url) == where


def test_an_answer_is_read() -> None:
    fetched = Fetched(
        url=URL,
        final_url=URL,
        status=200,
        headers=(),
        body=b"User-agent: *\nDisallow: /",
        started_at=NOW,
        finished_at=NOW,
    )
    assert not of_answer(fetched).allows(f"{SITE}/a", "presswatch")


@pytest.mark.parametrize(
    ("failure", "allowed"),
    [(Failure.REDIRECTS, True), (Failure.DNS, False), (Failure.TIMEOUT, False), (Failure.TLS, False)],
)
def test_redirects_without_end_count_as_no_file_and_other_failures_as_unreachable(
    failure: Failure, allowed: bool
) -> None:
    known = of_answer(Failed(at=NOW, failure=failure, detail=""))
    assert known.allows(f"{SITE}/a", "presswatch") is allowed


# --- hostile files ----------------------------------------------------------------------------------------------------

HOSTILE = {
    "many agents for many rules": "\n".join(f"User-agent: a{n}" for n in range(15_000)) + "\nDisallow: /x" * 20_000,
    "many agents apart": "\n".join(f"User-agent: a{n}\nDisallow: /" for n in range(12_000)),
    "agents kept together by sitemaps": "\n".join(f"User-agent: a{n}\nSitemap: /{n}" for n in range(12_000)),
    "a pattern of wildcards": "User-agent: *\nDisallow: /" + "*a" * 200_000 + "$",
    "many patterns of wildcards": "User-agent: *\n" + "Disallow: /*a*a*a*a*a*a*b\n" * 18_000,
    "one long line": "a" * 512_000,
    "one long line of colons": ":" * 512_000,
    "one long line of blanks": "User-agent:" + " " * 500_000 + "*",
    "many percent signs": "User-agent: *\nDisallow: /" + "%" * 500_000,
    "many dollars": "User-agent: *\nDisallow: /" + "$" * 500_000,
    "NUL": "User-agent: *\nDisallow: /\0\nDisallow: /a\0b",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little(kind: str) -> None:
    began = time.process_time()
    known = robots(HOSTILE[kind])
    known.allows(f"{SITE}/" + "a" * 2_000, "presswatch")
    assert time.process_time() - began < 10


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_are_rules(body: bytes, path: str) -> None:
    known = robots(b"User-agent: *\nDisallow: /" + body)
    known.allows(SITE + "/" + path, "presswatch")
    known.allows(path, path)
    known.crawl_delay("presswatch")
    assert all(url.startswith("http") for url in known.sitemaps)
