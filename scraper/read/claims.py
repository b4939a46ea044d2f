"""What a page says of its times before any of it is believed: candidates, and where in the page they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import NamedTuple

from scraper.dates import Moment
from scraper.model import Claim, Origin, Stamp
from scraper.read.page import Page, Segment

__all__ = ["Candidate", "Place", "Reading", "as_claims", "is_beside_link", "is_row", "position"]

_MAX_RAW = 160
_MOST_CLAIMS = 40
_BEFORE_TITLE, _AFTER_TITLE = 8, 10
"""How many segments around a headline its date line is looked for in."""
_BESIDE = 4
_HEADLINE = 25
"""Characters from which a link may be a headline."""
_BEHIND_BODY = 12
_ROWS = ("li", "tr", "td", "dd")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A time that may be that of the publication or of an update."""

    updated: bool
    moment: Moment
    raw: str
    origin: Origin
    why: str
    """One clause: what speaks for it or against it."""
    score: float = 0.0
    """Of what is shown: from about 5 beside the headline down to 0 and below for what belongs to something else."""
    segment: int = -1
    labelled: bool = False
    """A label says what it is."""
    told: date | None = None
    """The calendar day that stands beside an exact time in UTC."""

    @property
    def day(self) -> date:
        """The calendar day as written."""
        return self.told or self.moment.local.date()

    def stamp(self, *, day: date | None = None) -> Stamp:
        """It as a value of the model; ``day`` is the calendar day in its own place, where that is known better."""
        day = day or self.day
        return Stamp(
            at=self.moment.at,
            precision=self.moment.precision,
            raw=" ".join(self.raw.split())[:_MAX_RAW],
            origin=self.origin,
            zone_assumed=self.moment.zone_assumed,
            day=day if day != self.moment.at.date() else None,
        )

    def turned_to(self, day: date | None) -> Candidate:
        """It with day and month taken the other way round, where that makes it the given day."""
        if day is None or self.moment.other != day or self.day == day:
            return self
        return replace(self, moment=self.moment.turned())


def as_claims(candidates: list[Candidate], believed: list[Candidate]) -> tuple[Claim, ...]:
    """What became of each candidate, the believed ones first."""
    claims = [Claim(updated=c.updated, stamp=c.stamp(), believed=True, why=c.why) for c in believed]
    taken = {(claim.updated, claim.stamp.origin, claim.stamp.raw) for claim in claims}
    for candidate in candidates:
        if len(claims) >= _MOST_CLAIMS:
            break
        stamp = candidate.stamp()
        key = (candidate.updated, stamp.origin, stamp.raw)
        if key not in taken:
            taken.add(key)
            claims.append(Claim(updated=candidate.updated, stamp=stamp, believed=False, why=candidate.why))
    return tuple(claims)


def position(page: Page, n: int, place: Place) -> float:
    """From 3 beside the headline to below 0 among other articles."""
    furniture = page.boxes[page.segments[n].box].furniture
    begin = place.title if 0 <= place.title <= place.first else place.first
    end = max(place.first + 2, min(begin + _AFTER_TITLE, place.last))
    if begin - _BEFORE_TITLE <= n <= end:
        return 3.0 - 0.08 * abs(n - begin) - 0.3 * furniture
    apart = min(abs(n - place.title), abs(n - place.first)) if place.title >= 0 else abs(n - place.first)
    if apart <= _BESIDE and n <= place.last:
        return 2.5 - 0.08 * apart - 0.3 * furniture
    if place.first < n <= place.last:
        return 1.5 if n in place.body else 1.0 - 2 * furniture
    if place.last < n <= place.last + _BEHIND_BODY:
        return 1.8 - 0.1 * (n - place.last) - furniture
    if n > place.last:
        return 0.4 - 2 * furniture
    return 0.2 - furniture


def is_row(page: Page, n: int) -> bool:
    """True where a segment stands beside a link that fills its own block: a row of a list of other pages."""
    around = page.boxes[page.segments[n].box]
    if around.tag not in _ROWS:
        return False
    beside = page.segments[max(around.first, n - 1, 0) : min(around.last, n + 2)]
    return any(segment.linked * 2 > len(segment.text) for segment in beside)


def is_beside_link(page: Page, n: int, place: Place) -> bool:
    """True where the segment before, or behind the text the one after, leads elsewhere by a whole headline."""
    beside = [n - 1] if n and n - 1 != place.title else []
    if place.last < n < len(page.segments) - 1:
        beside.append(n + 1)
    return any(_is_led(page.segments[m]) for m in beside)


def _is_led(segment: Segment) -> bool:
    longest = max((len(text) for text, _ in segment.links), default=0)
    return segment.linked >= 0.9 * len(segment.text) and longest >= _HEADLINE
