"""When a page says that it was published and updated: every claim, weighed by how it is made and where it stands.

A visible claim is a label and a date in one segment, or a label in one and the date in the next. It counts near the
headline and around the end of the text; beside other articles, in the small print and inside sentences it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from scraper import dates
from scraper.dates import Moment
from scraper.dates.words import BEFORE_TIME, WEEKDAYS, fold
from scraper.model import BlockKind, Origin, Precision, Stamp
from scraper.read.page import Page, Segment, Time
from scraper.read.stamp_words import PUBLISHED, STOPPERS, UPDATED
from scraper.read.structured import Declared

__all__ = ["Place", "Reading", "find_published", "find_stamps"]

_MAX_SEGMENT = 400
_MAX_RAW = 160
_JOINS = BEFORE_TIME | WEEKDAYS
_JOINS |= frozenset(
    "on at the am vom le el il lo em op den dem der de del du dia dne dnia från kl in of by as since is was i s z od "
    "от на в года date time last page this content giorno alle".split()
)
"""What may stand between a label and its date."""
_HEADER = 1.9
"""A position scores more only around the headline."""
_BEFORE_TITLE, _AFTER_TITLE = 8, 10
"""How many segments around a headline its date line is looked for in."""
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_NAMED_UPDATED = re.compile(r"updat|modif|revis|changed|lastmod|aktualis|dt-updated")
_NAMED_PUBLISHED = re.compile(r"publi|posted|created|entry-date|date-?line|pubdate|article-?date|post-?date")
_URL_DAY = re.compile(r"(?:^|[/_.-])((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=$|[/_.-]|\D)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read times without a zone, and numbers that may be day or month."""

    zone: tzinfo
    language: str | None


class Place(NamedTuple):
    """Where in a page's segments the article is."""

    title: int
    """Index of the headline; -1 where the page shows none."""
    body: tuple[int, ...]
    """Indices of the body, in order."""

    @property
    def first(self) -> int:
        """Index of the body's first segment, or of the headline where there is no body."""
        return self.body[0] if self.body else max(self.title, 0)

    @property
    def last(self) -> int:
        """Index of the body's last segment, or of the headline where there is no body."""
        return self.body[-1] if self.body else max(self.title, 0)


class _Claim(NamedTuple):
    score: float
    moment: Moment
    raw: str
    segment: int


# --- updates ----------------------------------------------------------------------------------------------------------


def find_stamps(page: Page, declared: Declared, place: Place, reading: Reading) -> tuple[Stamp, ...]:
    """Every claim of an update time, the most believed first, at most one for each origin."""
    claims = [
        _visible_update(page, place, reading),
        _time_update(page, place, reading),
        _machine([declared.modified], Origin.JSON_LD, reading),
        _machine([*declared.meta_modified, *_microdata(page, "datemodified", place)], Origin.META, reading),
    ]
    return tuple(claim for claim in claims if claim is not None)


def _visible_update(page: Page, place: Place, reading: Reading) -> Stamp | None:
    claims = [claim for n in _near(page, place) for claim in _claims(page, n, UPDATED, reading, place)]
    if not claims:
        return None
    # Of claims equally good the latest is the last update: pages list their updates one below the other.
    best = max(claims, key=lambda claim: (claim.score, claim.moment.at))
    if best.score <= 0:
        return None
    moment = _sharpened(best, page.times, reading)
    return _stamp(moment, best.raw, Origin.TEXT)


def _near(page: Page, place: Place) -> Iterator[int]:
    """Segments short enough to be a date line."""
    return (n for n, s in enumerate(page.segments) if len(s.text) <= _MAX_SEGMENT or n in place.body)


def _claims(page: Page, n: int, labels: re.Pattern[str], reading: Reading, place: Place) -> Iterator[_Claim]:
    """The labelled dates of one segment."""
    text = page.segments[n].text[:_MAX_SEGMENT]
    if _position(page, n, place) < 0 or not _may_hold_date(page, n):
        return
    label = labels.search(text)
    if label is None:
        return
    moments = dates.find(text, zone=reading.zone, language=reading.language)
    if not moments and len(text) <= 60 and n + 1 < len(page.segments):
        following = page.segments[n + 1].text
        if len(following) <= 60:
            text = f"{text} {following}"
            moments = dates.find(text, zone=reading.zone, language=reading.language)
    while label is not None:
        for moment in moments:
            if _belongs(text, label, moment):
                span = slice(label.start(), moment.end)
                score = _score(page, n, place, text=text, span=span)
                yield _Claim(score, moment, text[span].strip()[-_MAX_RAW:], n)
                break
            if 0 <= label.start() - moment.end <= 3 and _closes(text, label.end()):
                span = slice(moment.start, label.end())
                yield _Claim(_score(page, n, place, text=text, span=span) - 0.5, moment, text[span], n)
                break
        label = labels.search(text, label.end())


