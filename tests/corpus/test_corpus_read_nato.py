"""The founding page, read from its real text in every shape that its markup may have had."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scraper.model import BlockKind, Precision, Release
from scraper.read import extract

pytestmark = pytest.mark.corpus

ROOT = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("PRESSWATCH_CORPORA") or ROOT.parent / "shared") / "corpora" / "nato"
SHAPES = sorted((ROOT / "tests" / "unit" / "read" / "shapes").glob("*.html"))
BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "https://www.nato.int/cps/en/natohq/news_89780.htm"

if not CORPORA.is_dir():
    pytest.skip(f"no corpus at {CORPORA}", allow_module_level=True)

LINES = [line.strip() for line in (CORPORA / "release_2012-09-07.txt").read_text().splitlines() if line.strip()]
TITLE, LEDE, CAPTION, PARAGRAPHS = LINES[0], LINES[4], LINES[5], LINES[6:]
STAMPS = json.loads((CORPORA / "stamps.json").read_text())


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
