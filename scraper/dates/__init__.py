"""Dates and times as people and machines write them, in some twenty languages.

A text becomes tokens (numbers, words, signs), and at each token a few short rules try to read a date, then a time of
day, then a zone. No rule looks further than a dozen tokens ahead, so the cost is linear in the text. The machine
formats are ISO 8601, RFC 5322 section 3.3 with the sloppy forms that feeds use, RFC 850 and asctime; the words are in
``scraper.dates.words``. Relative times ("3 hours ago") are no dates: there is no clock here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from scraper.dates.clocks import Clock, clock_after, clock_at, make_clock
from scraper.dates.days import FIRST_YEAR, LAST_YEAR, Date, date_at, make_date, month_name, starts_number, year_at
from scraper.dates.tokens import Tokens, joins_numbers, tokenise, words
from scraper.dates.words import BEFORE_TIME, MONTHS, WEEKDAYS
from scraper.dates.zones import zone_at
from scraper.model import Precision

__all__ = ["MAX_TEXT", "Moment", "find", "find_in", "may_hold", "parse"]

MAX_TEXT = 100_000
"""Characters of a text that are looked at."""
_MAX_PARSED = 200
_MAX_RESIDUE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time found in a text."""

    at: datetime
    """UTC; for a date, midnight UTC of its first day."""
    precision: Precision
    zone_assumed: bool
    """True for a time of day whose zone the text does not name, or names by an ambiguous abbreviation."""
    local: datetime
    """``at`` in the zone that it was read in: the calendar day as written, which need not be that of ``at``."""
    other: date | None = None
    """The day that the numbers are where day and month are taken the other way round; None where there is no such."""
    start: int
    """Where it begins in the text."""
    end: int

    def turned(self) -> Moment:
        """The other reading of numbers that may be day or month; itself where there is none."""
        if self.other is None:
            return self
        local = self.local.replace(year=self.other.year, month=self.other.month, day=self.other.day)
        return replace(self, at=local.astimezone(UTC), local=local, other=self.local.date())


def may_hold(text: str) -> bool:
    """False for a text in which :func:`find` would find nothing, at a quarter of its cost."""
    return joins_numbers(text) or not _BEGINNINGS.isdisjoint(words(text))


def find(text: str, *, zone: tzinfo, language: str | None = None) -> list[Moment]:
    """Every date or time in a text, in order, read in ``zone`` where it names none.

    ``language`` is a BCP 47 tag: 03/04/2026 is March the 4th for ``en-us`` and April the 3rd for all others. A local
    time that a change of clocks skips or repeats is read as the earlier reading (``fold=0``). Only the first
    100,000 characters are looked at; years outside 1990 to 2100 and impossible dates yield nothing.
    """
    return find_in(tokenise(text[:MAX_TEXT]), zone=zone, language=language)


def find_in(tokens: Tokens, *, zone: tzinfo, language: str | None = None, brief: bool = False) -> list[Moment]:
    """The same in a text that is parted into tokens already; ``brief`` where 8.5.12 is rather a date than a version."""
    return _find(tokens, zone=zone, month_first=_is_month_first(language), strict=True, brief=brief)


def parse(text: str, *, zone: tzinfo, language: str | None = None) -> Moment | None:
    """The one date or time that a short text is (ISO 8601, RFC 822 or as people write); None where it is none.

    Compact forms (``20120907``, ``2012-09``) count here and not in :func:`find`, where they are as likely a number.
    A weekday or a short word beside the date is tolerated, a second number is not.
    """
    if len(text) > _MAX_PARSED:
        return None
    plain = _PLAIN.fullmatch(text)
    moment = _plainly(plain, zone) if plain else None
    if moment is not None:
        return moment
    found = _find(tokenise(text), zone=zone, month_first=_is_month_first(language), strict=False)
    if len(found) != 1:
        return None
    before, after = text[: found[0].start].strip(), text[found[0].end :].strip()
    if any(len(rest) > _MAX_RESIDUE or any(c.isdigit() for c in rest) for rest in (before, after)):
        return None
    return found[0]


_PLAIN = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?\s*", re.ASCII)
"""What most values for machines look like: read by the standard library, at a tenth of the cost."""


def _plainly(plain: re.Match[str], zone: tzinfo) -> Moment | None:
    """A moment in plain ISO 8601; None where the grammar has to say what it is."""
    day, minute, second, offset = plain.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{minute or '00:00'}{second or ''}{offset or ''}")
        local = local if local.tzinfo else local.replace(tzinfo=zone if minute else UTC)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        return None
    precision = Precision.SECOND if second else Precision.MINUTE if minute else Precision.DAY
    assumed = bool(minute) and not offset
    return Moment(
        at=at, precision=precision, zone_assumed=assumed, local=local, start=plain.start(1), end=len(plain[0].rstrip())
    )


def _is_month_first(language: str | None) -> bool:
    return (language or "").lower().replace("_", "-").endswith("-us")