def _may_hold_date(page: Page, n: int) -> bool:
    """True where a segment, or a short one and its follower, has a digit: looked at before anything dearer."""
    text = page.segments[n].text
    if _DIGIT.search(text):
        return True
    return len(text) <= 60 and n + 1 < len(page.segments) and bool(_DIGIT.search(page.segments[n + 1].text[:60]))


def _belongs(text: str, label: re.Match[str], moment: Moment) -> bool:
    """True where nothing but joining words stands between a label and a date."""
    gap = text[label.end() : moment.start]
    if moment.start < label.end() or len(gap) > 40 or any(c.isdigit() for c in gap):
        return False
    if gap.strip().lower().startswith(("by ", "von ", "par ", "por ")) and len(gap) <= 40:
        return True
    return all(fold(word) in _JOINS for word in _WORD.findall(gap))


def _closes(text: str, end: int) -> bool:
    return not text[end:].strip(" )].|:,")


def _score(page: Page, n: int, place: Place, *, text: str, span: slice) -> float:
    """How much a visible claim is believed: near the headline and around the text much, elsewhere not at all."""
    segment = page.segments[n]
    score = _position(page, n, place)
    if segment.kind is BlockKind.HEADING and n != place.title:
        score -= 2.0
    if segment.linked * 2 > len(segment.text) or (segment.linked and span.start > 0) or _is_row(page, n):
        score -= 2.0
    if STOPPERS.search(text[max(0, span.start - 60) : span.stop + 20]):
        score -= 3.0
    if span.start > 0 and len(text) > 200:
        score -= 2.5
    return score


def _position(page: Page, n: int, place: Place) -> float:
    """From 3 beside the headline to below 0 among other articles."""
    furniture = page.boxes[page.segments[n].box].furniture
    begin = place.title if 0 <= place.title <= place.first else place.first
    end = max(place.first + 2, min(begin + _AFTER_TITLE, place.last))
    if begin - _BEFORE_TITLE <= n <= end:
        return 3.0 - 0.08 * abs(n - begin) - 0.5 * furniture
    if place.first < n <= place.last:
        return 1.5 if n in place.body else 1.0 - 2 * furniture
    if place.last < n <= place.last + 12:
        return 1.8 - 0.1 * (n - place.last) - furniture
    if n > place.last:
        return 0.4 - 2 * furniture
    return 0.2 - furniture


def _sharpened(claim: _Claim, times: list[Time], reading: Reading) -> Moment:
    """The moment with the zone that the ``<time>`` element around it declares, where both tell the same minute."""
    moment = claim.moment
    if moment.precision.is_date or not moment.zone_assumed:
        return moment
    for time in times:
        if abs(time.segment - claim.segment) > 1 or not time.value:
            continue
        exact = dates.parse(time.value, zone=reading.zone)
        if exact is None or exact.zone_assumed or exact.precision.is_date:
            continue
        apart = abs(exact.at.replace(second=0) - moment.at.replace(second=0))
        if apart <= timedelta(hours=14) and apart % timedelta(minutes=15) == timedelta(0):
            return Moment(at=exact.at.replace(second=moment.at.second), precision=moment.precision, zone_assumed=False,
                          start=moment.start, end=moment.end)  # fmt: skip
    return moment


def _time_update(page: Page, place: Place, reading: Reading) -> Stamp | None:
    """The ``<time>`` near the headline that is named an update by its class or property."""
    best: tuple[float, Stamp] | None = None
    for time in page.times:
        named = _NAMED_UPDATED.search(time.names) or "datemodified" in time.itemprop
        if not named or not time.text:
            continue
        moment = _moment(time, reading)
        score = _position(page, min(time.segment, len(page.segments) - 1), place) if page.segments else 0.0
        if moment is not None and score > 0 and (best is None or score > best[0]):
            best = score, _stamp(moment, time.text or time.value, Origin.TIME)
    return best[1] if best else None


def _moment(time: Time, reading: Reading) -> Moment | None:
    value = dates.parse(time.value, zone=reading.zone, language=reading.language) if time.value else None
    return value or dates.parse(time.text, zone=reading.zone, language=reading.language)


def _microdata(page: Page, name: str, place: Place) -> list[str]:
    near = sorted(page.times, key=lambda time: abs(time.segment - max(place.title, 0)))
    return [time.value or time.text for time in near if name in time.itemprop.split()]


def _machine(values: list[str], origin: Origin, reading: Reading) -> Stamp | None:
    for value in values:
        moment = dates.parse(value, zone=reading.zone, language=reading.language) if value else None
        if moment is not None:
            return _stamp(moment, value, origin)
    return None


