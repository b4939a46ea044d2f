"""What stands beside a list page's links: dates and summaries.

A date is one that stands by itself: a ``<time>``, a piece of text, a line, the beginning or end of a line. What pages
put between rows (the ``dt`` before a ``dd``, a date as heading over its day's releases) is read from the gap before or
after a row. A date amid a sentence is what the sentence is about, and dates nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import tzinfo

from scraper import dates
from scraper.discover.entries import stamp
from scraper.discover.outline import Outline
from scraper.discover.rows import Row
from scraper.model import Precision, Stamp

__all__ = ["date_rows", "summary"]

_MAX_GAP = 12
_MAX_PIECE = 60
_MAX_LINE = 400
_MAX_PART = 12
_EDGE = 12
_LONG = 60
_DIGIT = re.compile(r"\d")


def date_rows(page: Outline, found: list[Row], *, zone: tzinfo) -> None:
    """Give rows the dates that stand beside them; those without a zone are read in ``zone``."""
    moments = _times(page)
    for row in found:
        row.published = _own_date(page, row, moments, zone=zone)
    listed = [row for row in found if not (row.navigation or row.collection) and row.words >= 2]
    if sum(row.published is not None for row in listed) * 2 < len(listed):
        _date_from_gaps(page, listed, zone=zone)


def _times(page: Outline) -> list[tuple[int, str]]:
    return [(element.pieces[0], element.moment) for element in page.elements if element.moment]


def _own_date(page: Outline, row: Row, moments: list[tuple[int, str]], *, zone: tzinfo) -> Stamp | None:
    low, high = row.bounds
    at = bisect_left(moments, (low, ""))
    if at < len(moments) and moments[at][0] < high:
        found = stamp(moments[at][1], zone=zone)
        if found is not None:
            return found
    return _date_in(page, (low, high), zone=zone)


def _date_in(page: Outline, bounds: tuple[int, int], *, zone: tzinfo) -> Stamp | None:
    """A date that stands by itself in a range: a piece of text, a line, or the beginning or end of a line."""
    language = page.language
    for piece in page.pieces[bounds[0] : bounds[1]]:
        if len(piece.text) <= _MAX_PIECE and _DIGIT.search(piece.text):
            found = stamp(piece.text, zone=zone, language=language)
            if found is not None:
                return _if_day(found)
    leaf = _leaf_in(page, bounds, zone=zone)
    if leaf is not None:
        return leaf
    for line in page.lines(bounds):
        if len(line) <= _MAX_LINE and _DIGIT.search(line):
            found = _date_at_edge(line, zone=zone, language=language)
            if found is not None:
                return found
    return None


def _leaf_in(page: Outline, bounds: tuple[int, int], *, zone: tzinfo) -> Stamp | None:
    """A date whose parts stand apart, as on the leaf of a calendar: "07", "Sep", "2012"."""
    texts = [piece.text for piece in page.pieces[bounds[0] : bounds[1]]]
    for number in range(len(texts) - 1):
        for width in (3, 2):
            parts = texts[number : number + width]
            if len(parts) == width and all(len(part) <= _MAX_PART for part in parts) and _DIGIT.search(parts[-1]):
                found = stamp(" ".join(parts), zone=zone, language=page.language)
                if found is not None and _if_day(found):
                    return found
    return None


def _if_day(found: Stamp) -> Stamp | None:
    return found if found.precision is not Precision.MONTH else None


def _date_at_edge(line: str, *, zone: tzinfo, language: str | None) -> Stamp | None:
    for moment in dates.find(line, zone=zone, language=language):
        if moment.start <= _EDGE or moment.end >= len(line) - _EDGE:
            found = stamp(line[moment.start : moment.end], zone=zone, language=language)
            return None if found is None else _if_day(found)
    return None


def _date_from_gaps(page: Outline, listed: list[Row], *, zone: tzinfo) -> None:
    """Date the rows by what stands between them, before each row or else after it."""
    before = [_date_in(page, gap, zone=zone) for gap in _gaps(listed, len(page.pieces))]
    dated = sum(found is not None for found in before)
    if dated < min(2, len(listed)):
        return
    if before[0] is None and before[-1] is not None and dated > len(listed) // 2:
        # Each date stands under its row: the gap before a row is the one after its forerunner.
        before = before[1:]
    heading: Stamp | None = None
    signature = ""
    for row, found in zip(listed, before, strict=False):
        if found is not None or row.signature != signature:
            heading, signature = found, row.signature
        row.published = row.published or heading


def _gaps(listed: list[Row], end: int) -> list[tuple[int, int]]:
    """What stands before each row, and after the last."""
    gaps = []
    last = 0
    for row in listed:
        gaps.append((max(last, row.bounds[0] - _MAX_GAP), max(last, row.bounds[0])))
        last = max(last, row.bounds[1])
    return [*gaps, (last, min(end, last + _MAX_GAP))]


def summary(page: Outline, row: Row) -> str:
    """The first long line of a row beside its title."""
    lines = page.lines(row.bounds)
    return next((line for line in lines if len(line) >= _LONG and line != row.title), "")
