"""Whether an update stamp moved between two looks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from scraper.model import Precision, Release, Stamp

__all__ = ["Movement", "movement", "pair"]

_ORDER = list(Precision)


class Movement(StrEnum):
    """What a stamp did."""

    NONE = "none"
    """Neither look shows one."""
    STILL = "still"
    FORWARD = "forward"
    BACKWARD = "backward"
    APPEARED = "appeared"
    VANISHED = "vanished"


def movement(before: Release, after: Release) -> Movement:
    """What the stamp did, told by the most believed origin that both looks have.

    A visible stamp and a declared one are never compared with each other: institutions move one and not the other.
    """
    old, new = pair(before, after)
    if old is None or new is None:
        if old is None and new is None:
            return Movement.NONE
        return Movement.APPEARED if old is None else Movement.VANISHED
    if old.origin is not new.origin:
        return Movement.VANISHED if old.origin.is_visible else Movement.APPEARED
    precision = min(old.precision, new.precision, key=_ORDER.index)
    first, second = _at(old.at, precision), _at(new.at, precision)
    if first == second:
        return Movement.STILL
    return Movement.FORWARD if second > first else Movement.BACKWARD


def pair(before: Release, after: Release) -> tuple[Stamp | None, Stamp | None]:
    """The stamps to be compared: of the most believed common origin, else each look's own first."""
    # When the server last wrote the file says nothing of the text: it is kept as a fact, and judged by nobody.
    later = {stamp.origin: stamp for stamp in after.stamps if stamp.origin.is_of_page}
    for stamp in before.stamps:
        if stamp.origin in later:
            return stamp, later[stamp.origin]
    return before.stamp, after.stamp


def _at(at: datetime, precision: Precision) -> datetime:
    match precision:
        case Precision.SECOND:
            return at.replace(microsecond=0)
        case Precision.MINUTE:
            return at.replace(second=0, microsecond=0)
        case Precision.DAY:
            return at.replace(hour=0, minute=0, second=0, microsecond=0)
        case Precision.MONTH:
            return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
