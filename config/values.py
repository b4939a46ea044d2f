"""How values are written in the settings: durations, hours of the day, time zones, addresses, tokens."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

__all__ = ["Address", "Duration", "Hours", "Section", "Token", "Zone", "seconds"]

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+")
_LONGEST = timedelta(days=3660)
"""A wait beyond ten years is a slip of the pen, and beyond some thousands a date that no calendar has."""
_LEAST_TOKEN, _MOST_TOKEN = 20, 200
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{_LEAST_TOKEN},{_MOST_TOKEN}}}")
"""It is a segment of a path, and must not be guessed: 20 random characters of these are 120 bits."""


def seconds(text: str) -> timedelta:
    """A duration as people write it: ``90``, ``90s``, ``15m``, ``1h30m``, ``7d``, ``2w``.

    Raises:
        ValueError: it is none.
    """
    try:
        return _seconds(text.strip().lower())
    except OverflowError:
        raise ValueError(f'"{text}" is no duration that anybody waits for') from None


def _seconds(text: str) -> timedelta:
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return timedelta(seconds=float(text))
    if not _DURATION.fullmatch(text):
        raise ValueError(f'"{text}" is no duration; write it like "90s", "15m", "1h30m" or "7d"')
    return timedelta(seconds=sum(float(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+(?:\.\d+)?)([smhdw])", text)))


def _duration(value: object) -> object:
    return seconds(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else value


def _sensible(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise ValueError("it must be longer than nothing")
    if value > _LONGEST:
        raise ValueError("it must not be longer than ten years")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{value}" is no time zone; write a name such as "Europe/Brussels" or "UTC"') from None
    return value


def _address(value: str) -> str:
    if not re.match(r"https?://[^/?#\s]", value, re.IGNORECASE):
        raise ValueError(f'"{value}" is no web address; it begins with http:// or https:// and a host')
    return value


def _hours(value: object) -> object:
    """From and to as times of the day; to before from goes over midnight."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d\d?:\d\d)\s*-\s*(\d\d?:\d\d)", value.strip())
    try:
        begin, end = (time.fromisoformat(text.zfill(5)) for text in found.groups()) if found else (None, None)
    except ValueError:
        begin = end = None
    if begin is None or begin == end:
        raise ValueError(f'"{value}" are no hours; write them like "07:00-22:00"')
    return begin, end


def _token(value: str) -> str:
    """What it is is never said: messages end up in logs."""
    if not _TOKEN.fullmatch(value):
        raise ValueError(
            f"a feed token is {_LEAST_TOKEN} to {_MOST_TOKEN} letters, digits, - and _; "
            "make one: presswatch secret --feeds"
        )
    return value


Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
Duration = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_sensible)]
Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(_address)]
Token = Annotated[str, AfterValidator(_token)]


class Section(BaseModel):
    """A table of the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")
