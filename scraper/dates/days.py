"""The grammar of dates: what stands at a token as a day or a month of a year."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from scraper.dates.tokens import NOTHING, Tokens
from scraper.dates.words import AFTER_DAY, AFTER_YEAR, BEFORE_YEAR, MONTHS, ORDINALS
from scraper.model import Precision

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Date", "date_at", "make_date", "month_name", "starts_number", "year_at"]

FIRST_YEAR, LAST_YEAR = 1990, 2100


class Date(NamedTuple):
    """A date read from tokens."""

    day: date
    precision: Precision
    next: int
    """The token after it."""
    other: date | None = None
    """The day where its numbers are taken the other way round."""


def make_date(year: int, month: int, day: int, following: int) -> Date | None:
    """A date, or None where there is no such day or it is out of the years that newsrooms write of."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return Date(date(year, month, day), Precision.DAY, following)
    except ValueError:
        return None


def month_name(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """The number of the month named at a token, and the token after the name and its full stop or alias."""
    token = tokens.at(index)
    if token.digits or not token.text:
        return None
    month = MONTHS.get(f"{token.text} {tokens.at(index + 1).text}")
    following = index + 2
    if month is None:
        month, following = MONTHS.get(token.text), index + 1
    if month is None:
        return None
    if tokens.glued(following) == ".":
        following += 1
    # The Levant's name and the Gulf's side by side: أيلول/سبتمبر.
    if tokens.at(following).text in ("/", "(") and MONTHS.get(tokens.at(following + 1).text) == month:
        following += 3 if tokens.at(following).text == "(" else 2
    return month, following


def year_at(tokens: Tokens, index: int, *, short: bool = False) -> int | None:
    """The year at a token: four digits, or two after an apostrophe or where ``short`` permits."""
    token = tokens.at(index)
    if tokens.glued(index + 1) == ":" and tokens.at(index + 2).digits:
        return None
    if token.digits == 4:
        return token.number
    if token.digits == 2 and short:
        return _century(token.number)
    return None


def _century(year: int) -> int:
    # RFC 5322 section 4.3 puts 50 to 99 into the last century.
    return year + (1900 if year >= 50 else 2000)


def _after_year(tokens: Tokens, index: int) -> int:
    if tokens.at(index).text in AFTER_YEAR:
        index += 1 + (tokens.glued(index + 1) == ".")
    return index


def _ends_number(tokens: Tokens, index: int, sign: str) -> bool:
    """True where no further number of the same row follows, as in 1.2.2012.7."""
    return not (tokens.glued(index) == sign and tokens.at(index + 1).digits and tokens.at(index + 1).glued)


def starts_number(tokens: Tokens, index: int) -> bool:
    """True where the number at a token does not go on from one before it, as the 2.2012 in 1.2.2012 does."""
    if not tokens.at(index).glued:
        return True
    return not (tokens.at(index - 1).text in (".", "/", "-", ",", "_") and tokens.at(index - 2).digits)


def _iso(tokens: Tokens, index: int) -> Date | None:
    """2012-09-07, 2012/9/7, 2012.09.07."""
    sign = tokens.glued(index + 1)
    if tokens.at(index).digits != 4 or sign not in ("-", "/", "."):
        return None
    month, day = tokens.at(index + 2), tokens.at(index + 4)
    if not (tokens.glued(index + 3) == sign and 1 <= day.digits <= 2):
        return None
    if not _ends_number(tokens, index + 5, sign):
        return None
    return make_date(tokens[index].number, month.number, day.number, index + 5)


def _ideographic(tokens: Tokens, index: int) -> Date | None:
    """2012年9月7日 and 2012년 9월 7일, with or without the day."""
    if tokens.at(index).digits != 4 or tokens.at(index + 1).text not in ("年", "년"):
        return None
    if tokens.at(index + 3).text not in ("月", "월"):
        return None
    year, month, day = tokens[index].number, tokens[index + 2].number, tokens.at(index + 4).number
    if day > 0 and tokens.at(index + 5).text in ("日", "号", "일"):
        return make_date(year, month, day, index + 6)
    found = make_date(year, month, 1, index + 4)
    return found and found._replace(precision=Precision.MONTH)


def _year_and_name(tokens: Tokens, index: int) -> Date | None:
    """2012 September 7; also 2012. szeptember 7."""
    if tokens.at(index).digits != 4:
        return None
    index_of_month = index + 1 + (tokens.glued(index + 1) == "." or tokens.at(index + 1).text == ",")
    named = month_name(tokens, index_of_month)
    day = tokens.at(named[1]) if named else NOTHING
    if named is None or not 1 <= day.digits <= 2 or year_at(tokens, named[1] + 1) is not None:
        return None
    return make_date(tokens[index].number, named[0], day.number, named[1] + 1)


def _day_and_name(tokens: Tokens, index: int) -> Date | None:
    """7 September 2012, 07-Sep-2012, 1er mars 2012, 5 de marzo de 2015, 07 Sep 12 12:46."""
    day = tokens.at(index)
    if not 1 <= day.digits <= 2:
        return None
    index = _after_day(tokens, index + 1)
    dashed = tokens.at(index - 1).text in ("-", "/")
    named = month_name(tokens, index)
    if named is None:
        return None
    month, index = named
    while tokens.at(index).text in (",", "-", "/", "'") or tokens.at(index).text in BEFORE_YEAR:
        dashed = tokens.at(index).text in ("-", "'") or dashed
        index += 1
    timed = tokens.at(index + 1).digits > 0 and tokens.at(index + 2).text == ":"
    year = year_at(tokens, index, short=dashed or timed)
    return make_date(year, month, day.number, _after_year(tokens, index + 1)) if year else None


def _after_day(tokens: Tokens, index: int) -> int:
    """The token after what may stick to a day: an ordinal suffix, a full stop, a joining word."""
    if tokens.at(index).text == "-" and tokens.glued(index + 1) in ORDINALS:
        index += 2
    elif tokens.glued(index) in ORDINALS or tokens.glued(index) in (".", "°"):
        index += 1
    if tokens.at(index).text in ("-", "/", ",") or tokens.at(index).text in AFTER_DAY:
        index += 1
    return index + (tokens.at(index).text == "'" and tokens.at(index - 1).text == "d")


def _name_and_day(tokens: Tokens, index: int) -> Date | None:
    """September 7, 2012; Sep 7 12:46:00 CEST 2012 leaves its time to :func:`_asctime`."""
    named = month_name(tokens, index)
    if named is None:
        return None
    before = index - 1
    month, index = named
    dashed = tokens.at(index).text in ("-", "/")
    index += dashed
    day = tokens.at(index)
    if day.digits == 4:
        # Behind a number the month was tried as a day's already: "31 February 2020" is nothing.
        return None if 1 <= tokens.at(before).digits <= 2 else _month_only(tokens, index, month)
    if not 1 <= day.digits <= 2:
        return _month_only(tokens, _skip(tokens, index, BEFORE_YEAR | {",", "'"}, most=2), month)
    index = index + 1 + (tokens.glued(index + 1) in ORDINALS)
    index = _skip(tokens, index, BEFORE_YEAR | {",", "-", "/", ".", "'"}, most=2)
    # "March 23-26" is a range of days, "Mar-23-26" is a date.
    year = year_at(tokens, index, short=tokens.at(index - 1).text == "'" or dashed)
    return make_date(year, month, day.number, _after_year(tokens, index + 1)) if year else None


def _month_only(tokens: Tokens, index: int, month: int) -> Date | None:
    year = year_at(tokens, index)
    found = make_date(year, month, 1, _after_year(tokens, index + 1)) if year else None
    return found and found._replace(precision=Precision.MONTH)


def _skip(tokens: Tokens, index: int, words: frozenset[str] | set[str], *, most: int) -> int:
    stop = index + most
    while index < stop and tokens.at(index).text in words:
        index += 1
    return index


def _numeric(tokens: Tokens, index: int, *, month_first: bool, strict: bool) -> Date | None:
    """07.09.2012, 7. 9. 2012, 7/9/12, 07 | 09 | 2012: the day first, or the month where the language says so."""
    sign = tokens.at(index + 1).text
    first, second, last = tokens.at(index), tokens.at(index + 2), tokens.at(index + 4)
    if sign not in (".", "/", "-", "|") or tokens.at(index + 3).text not in (sign, "-"):
        return None
    if sign == "|" and not first.digits == second.digits == last.digits - 2 == 2:
        return None
    if not (1 <= first.digits <= 2 and 1 <= second.digits <= 2 and last.digits in (2, 4)):
        return None
    if not last.glued and (sign not in (".", "|") or last.digits == 2):
        return None
    if last.digits == 2 and strict and not (first.digits == second.digits == 2 or sign == "/"):
        return None
    if not _ends_number(tokens, index + 5, sign):
        return None
    year = last.number if last.digits == 4 else _century(last.number)
    swapped = (second.number > 12 or (month_first and first.number <= 12)) and sign != "."
    month, day = (first.number, second.number) if swapped else (second.number, first.number)
    found = make_date(year, month, day, _after_year(tokens, index + 5))
    if found is None or month == day or day > 12:
        return found
    return found._replace(other=date(year, day, month))


def _compact(tokens: Tokens, index: int) -> Date | None:
    """20120907, 2012-09."""
    token = tokens[index]
    if token.digits in (8, 14):
        year, month, day = int(token.text[:4]), int(token.text[4:6]), int(token.text[6:8])
        return make_date(year, month, day, index + 1)
    if token.digits == 4 and tokens.glued(index + 1) == "-" and tokens.at(index + 2).digits == 2:
        found = make_date(token.number, tokens[index + 2].number, 1, index + 3)
        return found and found._replace(precision=Precision.MONTH)
    return None


def date_at(tokens: Tokens, index: int, *, month_first: bool, strict: bool, brief: bool = False) -> Date | None:
    """The date that begins at a token; ``strict`` leaves out the forms that may be any number.

    ``brief`` lets in one of them: 8.5.12, which otherwise is as likely a version.
    """
    if not tokens.at(index).digits:
        return _name_and_day(tokens, index)
    if not starts_number(tokens, index):
        return None
    return (
        _iso(tokens, index)
        or _ideographic(tokens, index)
        or _day_and_name(tokens, index)
        or _numeric(tokens, index, month_first=month_first, strict=strict and not brief)
        or _year_and_name(tokens, index)
        or (None if strict else _compact(tokens, index))
    )