def _find(tokens: Tokens, *, zone: tzinfo, month_first: bool, strict: bool, brief: bool = False) -> list[Moment]:
    found: list[Moment] = []
    following = 0
    for index, token in enumerate(tokens):
        if index < following or not (token.digits or token.text in _BEGINNINGS):
            continue
        moment = _moment_at(tokens, index, zone=zone, month_first=month_first, strict=strict, brief=brief)
        if moment is not None:
            found.append(moment[0])
            following = moment[1]
    return found


def _moment_at(
    tokens: Tokens, index: int, *, zone: tzinfo, month_first: bool, strict: bool, brief: bool
) -> tuple[Moment, int] | None:
    """The time that begins at a token, and the token after it."""
    day = date_at(tokens, index, month_first=month_first, strict=strict, brief=brief)
    if day is not None:
        return _date_first(tokens, index, day, zone)
    return _asctime(tokens, index, zone) or _time_first(tokens, index, zone=zone, month_first=month_first)


_BEGINNINGS = frozenset(name.split()[0] for name in MONTHS)


def _date_first(tokens: Tokens, index: int, day: Date, zone: tzinfo) -> tuple[Moment, int]:
    clock = _clock_of(tokens, index, day)
    if clock is None:
        at = datetime(day.day.year, day.day.month, day.day.day, tzinfo=UTC)
        moment = Moment(
            at=at,
            precision=day.precision,
            zone_assumed=False,
            local=at,
            other=day.other,
            start=tokens[index].start,
            end=tokens[day.next - 1].end,
        )
        return moment, day.next
    return _exact(tokens, index, day=day, clock=clock, zone=zone)


def _clock_of(tokens: Tokens, index: int, day: Date) -> Clock | None:
    """The time of day that belongs to a date, if one does."""
    if day.precision is not Precision.DAY:
        return None
    found = clock_after(tokens, day.next)
    if found is None and tokens[index].digits == 14:
        hour, minute, second = (int(tokens[index].text[n : n + 2]) for n in (8, 10, 12))
        found = make_clock(hour, minute, second, day.next)
    return found


def _exact(tokens: Tokens, index: int, *, day: Date, clock: Clock, zone: tzinfo) -> tuple[Moment, int]:
    """A date and a time of day put together, with the zone that follows the time of day."""
    written = datetime.combine(day.day + timedelta(days=clock.next_day), clock.time)
    named = zone_at(tokens, clock.next, written, zone)
    local = written.replace(tzinfo=named.zone)
    following = max(day.next, named.next)
    moment = Moment(
        at=local.astimezone(UTC),
        precision=Precision.SECOND if clock.seconds else Precision.MINUTE,
        zone_assumed=named.assumed,
        local=local,
        other=day.other,
        start=tokens[index].start,
        end=tokens[following - 1].end,
    )
    return moment, following


def _asctime(tokens: Tokens, index: int, zone: tzinfo) -> tuple[Moment, int] | None:
    """Sep  7 12:46:00 CEST 2012, as asctime and date(1) write it."""
    named = month_name(tokens, index)
    if named is None or not 1 <= tokens.at(named[1]).digits <= 2:
        return None
    clock = clock_at(tokens, named[1] + 1)
    if clock is None:
        return None
    after_zone = zone_at(tokens, clock.next, _ANY_DAY, zone).next
    year = year_at(tokens, after_zone)
    day = make_date(year, named[0], tokens[named[1]].number, after_zone + 1) if year else None
    return _exact(tokens, index, day=day, clock=clock, zone=zone) if day else None


def _time_first(tokens: Tokens, index: int, *, zone: tzinfo, month_first: bool) -> tuple[Moment, int] | None:
    """12:46, 07.09.2012; 3:05 p.m. EDT on Friday, September 7, 2012."""
    clock = clock_at(tokens, index) if starts_number(tokens, index) else None
    if clock is None:
        return None
    following = _past_brackets(tokens, zone_at(tokens, clock.next, _ANY_DAY, zone).next)
    for step in range(_MOST_JOINS):
        day = date_at(tokens, following + step, month_first=month_first, strict=True)
        if day is not None:
            is_day = day.precision is Precision.DAY
            return _exact(tokens, index, day=day, clock=clock, zone=zone) if is_day else None
        if tokens.at(following + step).text not in _JOINS:
            return None
    return None


def _past_brackets(tokens: Tokens, index: int) -> int:
    """The token behind the same time in another zone: 2010 GMT (0410 HKT) March 14, 2021."""
    is_time = tokens.at(index).text == "(" and tokens.at(index + 1).digits > 0
    ends = (index + step for step in range(3, 6) if tokens.at(index + step).text == ")")
    return next(ends, index - 1) + 1 if is_time else index


# A zone's name may depend on the day; to skip over one, any day will do.
_ANY_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  # wall time
_MOST_JOINS = 6
_JOINS = BEFORE_TIME | WEEKDAYS | {",", "-", "|", ".", "le"}
