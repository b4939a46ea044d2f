"""The grammar of times of day: what stands at a token as hours, minutes and seconds."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple

from scraper.dates.tokens import Tokens
from scraper.dates.words import BEFORE_TIME, HOUR_WORDS, MERIDIEM, WEEKDAYS, ZONES

__all__ = ["Clock", "clock_after", "clock_at", "make_clock"]

_HALVES = frozenset("午前 午後 上午 下午 오전 오후 凌晨 早上 晚上 中午".split())


class Clock(NamedTuple):
    """A time of day read from tokens."""

    time: time
    seconds: bool
    next_day: bool
    """It is 24:00."""
    next: int
    """The token after it."""


def make_clock(hour: int, minute: int, second: int | None, following: int, *, half: int | None = None) -> Clock | None:
    """A time of day, or None where there is no such time; ``half`` is what am and pm add to a twelve-hour clock."""
    if half is not None:
        if not 0 <= hour <= 12 and not (half == 12 and hour < 24):
            return None
        hour = hour % 12 + half if hour <= 12 else hour
    midnight = (hour, minute, second or 0) == (24, 0, 0)
    if not (0 <= hour < 24 or midnight) or not 0 <= minute < 60 or not 0 <= (second or 0) <= 60:
        return None
    # A leap second is told as the second before it: datetime has no 60.
    return Clock(time(hour % 24, minute, min(second or 0, 59)), second is not None, midnight, following)


def _half(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """The half of the day named at a token, in hours to add, and the token after it: pm, p.m., a. m., 午後."""
    text = tokens.at(index).text
    pair = text + tokens.at(index + 1).text
    if pair in _HALVES:
        return MERIDIEM[pair], index + 2
    if text in ("a", "p"):
        after = index + 1 + (tokens.glued(index + 1) == ".")
        if tokens.at(after).text != "m" or (after == index + 1 and not tokens.at(after).glued):
            return None
        return MERIDIEM[text], after + 1 + (tokens.glued(after + 1) == ".")
    if text in MERIDIEM:
        return MERIDIEM[text], index + 1
    return None


def clock_at(tokens: Tokens, index: int, *, told: bool = False) -> Clock | None:
    """The time of day at a token; ``told`` where a word before it says that it is one."""
    half = _half(tokens, index)
    start = half[1] if half else index
    hour = tokens.at(start)
    if not 1 <= hour.digits <= 2:
        return _military(tokens, start) if hour.digits == 4 else None
    mark = tokens.at(start + 1).text
    if half or mark in ("時", "时", "点", "시", "點"):
        return _ideographic_clock(tokens, start, half[0] if half else None)
    if mark in (":", ".", "h") and tokens.at(start + 2).digits == 2 and tokens.at(start + 1).glued:
        return _minutes(tokens, start, told=told or mark != ".")
    after = _half(tokens, start + 1)
    if after:
        return make_clock(hour.number, 0, None, after[1], half=after[0])
    if mark in HOUR_WORDS and (told or mark != "h" or tokens.glued(start + 1)):
        return make_clock(hour.number, 0, None, start + 2)
    return None


def _minutes(tokens: Tokens, start: int, *, told: bool) -> Clock | None:
    """12:46, 12:46:00.000, 12.46 Uhr, 12h46, 3:05 p.m."""
    mark = tokens[start + 1].text
    following, second = start + 3, None
    if tokens.glued(following) in (":", "'", mark) and tokens.at(following + 1).digits == 2:
        second, following = tokens[following + 1].number, following + 2
    if second is not None and tokens.glued(following) in (".", ",", ":") and tokens.glued(following + 1).isdigit():
        following += 2
    after = _half(tokens, following)
    if after is None and tokens.at(following).text in HOUR_WORDS:
        following, told = following + 1, True
    if after is None and not told and tokens.at(following).text not in ("", ",", "|", ")", "-"):
        return None
    hour, minute = tokens[start].number, tokens[start + 2].number
    if after:
        return make_clock(hour, minute, second, after[1], half=after[0])
    return make_clock(hour, minute, second, following)


def _ideographic_clock(tokens: Tokens, start: int, half: int | None) -> Clock | None:
    """12時46分, 12时46分05秒, 오후 3시 5분, 下午3:05."""
    mark = tokens.at(start + 1).text
    minute, following = 0, start + 2
    if mark not in (":", "時", "时", "点", "點", "시"):
        return None
    second = None
    if 1 <= tokens.at(start + 2).digits <= 2:
        minute, following = tokens[start + 2].number, start + 3
        following += tokens.at(following).text in ("分", "분")
        if tokens.at(following).text == "分":
            following += 1
        if 1 <= tokens.at(following).digits <= 2 and tokens.at(following + 1).text in ("秒", "초"):
            second, following = tokens[following].number, following + 2
        elif tokens.glued(following) == ":" and tokens.at(following + 1).digits == 2:
            second, following = tokens[following + 1].number, following + 2
    return make_clock(tokens[start].number, minute, second, following, half=half)


def _military(tokens: Tokens, start: int) -> Clock | None:
    """1430 GMT, 1430 hrs, T1430Z."""
    after = tokens.at(start + 1).text
    if after not in ZONES and after not in HOUR_WORDS:
        return None
    hour, minute = divmod(tokens[start].number, 100)
    return make_clock(hour, minute, None, start + 1 + (after in HOUR_WORDS))


def _basic_clock(tokens: Tokens, index: int) -> Clock | None:
    """124600 or 1246 after the T of ISO 8601's basic format."""
    token = tokens.at(index)
    if token.digits not in (4, 6):
        return None
    second = int(token.text[4:6]) if token.digits == 6 else None
    return make_clock(int(token.text[:2]), int(token.text[2:4]), second, index + 1)


_JOINS = BEFORE_TIME | WEEKDAYS | {",", "-", "|", "(", ")", "@", "/", ".", "'", ":"}


def clock_after(tokens: Tokens, index: int) -> Clock | None:
    """The time of day that follows a date, past a few joining words and signs."""
    if tokens.glued(index) == "t" and tokens.at(index + 1).digits:
        return clock_at(tokens, index + 1, told=True) or _basic_clock(tokens, index + 1)
    told = False
    for step in range(6):
        found = clock_at(tokens, index + step, told=told)
        if found:
            return found
        text = tokens.at(index + step).text
        told = told or text in BEFORE_TIME or text == "@"
        if text not in _JOINS:
            return None
    return None
