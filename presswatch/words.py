"""How pages and notifications say kinds, times, stamps and addresses: functions to text, for any template."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from scraper.model import Kind, Precision, Stamp
from storage import StampRow

__all__ = ["clock", "counted", "moment", "same_stamp", "stamped", "web_link", "words"]

_WEB = re.compile(r"https?://[^\s\x00-\x20<>\"'`\\]+", re.IGNORECASE)


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
