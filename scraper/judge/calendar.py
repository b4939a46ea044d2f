"""Dates among words that changed: told by figures, months and weekdays, without being read as times."""

from __future__ import annotations

import re
import unicodedata

from scraper.dates.words import MONTHS, WEEKDAYS
from scraper.judge.tokens import tokens

__all__ = ["is_date", "whole_date"]

_CALENDAR = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d|\d{1,2}:\d\d|[\d〇一二三四五六七八九十]\s?[年月日]|\d\s?(?:[ap]\.?m\.?|Uhr)\b"
)
_DAY_OR_YEAR = re.compile(r"\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d")
_LONGEST = 60
"""Characters of a date; what is longer is a passage that may hold one."""
_MONTHS = frozenset(name for name in MONTHS if name not in ("may", "mars", "mar", "dec"))
"""Without those that are ordinary words, too."""
_DAYS = _MONTHS | frozenset(name for name in WEEKDAYS if len(name) > 3)


def is_date(text: str, span: tuple[int, int]) -> bool:
    """True where some words of a text are a date or a time of day: in figures, or numbers beside a month or weekday."""
    start, end = span
    own = text[start:end]
    if len(own) >= _LONGEST:
        return False
    words = list(map(_plain, tokens(own).texts))
    if _CALENDAR.search(own) or any(word in _DAYS for word in words):
        return True
    beside = [*tokens(text[max(0, start - 12) : start]).texts[-2:], *tokens(text[end : end + 14]).texts[:2]]
    return any(map(_DAY_OR_YEAR.fullmatch, words)) and any(_plain(word) in _MONTHS for word in beside)


def whole_date(text: str, span: tuple[int, int]) -> str:
    """What changed of a date, with the rest of it: "8" in "8 September 2012"."""
    start, end = span
    before = re.findall(r"\S+\s*", text[max(0, start - 24) : start])[-2:]
    after = re.findall(r"\s*\S+", text[end : end + 24])[:2]
    while before and not _is_of_date(before[0]):
        before.pop(0)
    while after and not _is_of_date(after[-1]):
        after.pop()
    return "".join((*before, text[start:end], *after)).strip(" ,.;") if end > start else ""


def _is_of_date(word: str) -> bool:
    bare = word.strip(" ,.;()")
    return _plain(bare) in _DAYS or _DAY_OR_YEAR.fullmatch(bare) is not None


def _plain(word: str) -> str:
    """A word without case and accents, as the calendar's words are kept."""
    return "".join(char for char in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(char))
