"""The page that the product was made for: a headline, a list with the dates, a lede, a caption, paragraphs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scraper.model import BlockKind, Origin, Precision, Release
from scraper.read import extract

SHAPES = sorted((Path(__file__).parent / "shapes").glob("*.html"))
BRUSSELS = ZoneInfo("Europe/Brussels")
TITLE = "Alliance Office commends the progress of the harbour programme"
LEDE = (
    "The head of the Alliance Office commended the harbour programme for its progress and called for closer "
    "cooperation of the coastal administrations during a first visit to the region on Friday."
)
CAPTION = "The head of the Alliance Office (right) and the director of the programme (left) on their way to the quay"
PARAGRAPHS = [
    (
        "The office thanked the region for its part in the survey of the northern routes, and relayed the members’ "
        "thanks for the additional support given to pilots and transit lines. The region is also helping to fund "
        "the training of harbour engineers, and it will continue to do so after the survey ends in 2014."
    ),
    (
        "“Our relations are developing steadily,” the office said after the talks. “We appreciate the support "
        "provided by your crews.” The programme is an opportunity to build a solid, long-term partnership."
    ),
    (
        "The region was urged to keep up the pace of the reform as well. The office is assisting it, helping to remove "
        "12 wrecks from the old fairway, one of the biggest such projects on this coast."
    ),
]


def page(shape: Path, *, published: str, updated: str, paragraphs: list[str] | None = None) -> bytes:
    """A page of a shape, filled in."""
    texts = PARAGRAPHS if paragraphs is None else paragraphs
    filled = {
        "title": TITLE,
        "published": published,
        "updated": updated,
        "lede": LEDE,
        "caption": CAPTION,
        "paragraphs": "\n".join(f"<p>{text}</p>" for text in texts),
        "lines": "<br /><br />\n".join(texts),
    }
    markup = shape.read_text()
    for name, text in filled.items():
        markup = markup.replace("{{" + name + "}}", text)
    return markup.encode()


def read(
    shape: Path, *, published: str = "07 Sep. 2012 -", updated: str = "Last updated: 07 Sep. 2012 12:46"
) -> Release:
    return extract(
        page(shape, published=published, updated=updated), "https://office.example/news_1.htm", zone=BRUSSELS
    )


@pytest.fixture(params=SHAPES, ids=lambda path: path.stem)
def shape(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_headline_is_the_one_shown(shape: Path) -> None:
    assert read(shape).title == TITLE


def test_body_is_lede_caption_and_paragraphs_and_nothing_else(shape: Path) -> None:
    texts = [block.text for block in read(shape).blocks]
    assert sorted(texts) == sorted([LEDE, CAPTION, *PARAGRAPHS])
    assert texts[0] == LEDE
    assert [text for text in texts if text in PARAGRAPHS] == PARAGRAPHS


def test_caption_is_known_as_one(shape: Path) -> None:
    assert [block.text for block in read(shape).blocks if block.kind is BlockKind.CAPTION] == [CAPTION]


def test_publication_is_the_day_shown(shape: Path) -> None:
    published = read(shape).published
    assert published is not None
    assert published.at == datetime(2012, 9, 7, tzinfo=UTC)
    assert published.precision is Precision.DAY


def test_stamp_is_read_in_the_zone_of_the_source(shape: Path) -> None:
    stamp = read(shape).stamp
    assert stamp is not None
    assert stamp.at == datetime(2012, 9, 7, 10, 46, tzinfo=UTC)
    assert stamp.precision is Precision.MINUTE
    assert stamp.zone_assumed
    assert stamp.origin is Origin.TEXT
    assert stamp.raw == "Last updated: 07 Sep. 2012 12:46"


@pytest.mark.parametrize(
    ("published", "updated", "day", "moment"),
    [
        ("31 Jan. 2013 -", "Last updated: 30 Jan. 2013 13:32", "2013-01-31", "2013-01-30T13:32"),
        ("19 Jun. 2014 -", "Last updated 20-Jun-2014 14:17", "2014-06-19", "2014-06-20T14:17"),
        ("23 Mar. 2012", "Mis à jour le: 26 Mar. 2012 15:33", "2012-03-23", "2012-03-26T15:33"),
        ("4 Dec. 2021 -", "Last updated: 14 Dec. 2021 16:57", "2021-12-04", "2021-12-14T16:57"),
        ("24 May. 2017 -", "Last updated 25-May-2017 09:01", "2017-05-24", "2017-05-25T09:01"),
    ],
    ids=["stamp before publication", "dashes and no colon", "French label", "one-digit day", "May with a full stop"],
)
def test_every_spelling_of_the_header_is_read(shape: Path, published: str, updated: str, day: str, moment: str) -> None:
    release = read(shape, published=published, updated=updated)
    assert release.published is not None
    assert release.published.at.date().isoformat() == day
    assert release.stamp is not None
    assert release.stamp.at.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M") == moment
    assert release.stamp.raw == updated


def test_stamp_without_a_publication_is_no_publication(shape: Path) -> None:
    release = read(shape, published="", updated="Last updated 17-Nov-2014 17:29")
    assert release.published is None
    assert release.stamp is not None
    assert release.stamp.raw == "Last updated 17-Nov-2014 17:29"


@pytest.mark.parametrize("number", range(len(PARAGRAPHS)))
def test_each_changed_word_shows(shape: Path, number: int) -> None:
    changed = [text.replace("the", "this", 1) if n == number else text for n, text in enumerate(PARAGRAPHS)]
    before = extract(
        page(shape, published="07 Sep. 2012", updated="", paragraphs=PARAGRAPHS), "https://office.example/a"
    )
    after = extract(page(shape, published="07 Sep. 2012", updated="", paragraphs=changed), "https://office.example/a")
    assert before.blocks != after.blocks
