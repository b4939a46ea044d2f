"""Which of several times is believed, and why: each test is a small page of its own (synthetic) and one claim."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.html import parse
from scraper.model import Claim, Origin, Precision, Release
from scraper.read import extract
from scraper.read.machine import of_server
from scraper.read.stamps import Place, Reading, read_dates
from scraper.read.structured import read_declared
from scraper.read.walk import flatten

URL = "https://office.example/news/harbour"
PROSE = "".join(
    f"<p>{text}</p>"
    for text in (
        "The harbour office opened the northern basin on Tuesday after eleven months of work on its walls and gates.",
        "Ships of up to 90 metres can now turn inside the basin, which halves the time of a manoeuvre for the pilots.",
        "The work cost 12 million, a tenth less than planned, because the old sheet piling could be used again.",
    )
)


def read(line: str = "", *, head: str = "", behind: str = "", url: str = URL, language: str = "en") -> Release:
    article = f"<h1>Harbour opens its northern basin</h1>{line}{PROSE}{behind}"
    markup = f"<html lang='{language}'><head>{head}</head><body><main><article>{article}</article></main></body></html>"
    return extract(markup.encode(), url)


def meta(published: str, *, updated: str = "") -> str:
    head = f"<meta property='article:published_time' content='{published}'>"
    return head + (f"<meta property='article:modified_time' content='{updated}'>" if updated else "")


def day(release: Release) -> date | None:
    """The calendar day of publication as the page tells it."""
    published = release.published
    return published and (published.day or published.at.date())


def reasons(release: Release, *, updated: bool = False) -> list[Claim]:
    return [claim for claim in release.claims if claim.updated is updated]


# --- the day


@pytest.mark.parametrize(
    ("head", "line", "url", "expected"),
    [
        (meta("2021-05-07T21:25:54-05:00"), "", URL, date(2021, 5, 7)),
        (meta("2021-05-08T02:25:54Z"), "", "https://office.example/2021/05/07/harbour", date(2021, 5, 7)),
        (meta("2021-05-08T02:25:54Z"), "<p>May 7, 2021</p>", URL, date(2021, 5, 7)),
        (meta("2021-05-06T22:00:00Z"), "<p>7 May 2021</p>", URL, date(2021, 5, 7)),
        ("", "<time datetime='2021-05-08T02:25:54Z'>May 7, 2021</time>", URL, date(2021, 5, 7)),
        (meta("2021-05-08T14:25:54Z"), "<p>May 8, 2021</p>", URL, date(2021, 5, 8)),
    ],
    ids=[
        "declared with its offset",
        "held by the address",
        "shown beside the headline",
        "stored as a local midnight",
        "shown by the element that declares it",
        "the same in both",
    ],
)
def test_day_is_the_newsroom_s_own(head: str, line: str, url: str, expected: date) -> None:
    assert day(read(line, head=head, url=url)) == expected


def test_exact_time_is_kept_where_another_claim_tells_its_day() -> None:
    published = read("<p>May 7, 2021</p>", head=meta("2021-05-08T02:25:54Z")).published
    assert published is not None
    assert (published.at, published.day) == (datetime(2021, 5, 8, 2, 25, 54, tzinfo=UTC), date(2021, 5, 7))


# --- what is shown against what is declared


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        (meta("2021-05-03T08:00:00Z"), "<p>7 May 2021</p>", date(2021, 5, 7)),
        (meta("2021-05-03T08:00:00Z", updated="2021-05-07T09:00:00Z"), "<p>7 May 2021</p>", date(2021, 5, 3)),
        (meta("2021-05-03T08:00:00Z", updated="2021-05-04T09:00:00Z"), "<p>7 May 2021</p>", date(2021, 5, 3)),
        (meta("2021-05-07T09:00:00Z"), "<p>Published: 3 May 2021</p>", date(2021, 5, 3)),
        (meta("2021-05-07T09:00:00Z"), "<p>Updated: 9 May 2021</p>", date(2021, 5, 7)),
        (meta("2021-05-07T18:30:00+02:00"), "<p>8 May 2021</p>", date(2021, 5, 7)),
    ],
    ids=[
        "the shown day of a release that was drafted before",
        "not where it is that of the update",
        "not where it is later than any update",
        "a label is believed",
        "that of an update is none of a publication",
        "tomorrow's paper",
    ],
)
def test_shown_day_is_weighed_against_the_declared_one(head: str, line: str, expected: date) -> None:
    assert day(read(line, head=head)) == expected


@pytest.mark.parametrize(
    ("line", "url", "expected"),
    [
        ("<p>Published: 5/7/2021</p>", "https://office.example/2021/05/07/harbour", date(2021, 5, 7)),
        ("<p>Published: 5/7/2021</p>", URL, date(2021, 7, 5)),
        ("<p>5.7.2021</p>", URL, date(2021, 7, 5)),
    ],
    ids=["the address decides", "the day first where nothing does", "full stops are European"],
)
def test_numbers_are_read_so_that_claims_agree(line: str, url: str, expected: date) -> None:
    assert day(read(line, url=url)) == expected


def test_update_is_not_read_before_the_publication() -> None:
    release = read("<p>Updated 11.02.21, 11:52</p>", head=meta("2021-11-01T08:00:00Z"))
    assert release.stamp is not None
    assert release.stamp.at == datetime(2021, 11, 2, 11, 52, tzinfo=UTC)


# --- where publications are found


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='w-published-date' content='2021-05-07T06:03:43.274Z'>",
        "<meta name='article:published_time' value='2021-05-07T06:03:43Z'>",
        "<script>dataLayer.push({'cmsPublishingDate': '2021-05-07'});</script>",
        '<script>var page = {"publish_date":"2021\\/05\\/07","title":"Harbour"};</script>',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-05-07",}</script>',
        '<script type="application/ld+json">{"@type": "HowTo", "headline": "", "datePublished": "2021-05-07"}</script>',
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "1620367200000"}</script>',
        "<meta name='description' content='Basin opened (published on 7 May 2021)'>",
    ],
    ids=[
        "in a name that is in no list", "in an archive's value", "in a data layer", "in a script's object",
        "in JSON-LD with a stray comma", "in JSON-LD of another type", "in milliseconds", "in the description",
    ],
)  # fmt: skip
def test_publication_is_found_where_news_systems_put_it(head: str) -> None:
    assert day(read(head=head)) == date(2021, 5, 7)


@pytest.mark.parametrize(
    "first",
    [
        "(7 May 2021) The harbour office opened the northern basin after eleven months of work on its walls.",
        "BREMEN, 7 May 2021 – The harbour office opened the northern basin after eleven months of work on its walls.",
        "Karlsruhe, (07.05.2021). The harbour office opened the northern basin after eleven months of work.",
        "7 May 2021 - The harbour office opened the northern basin after eleven months of work on its walls.",
    ],
)
def test_dateline_tells_the_publication(first: str) -> None:
    assert day(read(f"<p>{first}</p>")) == date(2021, 5, 7)


@pytest.mark.parametrize(
    "noise",
    [
        "<p>On 7 May 2021 the office had said that the basin would open in the spring of the following year.</p>",
        "<p>The plan, published on 7 May 2021, names three basins that are to follow in the years to come.</p>",
        "<p>Joined: 7 May 2021</p>",
        "<blockquote><p>We will open the basin.</p><p>7 May 2021</p></blockquote>",
        "<p>Date: 7 May 2021</p><p>Time: 12:00 - 17:00</p><p>Location: Harbour office</p>",
        "<h3>Recent news</h3><div>7 May 2021</div><div><a href='/b'>The office hires thirty new pilots</a></div>",
        "<ul><li><a href='/b'>The office hires thirty pilots</a> <span>7 May 2021</span></li></ul>",
        "<h3>Last reviewed</h3><p>7 May 2021</p>",
    ],
    ids=["prose", "prose with a label", "a member", "a quotation", "an event", "news behind", "a list", "a review"],
)
def test_date_of_something_else_is_no_publication(noise: str) -> None:
    assert read(behind=noise).published is None


# --- updates


@pytest.mark.parametrize(
    "line",
    [
        "<p>Posted on <time class='published updated' datetime='2021-05-07T08:00:00Z'>7 May</time></p>",
        "<time class='updated' datetime='2021-05-07T08:00:00Z'>7 May 2021</time>",
    ],
    ids=["named both", "named an update at the time of the publication"],
)
def test_class_of_a_microformat_is_no_visible_update(line: str) -> None:
    release = read(line, head=meta("2021-05-07T08:00:00Z", updated="2021-05-09T08:00:00Z"))
    assert [(stamp.origin, stamp.at.day) for stamp in release.stamps] == [(Origin.META, 9)]


@pytest.mark.parametrize(
    "line",
    [
        "<h3>Content current as of:</h3><p><time datetime='2021-05-07T00:00:00Z'>05/07/2021</time></p>",
        "<p><strong>Last Update Posted</strong> : May 7, 2021</p>",
        "<ul><li>7 May 2021 -</li><li>|</li><li>Last updated: 07 May. 2021 00:00</li></ul>",
    ],
    ids=["a heading and a time", "two labels in one", "a list"],
)
def test_visible_update_is_read_in_the_shapes_of_institutions(line: str) -> None:
    release = read(line, language="en-us")
    assert release.stamp is not None
    assert (release.stamp.at.date(), release.stamp.origin) == (date(2021, 5, 7), Origin.TEXT)


def test_site_s_own_update_is_none_of_the_page() -> None:
    footer = "</article></main><footer><p>Privacy policy last updated: 9 May 2021</p></footer>"
    assert read(behind=footer).stamps == ()


# --- the server


@pytest.mark.parametrize(
    "header",
    ["Fri, 07 May 2021 08:49:37 GMT", "Friday, 07-May-21 08:49:37 GMT", "Fri May  7 08:49:37 2021"],
    ids=["IMF-fixdate", "RFC 850", "asctime"],
)
def test_last_modified_is_a_stamp_of_its_own(header: str) -> None:
    stamp = of_server(header)
    assert stamp is not None
    assert (stamp.at, stamp.origin) == (datetime(2021, 5, 7, 8, 49, 37, tzinfo=UTC), Origin.HTTP)
    assert stamp.precision is Precision.SECOND
    assert not stamp.zone_assumed


@pytest.mark.parametrize("header", [None, "", "0", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "2021-05-07"])
def test_header_that_tells_nothing_is_none(header: str | None) -> None:
    assert of_server(header) is None


@given(st.text(max_size=60))
def test_any_header_is_a_stamp_or_none(header: str) -> None:
    stamp = of_server(header)
    assert stamp is None or stamp.origin is Origin.HTTP


def test_server_s_time_comes_last_and_is_never_the_stamp() -> None:
    document = parse(f"<h1>Harbour</h1><p>Updated: 7 May 2021</p>{PROSE}")
    declared = read_declared(document, URL)
    page = flatten(document)
    told = read_dates(page, declared, Place(0, (2, 3, 4)), Reading(UTC, "en"), URL, "Sun, 09 May 2021 08:49:37 GMT")
    assert [stamp.origin for stamp in told.stamps] == [Origin.TEXT, Origin.HTTP]
    alone = Release(title="", blocks=(), stamps=told.stamps[1:])
    assert alone.stamp is None


# --- what is said of it


def test_every_claim_says_why() -> None:
    release = read("<p>7 May 2021</p><p>Updated: 9 May 2021</p>", head=meta("2021-05-07T08:00:00Z"))
    assert all(claim.why for claim in release.claims)
    believed = [claim for claim in release.claims if claim.believed]
    assert [claim.stamp for claim in believed] == [release.published, *release.stamps]
    assert release.claims[: len(believed)] == tuple(believed)
    unbelieved = [claim.why for claim in reasons(release) if not claim.believed]
    assert unbelieved == ["it stands beside the headline without a label; another is more believed"]


def test_claims_are_bounded() -> None:
    dates = "".join(f"<p>Updated: {n % 28 + 1} May 20{n % 20:02}</p>" for n in range(300))
    assert len(read(dates).claims) == 40


PIECES = ["7 May 2021", "Updated: ", "<p>", "</p>", "<time datetime='2021-05-07T08:00:00Z'>", "</time>", "<li>", "<br>"]
PIECES += ["Published ", "<h1>", "<blockquote>", "5/7/21 ", "<a href=/x>", "</a>", "Stand: ", "(", ")", "text. "]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_page_keeps_the_books(pieces: list[str]) -> None:
    release = extract(("x" + "".join(pieces)).encode(), URL)
    believed = [claim.stamp for claim in release.claims if claim.believed]
    assert believed == [stamp for stamp in (release.published, *release.stamps) if stamp]
