"""Text as the index of words keeps it: a list of tokens. The same function cuts what is searched and what is asked.

    text | runs of letters and digits | folded | tokens

Folded is without case and accents: ``Türkiye`` is found as ``turkiye``, ``Ёлка`` as ``елка``. What is written without
spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) and what glues its particles on (Korean) is cut into
overlapping pairs of characters, so that any part of it of two characters and more is a phrase of tokens. Each character
begins one token, so that a single one is found as the beginning of a token.

Both databases take the tokens as they are: neither's own idea of a word comes in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scraper.model import Release

__all__ = ["BREAK", "MOST_TOKENS", "Term", "Token", "passages", "spans", "term", "tokens"]

BREAK = "¶"
"""Stands between two passages, so that no phrase reaches over; nobody can ask for it."""

MOST_TOKENS = 50_000
"""Of one text; what is behind is not found. About a book of 150 pages."""
_LONGEST = 64
"""Characters of a token; both sides are cut, so that what is longer is found by its beginning."""

_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_DROPPED = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5"
    "\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060\ufeff"
)
"""Accents, the points of Hebrew and Arabic, and what nobody sees."""
_JOINED = "\u0900-\u0903\u093a-\u0963\u0971-\u0dff\u0f18-\u0fbc\u3099\u309a"
"""Blocks in which vowel signs are parts of words and no letters by Unicode's leave."""

_RUN = re.compile(f"[{_PAIRED}]+|(?:[^\\W_{_PAIRED}]|[{_DROPPED}{_JOINED}])+")
_DROP = re.compile(f"[{_DROPPED}]+")
_PAIR = re.compile(f"[{_PAIRED}]")
_ASCII = re.compile("[a-z0-9]+")
_UNDECOMPOSED = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ð": "d", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the characters of the text that it stands for."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that have to follow one another; of the last one the beginning is enough where it is ``open``."""

    tokens: tuple[str, ...]
    open: bool = False


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    if text.isascii():
        return [each[:_LONGEST] for each in _ASCII.findall(text.lower())]
    return [each for run in _RUN.findall(text) for each in _cut(run)]


def spans(text: str) -> Iterator[Token]:
    """The tokens of a text with their places."""
    for run in _RUN.finditer(text):
        found = _cut(run.group())
        paired = len(found) == len(run.group()) and len(found) > 1 and _PAIR.match(run.group()) is not None
        for index, each in enumerate(found):
            if paired:
                yield Token(each, run.start() + index, run.start() + index + len(each))
            else:
                yield Token(each, run.start(), run.end())


def term(text: str, *, open_ended: bool = False) -> Term | None:
    """What a person wrote as something to be found; None where it has neither letter nor digit.

    The end of a run of pairs stands open: the text may go on, and one character alone is the beginning of a pair.
    """
    found = tokens(text)
    if not found:
        return None
    runs = _RUN.findall(text)
    last = runs[-1]
    if _PAIR.match(last):
        return Term(tuple(found[:-1])) if len(_cut(last)) > 1 else Term(tuple(found), open=True)
    return Term(tuple(found), open=open_ended)


def passages(release: Release) -> list[str]:
    """The title and the blocks of a release, in order."""
    return [release.title, *(block.text for block in release.blocks)]


def stands(wanted: Term, among: Sequence[str]) -> bool:
    """True where the tokens of a term stand in a row."""
    *firsts, last = wanted.tokens
    size = len(firsts)
    return any(
        (among[at + size].startswith(last) if wanted.open else among[at + size] == last)
        and list(among[at : at + size]) == firsts
        for at in range(len(among) - size)
    )


@lru_cache(maxsize=65_536)
def _cut(run: str) -> tuple[str, ...]:
    if run.isascii():
        return (run.lower()[:_LONGEST],)
    folded = _folded(run)
    if _PAIR.match(run):
        return tuple(folded[at : at + 2] for at in range(len(folded)))
    # Folding takes some signs apart: "½" is 1⁄2.
    return tuple(each[:_LONGEST] for each in _RUN.findall(folded))


def _folded(run: str) -> str:
    apart = unicodedata.normalize("NFKD", run.casefold())
    return unicodedata.normalize("NFC", _DROP.sub("", apart)).casefold().translate(_UNDECOMPOSED)
