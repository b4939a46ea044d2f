"""The grammar of zones: what stands at a token as an offset, an abbreviation or a name of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scraper.dates.tokens import Tokens
from scraper.dates.words import AMBIGUOUS_ZONES, PLACES, ZONES, fold

__all__ = ["Zone", "zone_at"]


class Zone(NamedTuple):
    """A zone read from tokens."""

    zone: tzinfo
    assumed: bool
    next: int
    """The token after it."""


def zone_at(tokens: Tokens, index: int, local: datetime, zone: tzinfo) -> Zone:
    """The zone named at a token, or the given one."""
    bracket = tokens.at(index).text == "("
    named = _named_zone(tokens, index + bracket, local, zone) or (None if bracket else _offset(tokens, index))
    if named is None:
        return Zone(zone, assumed=True, next=index)
    return named._replace(next=named.next + (bracket and tokens.at(named.next).text == ")"))


def _named_zone(tokens: Tokens, index: int, local: datetime, zone: tzinfo) -> Zone | None:
    name = tokens.at(index).text
    if name in ("gmt", "utc"):
        further = _offset(tokens, index + 1) if tokens.at(index + 1).glued else None
        return further or Zone(UTC, assumed=False, next=index + 1)
    if name in ZONES:
        # "BST" is British for a British newsroom: the source's own zone knows its abbreviations best.
        if fold(local.replace(tzinfo=zone).tzname() or "") == name:
            return Zone(zone, assumed=False, next=index + 1)
        offset = timezone(timedelta(hours=ZONES[name]))
        return Zone(offset, assumed=name in AMBIGUOUS_ZONES, next=index + 1)
    if name in PLACES and (name.endswith("t") or tokens.at(index + 1).text in ("time", "standard", "daylight")):
        return Zone(ZoneInfo(PLACES[name]), assumed=False, next=index + 1 + (not name.endswith("t")))
    return None


def _offset(tokens: Tokens, index: int) -> Zone | None:
    """+02:00, +0200, -5."""
    sign, hours = tokens.at(index).text, tokens.at(index + 1)
    if sign not in ("+", "-") or not hours.glued or not 1 <= hours.digits <= 4 or hours.digits == 3:
        return None
    minutes, following = 0, index + 2
    whole = hours.number
    if hours.digits == 4:
        whole, minutes = divmod(whole, 100)
    elif tokens.glued(following) == ":" and tokens.at(following + 1).digits == 2:
        minutes, following = tokens[following + 1].number, following + 2
    elif sign == "-" and not tokens.at(index).glued:
        return None
    if whole > 14 or minutes > 59:
        return None
    east = timedelta(hours=whole, minutes=minutes) * (1 if sign == "+" else -1)
    return Zone(timezone(east), assumed=False, next=following)
