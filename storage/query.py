"""What a person asks for, in words: a small language of our own. Any text is a query or one sentence that says why not.

ceasefire talks        both words, in any order
"lasting ceasefire"    one after the other
ceas*                  words that begin so
-exercise -"some of"   without these
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.terms import Term, stands, term

__all__ = ["BadQuery", "Query", "parse"]

_LONGEST = 300
_MOST_TERMS = 16
_SHORTEST_BEGINNING = 3
"""Letters; shorter ones begin so many words that they would be looked up for seconds."""
_PART = re.compile(r'(-?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+))')


class BadQuery(ValueError):
    """A query that nothing can be looked up by; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Query:
    """All of these and none of those."""

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()

    @property
    def is_open(self) -> bool:
        """True where the beginning of a word is enough."""
        return any(each.open for each in (*self.terms, *self.without))

    def matches(self, passages: Sequence[Sequence[str]]) -> bool:
        """True where a text of these passages, each a list of tokens, is what is asked for. What the index must say."""
        return all(any(stands(each, passage) for passage in passages) for each in self.terms) and not any(
            stands(each, passage) for each in self.without for passage in passages
        )


def parse(text: str) -> Query:
    """The query of what a person wrote.

    Raises:
        BadQuery: it names nothing that could be found, or too much.
    """
    if len(text) > _LONGEST:
        raise BadQuery(f"This is too long to be looked up: keep it below {_LONGEST} characters.")
    wanted: dict[Term, None] = {}
    without: dict[Term, None] = {}
    for minus, phrase, word in _PART.findall(text):
        found = term(phrase or word, open_ended=len(word) > _SHORTEST_BEGINNING and word.endswith("*"))
        if found is not None:
            (without if minus else wanted)[found] = None
    if not wanted:
        raise BadQuery(
            "Name a word that must be there: a search only for what is missing finds nearly everything."
            if without
            else "Name at least one word, with letters or digits, to look for."
        )
    if len(wanted) + len(without) > _MOST_TERMS:
        raise BadQuery(f"These are too many words: name {_MOST_TERMS} at most, or put them into a “phrase”.")
    return Query(terms=tuple(wanted), without=tuple(without))
