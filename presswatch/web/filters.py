"""Which changes an address of the stream asks for, and how that is kept and told. Pure.

pairs of a query | read_filter -> Filter | selection -> what the store is asked
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from presswatch.web.page import BadRequest
from presswatch.words import words
from scraper.model import Kind
from storage import BadQuery, Marked, Query, Selection, parse

__all__ = [
    "NAMES",
    "BadFilter",
    "Filter",
    "Pairs",
    "end",
    "kept",
    "midnight",
    "read_filter",
    "selection",
    "source_ids",
    "taken_up",
]

NAMES = ("source", "kind", "importance", "from", "to", "words", "mark")
"""What an address may ask with; the first two several times."""
_MOST_VALUES = 20
_LONGEST = 300
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SHARE = re.compile(r"0?\.\d{1,9}|[01](?:\.0{0,9})?", re.ASCII)

Pairs = Sequence[tuple[str, str]]


class BadFilter(BadRequest):
    """A filter can't be meant; the message is a sentence for the person who set it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which changes are wanted; what is empty means all."""

    sources: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    importance: float = 0.0
    first: date | None = None
    """Of the days on which they were detected, UTC."""
    last: date | None = None
    words: str = ""
    marked: Marked | None = None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The names and values of an address that asks for the same, always in the same order."""
        return (
            *(("source", each) for each in self.sources),
            *(("kind", each.value) for each in self.kinds),
            *((("importance", f"{self.importance:g}"),) if self.importance else ()),
            *((("from", self.first.isoformat()),) if self.first else ()),
            *((("to", self.last.isoformat()),) if self.last else ()),
            *((("words", self.words),) if self.words else ()),
            *((("mark", self.marked.value),) if self.marked else ()),
        )

    @property
    def query(self) -> str:
        """The query string, without its question mark; empty where all is wanted."""
        return urlencode(self.pairs, errors="replace")

    def told(self) -> str:
        """The filter in words; empty where all is wanted."""
        days = " ".join(
            f"{name} {each.isoformat()}" for name, each in (("from", self.first), ("to", self.last)) if each
        )
        parts = (
            ", ".join(map(words, self.kinds)), ", ".join(self.sources),
            f"importance {self.importance:g} or more" if self.importance else "", days,
            f"“{self.words}”" if self.words else "", self.marked.value if self.marked else "",
        )  # fmt: skip
        return "; ".join(filter(None, parts))


def read_filter(query: Pairs, *, is_marked: bool = True) -> Filter:
    """The filter of a query; names that are none of its own are left alone. ``is_marked``: marks may be asked for.

    Raises:
        BadFilter: a value can't be meant.
    """
    given = {name: _values(query, name) for name in NAMES}
    one = {name: values[0] if values else "" for name, values in given.items()}
    for name in NAMES[2:]:
        if len(given[name]) > 1:
            raise BadFilter(f"Say “{name}” once only.")
    kinds = given["kind"]
    if set(kinds) - set(Kind):
        raise BadFilter(f"There is no such kind of change: one is {', '.join(Kind)}.")
    if one["mark"] and one["mark"] not in set(Marked):
        raise BadFilter(f"There is no such mark: one is {', '.join(Marked)}.")
    if one["mark"] and not is_marked:
        raise BadFilter("Marks are not shown here.")
    if one["importance"] and not _SHARE.fullmatch(one["importance"]):
        raise BadFilter("The importance is a number from 0 to 1, such as 0.5.")
    first, last = _day(one["from"]), _day(one["to"])
    if first and last and first > last:
        raise BadFilter("The last day is before the first one.")
    if one["words"]:
        _query(one["words"])
    return Filter(
        sources=given["source"], kinds=tuple(kind for kind in Kind if kind in kinds),
        importance=float(one["importance"] or 0), first=first, last=last, words=one["words"],
        marked=Marked(one["mark"]) if one["mark"] else None,
    )  # fmt: skip


def selection(wanted: Filter, names: Mapping[int, str]) -> Selection:
    """What the store is asked.

    Args:
        wanted: the filter.
        names: of all sources by their ids, also of those that were removed.

    Raises:
        BadFilter: there is no such source, or the words can't be looked up.
    """
    ids = source_ids(wanted.sources, names)
    if ids is None:
        raise BadFilter("Nothing of this name is or was watched.")
    return Selection(
        source_ids=ids, kinds=wanted.kinds, importance=wanted.importance,
        since=midnight(wanted.first) if wanted.first else None, until=end(wanted.last) if wanted.last else None,
        words=_query(wanted.words) if wanted.words else None, marked=wanted.marked,
    )  # fmt: skip


def source_ids(wanted: Sequence[str], names: Mapping[int, str]) -> tuple[int, ...] | None:
    """The ids of sources by their names; None where one of them is none of ``names``."""
    ids = {name: source_id for source_id, name in names.items()}
    return None if set(wanted) - set(ids) else tuple(ids[name] for name in wanted)


def kept(wanted: Filter, names: Mapping[int, str]) -> str:
    """The filter as it is kept: sources by their ids, which stay when they are renamed."""
    ids = {name: source_id for source_id, name in names.items()}
    pairs = [(name, str(ids[value]) if name == "source" else value) for name, value in wanted.pairs]
    return urlencode(pairs, errors="replace")


def taken_up(query: str, names: Mapping[int, str]) -> Filter:
    """The filter that was kept so. A source that is in the database no more is left out.

    Raises:
        BadFilter: it can't be meant any more.
    """
    known = {str(source_id): name for source_id, name in names.items()}
    pairs = [(name, known.get(value, "") if name == "source" else value) for name, value in parse_qsl(query)]
    return read_filter(pairs)


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def end(day: date) -> datetime | None:
    """The first moment after a day, UTC; None after the last one of the calendar, which nothing follows."""
    return None if day == date.max else midnight(day) + timedelta(days=1)


def _values(query: Pairs, name: str) -> tuple[str, ...]:
    values = tuple(sorted({value if name == "source" else value.strip() for key, value in query if key == name} - {""}))
    if len(values) > _MOST_VALUES or any(len(value) > _LONGEST for value in values):
        raise BadFilter(f"There is too much in “{name}”.")
    return values


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise BadFilter("A day is written like 2026-03-01.")
    return found


def _query(text: str) -> Query:
    try:
        return parse(text)
    except BadQuery as error:
        raise BadFilter(str(error)) from None
