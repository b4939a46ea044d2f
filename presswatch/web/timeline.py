"""What a page claims about its times and what was observed, on one axis: where a stamp lied, a line leans.

A claim stands in the upper lane where it says that it belongs, an observation in the lower one where it was made; an
edit is tied to the stamp that its page showed afterwards. An honest stamp hangs upright over its edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from presswatch.words import duration, stamped
from scraper.model import Kind, Precision, Stamp
from storage import ChangeRow, StampRow

__all__ = ["Axis", "Claim", "Gap", "Seen", "Tick", "Timeline", "axis", "timeline"]

_MOST = 40
"""Changes that are drawn, the last ones: more can't be told from each other."""
_LEFT, _RIGHT = 1.5, 98.5
"""Percent of the width that the axis runs from and to."""
_LONG = 3.0
"""A gap of so many times all the shorter ones together is cut ..."""
_CUT = 0.3
"""... to this share of their length."""
_DATE = 24.0
"""Percent of the width that a date takes on a telephone, with the space after it."""
_LETTER, _SPACE = 1.8, 2.0
"""The same of a letter of a gap's length, and of the space between two of them."""
_LENGTH = {Precision.MONTH: timedelta(days=30), Precision.DAY: timedelta(days=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A time that the page gives; a date is as wide as its day."""

    left: float
    right: float
    """In percent of the width, like every place here."""
    published: bool
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A change, between the two looks that saw it come."""

    left: float
    right: float
    kind: Kind
    claim: float | None
    """Where the stamp belongs that the page showed afterwards; None where no text changed or it showed none."""
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A date beneath the axis."""

    at: datetime
    left: float
    anchor: str
    """Which part of the date stands there: ``start``, ``middle`` or ``end``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Where the axis is cut."""

    left: float
    length: timedelta
    label: str
    """The length in words."""
    middle: float | None = None
    """Where the middle of the label stands; None where longer gaps leave it no room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The drawing."""

    claims: tuple[Claim, ...]
    seen: tuple[Seen, ...]
    ticks: tuple[Tick, ...]
    gaps: tuple[Gap, ...]
    left_out: int
    """Earlier changes that are not drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Times to places; within a gap that is cut they are closer."""

    place: Callable[[datetime], float]
    gaps: tuple[Gap, ...]


def timeline(published: Stamp | StampRow | None, changes: Sequence[ChangeRow], *, seen_at: datetime) -> Timeline | None:
    """The drawing of a release's life; None where nothing happened that could be drawn.

    Args:
        published: when the page says that it was published.
        changes: from the first on.
        seen_at: the first look at it.
    """
    drawn = changes[-_MOST:]
    stamps = _distinct(stamp for row in drawn for stamp in (row.stamp_before, row.stamp_after) if stamp)
    if not drawn:
        return None
    moments = {seen_at, *(at for row in drawn for at in (row.not_before, row.not_after) if at)}
    for claim in (*stamps, *([published] if published else ())):
        moments.update(_span(claim))
    scale = axis(sorted(moments))
    claims = [_claim(stamp, scale, published=False) for stamp in stamps]
    if published:
        claims.insert(0, _claim(published, scale, published=True))
    return Timeline(
        claims=tuple(claims),
        seen=tuple(_seen(row, scale) for row in drawn),
        ticks=_ticks(sorted(moments), scale),
        gaps=scale.gaps,
        left_out=len(changes) - len(drawn),
    )


def axis(moments: Sequence[datetime]) -> Axis:
    """The axis through some moments in order, in proportion but for gaps that would press all else into a corner."""
    lengths = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    cut = list(lengths)
    shorter = 0.0
    for place in sorted(range(len(cut)), key=lengths.__getitem__):
        if 0 < shorter * _LONG < cut[place]:
            cut[place] = shorter * _CUT
        shorter += cut[place]
    places = [_LEFT]
    total = sum(cut) or 1.0
    for length in cut:
        places.append(places[-1] + length / total * (_RIGHT - _LEFT))

    def find(at: datetime) -> float:
        for (start, end), (left, right) in zip(pairwise(moments), pairwise(places), strict=True):
            if start <= at <= end:
                return round(left + (at - start) / (end - start) * (right - left), 2)
        return _LEFT if not lengths or at < moments[0] else _RIGHT

    gaps = [
        Gap(left=round((left + right) / 2, 2), length=(later - earlier), label=duration(later - earlier))
        for (earlier, later), length, shown, (left, right) in zip(
            pairwise(moments), lengths, cut, pairwise(places), strict=True
        )
        if shown < length
    ]
    return Axis(place=find, gaps=_labelled(gaps))


def _labelled(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """The gaps with places for their labels, the longest first, as far as there is room."""
    taken: dict[int, tuple[float, float]] = {}
    for number in sorted(range(len(gaps)), key=lambda number: gaps[number].length, reverse=True):
        half = len(gaps[number].label) * _LETTER / 2
        middle = min(max(gaps[number].left, half), 100 - half)
        begin, end = middle - half, middle + half
        if all(end + _SPACE <= first or last + _SPACE <= begin for first, last in taken.values()):
            taken[number] = begin, end
    return tuple(
        replace(gap, middle=round(sum(taken[number]) / 2, 2)) if number in taken else gap
        for number, gap in enumerate(gaps)
    )


def _distinct(stamps: Iterable[StampRow]) -> list[StampRow]:
    return list({(stamp.at, stamp.precision): stamp for stamp in stamps}.values())


def _span(stamp: Stamp | StampRow) -> tuple[datetime, datetime]:
    return stamp.at, stamp.at + _LENGTH.get(stamp.precision, timedelta(0))


def _claim(stamp: Stamp | StampRow, scale: Axis, *, published: bool) -> Claim:
    left, right = map(scale.place, _span(stamp))
    return Claim(left=left, right=right, published=published, label=stamped(stamp))


def _seen(row: ChangeRow, scale: Axis) -> Seen:
    right = scale.place(row.not_after)
    tells = row.revision_from is not None and row.kind in (Kind.EDITED, Kind.SILENTLY_EDITED, Kind.RESTAMPED)
    start, end = map(scale.place, _span(row.stamp_after)) if row.stamp_after and tells else (None, None)
    return Seen(
        left=scale.place(row.not_before) if row.not_before else right,
        right=right,
        kind=row.kind,
        claim=None if start is None or end is None else round(min(max(right, start), end), 2),
        label=row.kind.value.replace("-", " "),
    )


def _ticks(moments: Sequence[datetime], scale: Axis) -> tuple[Tick, ...]:
    """The first and the last moment, and of those between them what covers no other and is of another day."""
    found = [Tick(at=moments[0], left=scale.place(moments[0]), anchor="start")]
    end = Tick(at=moments[-1], left=scale.place(moments[-1]), anchor="end")
    is_told = _fits(found[0], end)
    for at in moments[1:-1]:
        tick = Tick(at=at, left=scale.place(at), anchor="middle")
        if _fits(found[-1], tick) and (not is_told or _fits(tick, end)):
            found.append(tick)
    return (*found, end) if is_told else tuple(found)


def _fits(earlier: Tick, later: Tick) -> bool:
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}
    ends, begins = earlier.left + _DATE * (1 - share[earlier.anchor]), later.left - _DATE * share[later.anchor]
    return ends <= begins and earlier.at.date() != later.at.date()
