"""When a release, or its version, came to be, as far as its stamps tell.

Many pages and lists tell no more than a day. Taken for its first moment, a release that was found an hour after it was
published would pass for one of half a day, and be looked at as rarely as that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from scraper.model import Precision, Stamp

__all__ = ["born", "placed"]

_SPANS = {Precision.DAY: timedelta(days=1), Precision.MONTH: timedelta(days=31)}


def born(told: Iterable[Stamp | None], *, absent_at: datetime | None, seen_at: datetime) -> datetime | None:
    """When a release was published, by the first of its stamps that tells it exactly, else by the first at all.

    ``absent_at`` is the last look at its listing that did not name it, ``seen_at`` the first at itself; None where no
    stamp tells.
    """
    stamps = sorted((stamp for stamp in told if stamp), key=lambda stamp: stamp.precision.is_date)
    return placed(stamps[0], absent_at=absent_at, seen_at=seen_at) if stamps else None


def placed(stamp: Stamp, *, absent_at: datetime | None, seen_at: datetime) -> datetime:
    """The moment of a stamp: of a date the middle of what of it lies between the two looks."""
    if not stamp.precision.is_date:
        return stamp.at
    begin, end = stamp.at, min(stamp.at + _SPANS[stamp.precision], seen_at)
    if absent_at is not None and begin < absent_at < end:
        begin = absent_at
    return begin + (end - begin) / 2 if begin < end else min(begin, seen_at)
