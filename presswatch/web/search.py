"""Which changes a feed is of: what its address asks for, in one canonical form, and whether a change is such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from presswatch.matching import has_words, is_in, searched, spoken_in
from presswatch.web.kept import kept
from presswatch.web.page import BadRequest, query_number
from presswatch.words import words
from scraper.judge.text import fold
from scraper.model import Kind
from storage import FeedRow

__all__ = ["Query", "Search", "search"]

_MOST_VALUES = 20
_LONGEST_VALUE = 200
_TAG = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8}){0,7}")
_DECIMAL = re.compile(r"0?\.\d{1,9}|[01](?:\.0{0,9})?")

Query = Sequence[tuple[str, str]]
"""Names and values in the order in which an address has them; a name may come several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is wanted; empty means everything."""

    sources: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    importance: float = 0.0
    words: tuple[str, ...] = ()
    """Any of these; of each all words have to be there, and what stands in quotation marks as it stands."""
    languages: tuple[str, ...] = ()
    before: int | None = None
    """The id of a change; only older ones are wanted."""

    @property
    def query(self) -> str:
        """The canonical query string without ``before``, with its question mark; empty where all is wanted."""
        given = [
            *(("source", each) for each in self.sources),
            *(("kind", each.value) for each in self.kinds),
            *((("importance", f"{self.importance:g}"),) if self.importance else ()),
            *(("words", each) for each in self.words),
            *(("language", each) for each in self.languages),
        ]
        return f"?{urlencode(given, errors='replace')}" if given else ""

    @property
    def reads_texts(self) -> bool:
        """True where only the texts tell whether a change is wanted."""
        return bool(self.words or self.languages)

    def wants(self, row: FeedRow) -> bool:
        """True where the language and the words of a change's texts are what is looked for."""
        is_spoken = not self.languages or is_in(_language(row), self.languages)
        return is_spoken and (not self.words or has_words(_searched(row), self.words))

    def told(self) -> str:
        """The search in words, for the title of a feed; empty where all is wanted."""
        parts = [
            ", ".join(map(words, self.kinds)),
            ", ".join(self.sources),
            f"importance {self.importance:g} or more" if self.importance else "",
            " or ".join(f"“{each}”" for each in self.words),
            f"in {', '.join(self.languages)}" if self.languages else "",
        ]
        return "; ".join(filter(None, parts))


def search(query: Query) -> Search:
    """The search of a query: ``source``, ``kind``, ``words``, ``language`` (several times), ``importance``, ``before``.

    Raises:
        BadRequest: a value is none that can be meant.
    """
    kinds = _values(query, "kind")
    languages = [value.lower() for value in _values(query, "language")]
    importance = dict(query).get("importance", "").strip() or "0"
    if set(kinds) - set(Kind) or not all(map(_TAG.fullmatch, languages)) or not _DECIMAL.fullmatch(importance):
        raise BadRequest
    return Search(
        sources=_values(query, "source"),
        kinds=tuple(kind for kind in Kind if kind in kinds),
        importance=float(importance),
        words=tuple(sorted({fold(value) for value in _values(query, "words")} - {""})),
        languages=tuple(sorted(set(languages))),
        before=query_number(dict(query), "before"),
    )


def _values(query: Query, name: str) -> tuple[str, ...]:
    values = sorted({value.strip() for key, value in query if key == name} - {""})
    if len(values) > _MOST_VALUES or any(len(value) > _LONGEST_VALUE for value in values):
        raise BadRequest
    return tuple(values)


@kept
def _language(row: FeedRow) -> str:
    text = row.after or row.before
    return (spoken_in(row, None if text is None else text.read()) or "").lower()


_searched = kept(searched)
