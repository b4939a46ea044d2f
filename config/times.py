"""Times of the day and zones, as people write them in settings."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

__all__ = ["Hours", "TimeOfDay", "Zone"]

_CLOCK = r"(\d\d?:\d\d)"


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{value}" is no time zone; write a name such as "Europe/Brussels" or "UTC"') from None
    return value


def _hours(value: object) -> object:
    """From and to as times of the day; to before from goes over midnight."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(rf"{_CLOCK}\s*-\s*{_CLOCK}", value.strip())
    begin, end = map(_time, found.groups()) if found else (None, None)
    if begin is None or end is None or begin == end:
        raise ValueError(f'"{value}" are no hours; write them like "07:00-22:00"')
    return begin, end


def _time_of_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(_CLOCK, value.strip())
    at = _time(found[1]) if found else None
    if at is None:
        raise ValueError(f'"{value}" is no time of the day; write it like "08:00"')
    return at


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        return None


Zone = Annotated[str, AfterValidator(_zone)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
