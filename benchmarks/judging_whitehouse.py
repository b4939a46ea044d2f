"""Press releases of a government by their feed, twice a day: five true edits among forty-eight apparent ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.judging_files import moment, rows
from benchmarks.judging_looks import Newsroom, seen
from benchmarks.judging_table import Line
from scraper.model import Block, BlockKind, Change, Kind, Origin, Precision, Release, Stamp

__all__ = ["measure"]

_TEXT = (Kind.EDITED, Kind.SILENTLY_EDITED)
_HOME = "https://www.whitehouse.gov/briefings-statements/"


def measure(traces: Path) -> tuple[list[Line], list[str]]:
    """The lines of the table, and each report that is no true edit or each true edit not reported."""
    folder = traces / "whitehouse-briefings"
    room = Newsroom(home=_HOME, learns=False)
    first = True
    for row in rows(folder / "raw.jsonl.xz"):
        at = moment(row["captured_at"])
        for url, release in _items(row["xml"]):
            room.visit(lambda now, url=url, release=release: seen(release, url, now), url, at, quiet=first)  # type: ignore[misc]
        first = False
    told = [change for change in room.changes if change.kind is not Kind.NEW]
    true = {(edit["url"], moment(edit["captured_at"])) for edit in json.loads((folder / "real_edits.json").read_text())}
    hits = {(change.url, change.not_after) for change in told if change.kind in _TEXT} & true
    false = [change for change in told if (change.url, change.not_after) not in true]
    lines = [
        Line(set=folder.name, what="true edits reported, of 5", seen=len(hits), bar="5", is_met=len(hits) == len(true)),
        Line(set=folder.name, what="false reports, of 43 apparent edits", seen=len(false), bar="0", is_met=not false),
    ]
    missed = [f"missed: {url} {at}" for url, at in sorted(true - hits)]
    return lines, [*missed, *map(_told, false)]


def _told(change: Change) -> str:
    return f"false: {change.not_after:%Y-%m-%d %H:%M} {change.kind.value} {change.url[-70:]} {change.reason}"


def _items(xml: str) -> Iterator[tuple[str, Release]]:
    for item in ET.fromstring(xml).iter("item"):
        url, text = item.findtext("link") or "", item.findtext("description") or ""
        if url:
            yield url, _release(item.findtext("title") or "", text, item.findtext("pubDate"))


def _release(title: str, text: str, published: str | None) -> Release:
    paragraphs = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.split("\n\n") if line.strip())
    stamp = None if published is None else _stamp(parsedate_to_datetime(published), published)
    return Release(title=title, blocks=paragraphs, published=stamp, language="en")


def _stamp(at: datetime, raw: str) -> Stamp:
    return Stamp(at=at, precision=Precision.SECOND, raw=raw, origin=Origin.LISTING)
