"""The times that a page declares for machines, that its address holds, and that its server tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from scraper import dates
from scraper.dates import Moment
from scraper.dates.days import make_date
from scraper.dates.tokens import tokenise
from scraper.dates.words import MONTHS
from scraper.model import Origin, Precision, Stamp
from scraper.read.claims import Candidate, Place, Reading
from scraper.read.page import Page
from scraper.read.stamp_words import find_labels, is_joined
from scraper.read.structured import Declared

__all__ = ["declared_published", "declared_updated", "hidden_published", "in_address", "of_server"]

_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
"""Seconds, or milliseconds, since 1970."""
_MAX_VALUE = 100
_MAX_DESCRIPTION = 500
_DESCRIBED = "the description for search engines names it"
_DAY = re.compile(r"(?:^|[/_.=-])((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=$|[/_.-]|\D)")
_NAMED_DAY = re.compile(r"/((?:19|20)\d\d)/([a-z]{3})/(0?[1-9]|[12]\d|3[01])(?=$|/)", re.IGNORECASE)
_EUROPEAN_DAY = re.compile(r"(?:^|[/_-])(0[1-9]|[12]\d|3[01])[-._](0[1-9]|1[0-2])[-._]((?:19|20)\d\d)(?=$|[/_.-])")
_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")


def declared_published(page: Page, declared: Declared, place: Place, reading: Reading) -> list[Candidate]:
    """When the page declares that it was published, the most believed first."""
    found = [*_read([declared.published], Origin.JSON_LD, reading, "declared by JSON-LD of the article", updated=False)]
    values = [*declared.meta_published, *_microdata(page, "datepublished", place)]
    found += _read(values, Origin.META, reading, "declared by <meta> or microdata", updated=False)
    return found


def declared_updated(page: Page, declared: Declared, place: Place, reading: Reading) -> list[Candidate]:
    """When the page declares that it was updated, the most believed first."""
    found = [*_read([declared.modified], Origin.JSON_LD, reading, "declared by JSON-LD of the article", updated=True)]
    values = [*declared.meta_modified, *_microdata(page, "datemodified", place)]
    found += _read(values, Origin.META, reading, "declared by <meta> or microdata", updated=True)
    return found


def hidden_published(declared: Declared, reading: Reading) -> list[Candidate]:
    """What scripts and the description call the publication: believed where nothing else tells it."""
    found = [*_read(declared.scripted, Origin.META, reading, "a script of the page holds it", updated=False)]
    description = declared.meta.get("description", "")[:_MAX_DESCRIPTION]
    tokens = tokenise(description if dates.may_hold(description) else "")
    labels = [label for label in find_labels(tokens) if not label.updated]
    for moment in dates.find_in(tokens, zone=reading.zone, language=reading.language) if labels else []:
        text = declared.meta["description"]
        if any(x.end <= moment.start and is_joined(text[x.end : moment.start]) for x in labels):
            raw = text[moment.start : moment.end]
            found.append(Candidate(updated=False, moment=moment, raw=raw, origin=Origin.META, why=_DESCRIBED))
    return found


def _read(values: Iterable[str], origin: Origin, reading: Reading, why: str, *, updated: bool) -> Iterator[Candidate]:
    for value in dict.fromkeys(values):
        moment = read_value(value, reading)
        if moment is not None:
            yield Candidate(updated=updated, moment=moment, raw=value, origin=origin, why=why)


def read_value(value: str, reading: Reading) -> Moment | None:
    """The time that a value for machines tells: as people and machines write it, or seconds since 1970."""
    value = value.strip()
    if not value or len(value) > _MAX_VALUE:
        return None
    if _EPOCH.fullmatch(value):
        seconds = float(value) if len(value.split(".")[0]) == 10 else float(value) / 1000
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)
        return Moment(at=at, precision=Precision.SECOND, zone_assumed=False, local=at, start=0, end=len(value))
    return dates.parse(value, zone=reading.zone, language=reading.language)


def _microdata(page: Page, name: str, place: Place) -> list[str]:
    named = [time for time in page.times if name in time.itemprop]
    named.sort(key=lambda time: abs(time.segment - max(place.title, 0)))
    return [time.value or time.text for time in named]


def in_address(url: str) -> Candidate | None:
    """The day, or else the month, that an address holds: /2021/05/07/, -20210507, /07-05-2021, /2021/may/07/."""
    day: date | None = None
    match = _DAY.search(url) or _EUROPEAN_DAY.search(url) or _NAMED_DAY.search(url)
    if match is not None:
        year, month, number = _parts(match)
        found = make_date(year, month, number, 0)
        day = found.day if found else None
    precision = Precision.DAY
    if day is None:
        match = _MONTH.search(url)
        found = make_date(int(match[1]), int(match[2]), 1, 0) if match else None
        if match is None or found is None:
            return None
        day, precision = found.day, Precision.MONTH
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment = Moment(at=at, precision=precision, zone_assumed=False, local=at, start=0, end=0)
    raw = match[0].strip("/_.-=") if match else ""
    return Candidate(updated=False, moment=moment, raw=raw, origin=Origin.URL, why="the address holds it")


def _parts(match: re.Match[str]) -> tuple[int, int, int]:
    if match.re is _DAY:
        return int(match[1]), int(match[3]), int(match[4])
    if match.re is _EUROPEAN_DAY:
        return int(match[3]), int(match[2]), int(match[1])
    return int(match[1]), MONTHS.get(match[2].lower(), 0), int(match[3])


def of_server(last_modified: str | None) -> Stamp | None:
    """The stamp that an HTTP header ``Last-Modified`` is, in any of the three forms of RFC 9110 section 5.6.7.

    None where there is no header, it is no HTTP date or it is before 1990, which servers tell of what they do not
    know. All three forms are in GMT, also asctime's, which does not say so.
    """
    moment = dates.parse((last_modified or "").strip(), zone=UTC)
    if moment is None or moment.precision is not Precision.SECOND:
        return None
    raw = " ".join((last_modified or "").split())
    return Stamp(at=moment.at, precision=moment.precision, raw=raw, origin=Origin.HTTP)
