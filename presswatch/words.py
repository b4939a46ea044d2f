"""How pages and notifications say kinds, times, stamps and addresses: functions to text, for any template."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from scraper.model import Kind, Precision, Stamp
from storage import StampRow

__all__ = ["ago", "clock", "counted", "duration", "moment", "same_stamp", "stamped", "web_link", "words"]

_WEB = re.compile(r"https?://[^\s\x00-\x20<>\"'`\\]+", re.IGNORECASE)
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def web_link(url: str) -> str | None:
    """The address as a link's target, None where it leads elsewhere than to the web."""
    return url if _WEB.fullmatch(url) else None


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number of things, such as ``1 look`` or ``1,200 looks``; ``plural`` where it is no mere s."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def words(kind: Kind) -> str:
    """A kind as people read it."""
    return kind.value.replace("-", " ")


def moment(at: datetime) -> str:
    """A time such as 7 Sep 2012, 10:46:05 UTC."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M:%S} UTC"


def clock(at: datetime) -> str:
    """The time of day in UTC."""
    return f"{at.astimezone(UTC):%H:%M:%S}"


def duration(span: timedelta) -> str:
    """A span in words, in the largest unit that it has one of."""
    units = ((timedelta(days=365), "year"), *_UNITS)
    return next((counted(span // unit, name) for unit, name in units if span >= unit), "less than a minute")


def ago(at: datetime, now: datetime) -> str:
    """How far a time is from now, in words."""
    gap = abs(now - at)
    text = next((counted(gap // unit, name) for unit, name in _UNITS if gap >= unit), "")
    if at <= now:
        return f"{text} ago" if text else "just now"
    return f"in {text}" if text else "in a moment"


def stamped(stamp: Stamp | StampRow) -> str:
    """A stamp as exactly as its page tells it, in UTC where it has a time of day."""
    if stamp.precision is Precision.MONTH:
        return f"{stamp.at:%B %Y}"
    if stamp.precision is Precision.DAY:
        return f"{stamp.at.day} {stamp.at:%b %Y}"
    seconds = ":%S" if stamp.precision is Precision.SECOND else ""
    return f"{stamp.at.day} {stamp.at:%b %Y, %H:%M}{stamp.at.strftime(seconds)} UTC"


def same_stamp(before: Stamp | StampRow | None, after: Stamp | StampRow | None) -> bool:
    """True where both tell the same time, or neither tells one."""
    if before is None or after is None:
        return before is after
    return (before.at, before.precision) == (after.at, after.precision)
