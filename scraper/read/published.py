"""Which of all claims tells when a release was published.

What is declared for machines is exact but may be the time of a draft, an import or an edit; what stands beside the
headline is what the newsroom tells its readers. Where both name one day, the exact one is taken; where they differ
and the shown one is no update, the shown one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from scraper.model import Precision
from scraper.read.claims import Candidate

__all__ = ["Choice", "choose_published"]

_SHOWN = 1.0
"""A shown time of less is not believed."""
_STRONG = 2.6
"""A shown time of more is believed against a declared one."""
_STRONG_LABEL = 1.8
"""One with a label, of more."""
_NEAR_ADDRESS = timedelta(days=3)
_ONE_DAY = timedelta(days=1)


class Choice(NamedTuple):
    """The claim that is believed."""

    candidate: Candidate | None
    day: date | None = None
    """The calendar day in the newsroom's own place, where another claim tells it."""


def choose_published(
    declared: list[Candidate],
    shown: list[Candidate],
    address: Candidate | None,
    hidden: list[Candidate],
    updates: list[Candidate],
) -> Choice:
    """The claim of a publication that is most to be believed.

    ``declared`` are those for machines, the most believed first, ``shown`` those on the page, ``hidden`` those in
    scripts, ``updates`` all believable claims of updates.
    """
    agreed = [c for c in shown if c.score > _STRONG and declared and _agrees(declared[0], c)]
    visible = _best(agreed) or _best([c for c in shown if c.labelled and c.score > _STRONG_LABEL]) or _best(shown)
    if not declared:
        return _undeclared(visible, address, hidden)
    days = [c.day for c in (visible, address) if c is not None and c.moment.precision is not Precision.MONTH]
    for day in days:
        declared = [candidate.turned_to(day) for candidate in declared]
    if visible is None:
        return _with_day(declared, declared[0], _exact_day(address))
    visible = visible.turned_to(declared[0].day)
    if _agrees(declared[0], visible):
        return Choice(declared[0], _day_of(visible))
    if _may_be_on(declared[0], visible.day) and _is_in_zone(visible, declared[0], updates):
        return Choice(declared[0], visible.day)
    if not _is_believed_against(visible, declared[0], address, updates):
        return _with_day(declared, declared[0], _exact_day(address))
    return Choice(next((c for c in declared if _agrees(c, visible)), visible), _day_of(visible))


def _day_of(visible: Candidate) -> date | None:
    return None if visible.moment.precision is Precision.MONTH else visible.day


def _is_in_zone(visible: Candidate, declared: Candidate, updates: list[Candidate]) -> bool:
    """True where a shown day beside the one of a declared time is that time's day in the newsroom's zone."""
    time = declared.moment.at
    apart = abs(visible.moment.at - time.replace(second=0))
    if not visible.moment.precision.is_date and apart.total_seconds() % 900 == 0:
        return True
    if visible.day > declared.day and time.hour in (22, 23) and time.minute == time.second == 0:
        return True
    if visible.score < _STRONG and not visible.labelled:
        return False
    return visible.day < declared.day or not _is_update(visible, updates)


def _best(shown: list[Candidate]) -> Candidate | None:
    return max((c for c in shown if c.score > _SHOWN), key=lambda c: c.score, default=None)


def _undeclared(visible: Candidate | None, address: Candidate | None, hidden: list[Candidate]) -> Choice:
    exact = _exact_day(address)
    if visible is None:
        best = address if exact else None
        return Choice(best or next(iter(hidden), None) or address)
    visible = visible.turned_to(exact)
    # A date without a label that is far from the one in the address is that of something else.
    if exact is not None and not visible.labelled and abs(visible.day - exact) > _NEAR_ADDRESS:
        return Choice(address)
    return Choice(visible)


def _exact_day(address: Candidate | None) -> date | None:
    return address.day if address is not None and address.moment.precision is Precision.DAY else None


def _with_day(declared: list[Candidate], candidate: Candidate, day: date | None) -> Choice:
    """A declared time with the day that its address holds, or that the same time in another zone tells."""
    if day is not None and _may_be_on(candidate, day):
        return Choice(candidate, day)
    for other in declared:
        same = abs(other.moment.at - candidate.moment.at) < timedelta(minutes=2)
        if same and not other.moment.precision.is_date and _may_be_on(candidate, other.day):
            return Choice(candidate, other.day)
    return Choice(candidate)


def _agrees(declared: Candidate, visible: Candidate) -> bool:
    if visible.moment.precision is Precision.MONTH:
        return (declared.day.year, declared.day.month) == (visible.day.year, visible.day.month)
    return visible.day == declared.day


def _may_be_on(candidate: Candidate, day: date) -> bool:
    """True where a time that is told in UTC falls on the given day in some inhabited zone."""
    moment = candidate.moment
    if moment.precision.is_date or moment.zone_assumed or moment.local.utcoffset():
        return False
    if day == candidate.day - _ONE_DAY:
        return moment.at.hour < 12
    return day == candidate.day + _ONE_DAY and moment.at.hour >= 10


def _is_update(visible: Candidate, updates: list[Candidate]) -> bool:
    return any(visible.day in (update.day, update.moment.at.date()) for update in updates)


def _is_believed_against(
    visible: Candidate, declared: Candidate, address: Candidate | None, updates: list[Candidate]
) -> bool:
    """True where what is shown is the publication, whatever is declared."""
    if visible.moment.precision is Precision.MONTH:
        return False
    if visible.labelled:
        return visible.score >= _STRONG_LABEL
    if visible.score < _STRONG or _is_update(visible, updates) or _is_later(visible, updates):
        return False
    # A newspaper puts tomorrow's date on what is on its site tonight.
    if not declared.moment.precision.is_date and visible.day == declared.day + _ONE_DAY:
        return False
    day = _exact_day(address)
    return day is None or not (day == declared.day or _may_be_on(declared, day))


def _is_later(visible: Candidate, updates: list[Candidate]) -> bool:
    """True where it comes after all updates: it is the day of the visit or that of something else."""
    return bool(updates) and all(visible.day > update.day + _ONE_DAY for update in updates)


def turned_after(update: Candidate, published: Candidate | None) -> Candidate:
    """An update that numbers seem to tell before the publication, read the other way round where that is after it."""
    if published is None or update.moment.other is None or update.day >= published.day:
        return update
    turned = update.moment.turned()
    return replace(update, moment=turned) if turned.local.date() >= published.day else update
