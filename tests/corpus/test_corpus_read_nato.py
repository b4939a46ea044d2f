"""The founding page, read from its real text in every shape that its markup may have had."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from corpora import CORPORA

from scraper import dates
from scraper.model import BlockKind, Precision, Release
from scraper.read import extract

pytestmark = pytest.mark.corpus

ROOT = Path(__file__).parents[2]
FOLDER = CORPORA / "nato"
SHAPES = sorted((ROOT / "tests" / "unit" / "read" / "shapes").glob("*.html"))
BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "https://www.nato.int/cps/en/natohq/news_89780.htm"

if not FOLDER.is_dir():
    pytest.skip(f"no corpus at {FOLDER}", allow_module_level=True)

LINES = [line.strip() for line in (FOLDER / "release_2012-09-07.txt").read_text().splitlines() if line.strip()]
TITLE, LEDE, CAPTION, PARAGRAPHS = LINES[0], LINES[4], LINES[5], LINES[6:]
STAMPS = json.loads((FOLDER / "stamps.json").read_text())


def read(shape: Path, *, published: str, updated: str, title: str = TITLE) -> Release:
    """The founding text in a shape, under a header."""
    filled = {
        "title": title,
        "published": published,
        "updated": updated,
        "lede": LEDE,
        "caption": CAPTION,
        "paragraphs": "\n".join(f"<p>{text}</p>" for text in PARAGRAPHS),
        "lines": "<br><br>".join(PARAGRAPHS),
    }
    markup = shape.read_text()
    for name, text in filled.items():
        markup = markup.replace("{{" + name + "}}", text)
    return extract(markup.encode(), URL, zone=BRUSSELS)


@pytest.fixture(params=SHAPES, ids=lambda path: path.stem)
def shape(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_founding_release_is_read_exactly(shape: Path) -> None:
    release = read(shape, published=LINES[1].lstrip("• "), updated=LINES[3].lstrip("• "))
    assert release.title == TITLE
    assert release.published is not None
    assert (release.published.at, release.published.precision) == (datetime(2012, 9, 7, tzinfo=UTC), Precision.DAY)
    assert release.stamp is not None
    assert release.stamp.at.astimezone(BRUSSELS) == datetime(2012, 9, 7, 12, 46, tzinfo=BRUSSELS)
    texts = [block.text for block in release.blocks]
    assert texts[0] == LEDE
    assert sorted(texts) == sorted([LEDE, CAPTION, *PARAGRAPHS])
    assert [text for text in texts if text in PARAGRAPHS] == PARAGRAPHS
    assert [block.text for block in release.blocks if block.kind is BlockKind.CAPTION] == [CAPTION]
    assert not release.signals


@pytest.mark.parametrize("entry", STAMPS, ids=[f"{n} {entry['updated_text']}" for n, entry in enumerate(STAMPS)])
def test_every_known_header_is_read(shape: Path, entry: dict[str, str | list[str] | None]) -> None:
    published, updated, title = entry["published_text"], entry["updated_text"], entry["title"]
    assert isinstance(updated, str)
    assert isinstance(title, str)
    lines = [published or "", *(entry["header_lines"] or [])]
    release = read(shape, published="</li><li>".join(str(line) for line in lines), updated=updated, title=title)
    assert (release.published and release.published.at.date().isoformat()) == entry["published"]
    assert release.stamp is not None
    assert release.stamp.at.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M") == entry["updated"]
    assert release.stamp.raw == updated
    assert release.title == title


# --- listings and notes

LISTINGS = json.loads((FOLDER / "listings.json").read_text())
DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]{2}\.? \d{4}\b")
ITEMS = [
    (listing["url"], text)
    for listing in LISTINGS
    for text in DAY.findall(" ".join(str(value) for key, value in listing.items() if key != "url"))
]


def test_every_listing_with_a_dated_item_is_looked_at() -> None:
    dated = {listing["url"] for listing in LISTINGS if {"newest_item", "item_at_offset", "item"} & set(listing)}
    assert len(LISTINGS) == 17
    assert dated <= {url for url, _ in ITEMS}


@pytest.mark.parametrize("text", sorted({text for _, text in ITEMS}))
def test_every_date_of_a_listing_is_read(text: str) -> None:
    expected = datetime.strptime(text.replace(".", ""), "%d %b %Y").replace(tzinfo=UTC)
    for written in (text, f"{text} -", f"A headline of a release {text} and its summary"):
        (moment,) = dates.find(written, zone=BRUSSELS)
        assert (moment.at, moment.precision) == (expected, Precision.DAY)
    parsed = dates.parse(text, zone=BRUSSELS)
    assert parsed is not None
    assert parsed.at == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Last updated: 07 Sep. 2012 12:46", "2012-09-07T12:46"),
        ("Last updated 25-May-2017 09:01", "2017-05-25T09:01"),
        ("Mis à jour le: 26 Mar. 2012 15:33", "2012-03-26T15:33"),
    ],
)
def test_stamps_of_the_notes_are_read(shape: Path, text: str, expected: str) -> None:
    release = read(shape, published="", updated=text)
    assert release.stamp is not None
    assert release.stamp.at.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M") == expected
    assert (release.stamp.raw, release.stamp.zone_assumed) == (text, True)
    assert release.published is None


def test_date_of_the_old_feed_is_read() -> None:
    text = "19 Sep. 2025 12:00:00 GMT"
    moment = dates.parse(text, zone=BRUSSELS)
    assert moment is not None
    assert moment.at == parsedate_to_datetime("Fri, 19 Sep 2025 12:00:00 GMT")


def test_page_as_it_was_stored_is_read(shape: Path) -> None:
    """The header of page_news_89780.txt is that of the founding release, and so is what is read of it."""
    stored = (FOLDER / "page_news_89780.txt").read_text().splitlines()
    header = [line.strip().lstrip("• ") for line in stored if line.strip().startswith("•")]
    published, separator, updated = header
    assert separator == "|"
    release = read(shape, published=published, updated=updated, title=stored[1])
    assert release.published is not None
    assert release.published.at == datetime(2012, 9, 7, tzinfo=UTC)
    assert release.stamp is not None
    assert release.stamp.at.astimezone(BRUSSELS) == datetime(2012, 9, 7, 12, 46, tzinfo=BRUSSELS)
