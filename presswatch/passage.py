"""The words that were looked for, in their place: passages of a text cut down to what surrounds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scraper.model import Release
from storage import Query
from storage.terms import Term, Token, spans

__all__ = ["Passage", "Piece", "passages_with"]

_AROUND = 90
"""Characters that are kept on either side of a word."""
_MOST_READ = 100_000
"""Characters of a passage that are looked through."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters; ``found`` where it is what was looked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text with what was looked for in it."""

    pieces: tuple[Piece, ...]


def passages_with(query: Query, release: Release, *, most: int = 2) -> list[Passage]:
    """The first passages that have what is looked for, and first of all those with a word that none before them has."""
    texts = [text[:_MOST_READ] for text in (release.title, *(block.text for block in release.blocks))]
    marked = [(text, marks) for text in texts if (marks := _marks(query.terms, text))]
    telling: list[Passage] = []
    others: list[Passage] = []
    seen: set[Term] = set()
    for text, marks in marked:
        terms = {term for term, _, _ in marks}
        (telling if terms - seen else others).append(_cut(text, [(start, end) for _, start, end in marks]))
        seen |= terms
    return [*telling, *others][:most]


def _marks(terms: Sequence[Term], text: str) -> list[tuple[Term, int, int]]:
    """Where terms stand in a text, in order."""
    placed = list(spans(text))
    return sorted(
        (
            (term, placed[at].start, placed[at + len(term.tokens) - 1].end)
            for term in terms
            for at in _places(term, placed)
        ),
        key=lambda mark: mark[1:],
    )


def _places(term: Term, placed: Sequence[Token]) -> list[int]:
    size = len(term.tokens)
    return [at for at in range(len(placed) - size + 1) if _stands(term, placed[at : at + size])]


def _stands(term: Term, placed: Sequence[Token]) -> bool:
    *firsts, last = term.tokens
    if [each.text for each in placed[:-1]] != firsts:
        return False
    return placed[-1].text.startswith(last) if term.open else placed[-1].text == last


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> Passage:
    first = max(0, marks[0][0] - _AROUND)
    last = min(len(text), marks[0][1] + 2 * _AROUND)
    if first:
        first = text.find(" ", first, marks[0][0]) + 1 or first
    if last < len(text):
        space = text.rfind(" ", marks[0][1], last)
        last = space if space > 0 else last
    pieces, at = [Piece("… ")] if first else [], first
    for start, end in marks:
        if start < at or end > last:
            continue
        pieces += [Piece(text[at:start]), Piece(text[start:end], found=True)]
        at = end
    pieces += [Piece(text[at:last]), Piece(" …" if last < len(text) else "")]
    return Passage(tuple(piece for piece in pieces if piece.text))
