"""The times that ``<time>`` elements and their like declare of what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from scraper import dates
from scraper.dates import Moment
from scraper.dates.tokens import tokenise
from scraper.model import BlockKind, Origin
from scraper.read.claims import Candidate, Place, Reading, position
from scraper.read.labelled import label_before
from scraper.read.lines import DATED, DIGIT, MAX_LABEL, MAX_LINE, Line, best_of
from scraper.read.page import Page, Time
from scraper.read.stamp_words import STOPPERS, find_labels, is_joined

__all__ = ["sharpened", "timed_dates"]

_NAMED_UPDATED = re.compile(r"updat|modif|revis|changed|lastmod|aktualis|dt-updated")
_NAMED_PUBLISHED = re.compile(
    r"publi|posted|created|entry-date|date-?line|pubdate|(?:article|post|news|release|story)-?(?:\w+-)?(?:date|time)"
)
_MOST_IN_LINE = 20
_ZONES = timedelta(hours=14)
"""No two zones are further apart from Greenwich."""


def timed_dates(page: Page, place: Place, reading: Reading) -> Iterator[Candidate]:
    """The ``<time>`` elements and their like, near enough to be the article's; of very many those that stand best."""
    elements: dict[int, list[Time]] = {}
    for time in page.times:
        is_told = DIGIT.search(time.text) or (time.value and time.text)
        if page.segments and is_told and not (time.itemprop and "date" not in time.itemprop):
            elements.setdefault(min(time.segment, len(page.segments) - 1), []).append(time)
    for line in best_of(_line(page, place, n) for n in elements):
        for time in elements[line.n][:_MOST_IN_LINE] if line.stands >= 0 else []:
            moment = _moment(time, reading)
            if moment is not None:
                yield _time(line, time, moment, reading)


def _line(page: Page, place: Place, n: int) -> Line:
    return Line(page, place, n, page.segments[n].text, position(page, n, place), inside=n in place.body)


def _moment(time: Time, reading: Reading) -> Moment | None:
    value = dates.parse(time.value, zone=reading.zone, language=reading.language) if time.value else None
    return value or dates.parse(time.text, zone=reading.zone, language=reading.language)


def _time(line: Line, time: Time, moment: Moment, reading: Reading) -> Candidate:
    updates = bool(_NAMED_UPDATED.search(time.names)) or "datemodified" in time.itemprop
    publishes = bool(_NAMED_PUBLISHED.search(time.names)) or "datepublished" in time.itemprop
    # The microformat hAtom wants the class "updated" on the one date that there is.
    updated = updates and not publishes
    score, why = line.stands, f"a time element {line.where}"
    before = line.page.segments[max(0, line.n - 1) : line.n + 1]
    if any(len(s.text) <= MAX_LINE and STOPPERS.search(s.text) for s in before):
        score, why = score - 2.0, "it belongs to a policy, a review or a notice"
    elif line.segment.kind is BlockKind.QUOTE:
        score, why = score - 2.0, "it stands in a quotation"
    elif not updated and _is_labelled_updated(line, time):
        score, why = score - 3.0, "its label says that it is an update"
    elif not updated:
        score += 0.6 + 0.5 * publishes + 0.4 * line.is_named - line.elsewhere - 1.0 * line.is_prose
    return Candidate(
        updated=updated,
        moment=moment,
        raw=time.text,
        origin=Origin.TIME,
        why=f"{why}, named an update" if updated else why,
        score=score,
        segment=line.n,
        told=_told(time, moment, reading),
    )


def _told(time: Time, moment: Moment, reading: Reading) -> date | None:
    """The day that an element shows, where it declares the same time in a zone of another day."""
    if moment.precision.is_date or not time.value or not DATED.search(time.text):
        return None
    shown = dates.parse(time.text, zone=reading.zone, language=reading.language)
    if shown is None or abs(shown.local.date() - moment.local.date()) != timedelta(days=1):
        return None
    return shown.local.date()


def _is_labelled_updated(line: Line, time: Time) -> bool:
    at = line.text.find(time.text) if time.text else -1
    if at > 0:
        before = line.text[max(0, at - MAX_LABEL) : at]
        labels = find_labels(tokenise(before))
        return bool(labels) and labels[-1].updated and is_joined(before[labels[-1].end :])
    label = label_before(line)
    return label is not None and label[0].updated


def sharpened(candidate: Candidate, times: list[Time], reading: Reading) -> Candidate:
    """It with the zone that the ``<time>`` element around it declares, where both tell the same minute."""
    moment = candidate.moment
    if moment.precision.is_date or not moment.zone_assumed:
        return candidate
    for time in times:
        if abs(time.segment - candidate.segment) > 1 or not time.value:
            continue
        exact = dates.parse(time.value, zone=reading.zone)
        if exact is None or exact.zone_assumed or exact.precision.is_date:
            continue
        apart = abs(exact.at.replace(second=0) - moment.at.replace(second=0))
        if apart <= _ZONES and apart % timedelta(minutes=15) == timedelta(0):
            at = exact.at.replace(second=moment.at.second)
            return replace(candidate, moment=replace(moment, at=at, zone_assumed=False))
    return candidate