def _stamp(moment: Moment, raw: str, origin: Origin) -> Stamp:
    return Stamp(
        at=moment.at,
        precision=moment.precision,
        raw=" ".join(raw.split())[:_MAX_RAW],
        origin=origin,
        zone_assumed=moment.zone_assumed,
    )


# --- publication ------------------------------------------------------------------------------------------------------


def find_published(page: Page, declared: Declared, place: Place, reading: Reading, url: str) -> Stamp | None:
    """When the release was published, from the claim that is most to be believed."""
    machine = _machine([declared.published], Origin.JSON_LD, reading) or _machine(
        [*declared.meta_published, *_microdata(page, "datepublished", place)], Origin.META, reading
    )
    return (
        machine
        or _labelled(page, place, reading)
        or _time_published(page, place, reading)
        or _shown_or_in_url(_beside_title(page, place, reading), _in_url(url))
    )


def _shown_or_in_url(shown: Stamp | None, in_url: Stamp | None) -> Stamp | None:
    """An unlabelled date, unless the address tells a day far from it: then that date belongs to something else."""
    if shown is None or in_url is None or in_url.precision is Precision.MONTH:
        return shown or in_url
    return shown if abs(shown.at - in_url.at) <= timedelta(days=3) else in_url


def _labelled(page: Page, place: Place, reading: Reading) -> Stamp | None:
    claims = [claim for n in _near(page, place) for claim in _claims(page, n, PUBLISHED, reading, place)]
    best = max(claims, key=lambda claim: claim.score, default=None)
    if best is None or best.score <= 1.0:
        return None
    return _stamp(best.moment, best.raw, Origin.TEXT)


def _time_published(page: Page, place: Place, reading: Reading) -> Stamp | None:
    best: tuple[float, Stamp] | None = None
    for time in page.times:
        if _NAMED_UPDATED.search(time.names) or not page.segments:
            continue
        moment = _moment(time, reading)
        if moment is None:
            continue
        score = _position(page, min(time.segment, len(page.segments) - 1), place)
        score += 0.5 * bool(_NAMED_PUBLISHED.search(time.names))
        score -= 2.0 * _is_reviewed(page, time.segment)
        if score > 1.0 and (best is None or score > best[0]):
            best = score, _stamp(moment, time.text or time.value, Origin.TIME)
    return best[1] if best else None


def _is_reviewed(page: Page, n: int) -> bool:
    """True where the text at or before a time says that it is another thing's, or that of a review."""
    return any(len(s.text) <= 120 and STOPPERS.search(s.text) for s in page.segments[max(0, n - 1) : n + 1])


def _is_row(page: Page, n: int) -> bool:
    """True where a segment stands beside a link that fills its own block: a row of a list of other pages."""
    segment = page.segments[n]
    beside = [page.segments[m] for m in (n - 1, n, n + 1) if 0 <= m < len(page.segments)]
    around = page.boxes[segment.box]
    return any(
        s.linked * 2 > len(s.text) and around.first <= m < around.last and around.tag in ("li", "tr", "td", "dd")
        for m, s in zip(range(max(0, n - 1), n + 2), beside, strict=False)
    )


def _beside_title(page: Page, place: Place, reading: Reading) -> Stamp | None:
    """An unlabelled date in a short segment near the headline."""
    best: tuple[float, Stamp] | None = None
    for n, segment in enumerate(page.segments):
        if len(segment.text) > 120:
            continue
        score = _position(page, n, place)
        score -= 0.8 * (n == place.title)
        if score <= 1.0 or _is_row(page, n):
            continue
        found = _unlabelled(segment, reading)
        if found is not None and (best is None or score > best[0]):
            best = score, found
    return best[1] if best else None


def _unlabelled(segment: Segment, reading: Reading) -> Stamp | None:
    if STOPPERS.search(segment.text):
        return None
    for moment in dates.find(segment.text, zone=reading.zone, language=reading.language):
        before = segment.text[: moment.start]
        label = UPDATED.search(before)
        if label is None and moment.precision is not Precision.MONTH:
            return _stamp(moment, segment.text[moment.start : moment.end], Origin.TEXT)
    return None


def _in_url(url: str) -> Stamp | None:
    day = _URL_DAY.search(url)
    month = None if day else _URL_MONTH.search(url)
    match = day or month
    if match is None:
        return None
    try:
        at = datetime(int(match[1]), int(match[2]), int(match[3]) if day else 1, tzinfo=UTC)
    except ValueError:
        return None
    precision = Precision.DAY if day else Precision.MONTH
    return Stamp(at=at, precision=precision, raw=match[0].strip("/_.-"), origin=Origin.URL)
