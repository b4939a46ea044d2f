"""Names in a text, told by their capitals alone: who or what a change is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["names"]

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_PARTICLES = frozenset("de du des da di del van von der den la le al bin of the".split())
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•|]\s*|[\n“„«\"‘'(\[–—-]\s*)$")
_CAPITAL_NOUNS = ("de", "lb")
"""Languages that write every noun with a capital: there a name is told by a second one beside it."""
_LONGEST_INITIAL = 3
"""Letters of "J", "Dr", "Mrs": a full stop after more of them ends a sentence."""
_TITLED = 0.6
"""A text in which so many words have capitals is a title and tells no names."""
_NOT_NAMES = frozenset(
    "i the a an this that these those it he she they we in on at for by and but as to of our his her their if when"
    " der die das ein eine in im am le la les un une l el los las il lo gli i o os as de het een".split()
)


def names(text: str, span: tuple[int, int], language: str | None) -> list[str]:
    """The names that some words of a text are, or are a part of.

    A word at the beginning of a sentence is none unless another with a capital follows. Scripts without capitals have
    none that can be told so.
    """
    start, end = span
    first, last = max(0, start - 80), min(len(text), max(end, start) + 80)
    found = []
    for run in _runs(text, first, last):
        run_start, run_end = run[0].start(), run[-1].end()
        if run_start < max(end, start) and start < run_end and _is_name(text, run, language):
            found.append(text[run_start:run_end])
    return [] if start == end or _is_title(text) else found


def _runs(text: str, first: int, last: int) -> Iterator[list[re.Match[str]]]:
    """Words with capitals that stand beside each other, particles between them included."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text, first, last):
        is_capital = word[0][0].isupper()
        between = text[run[-1].end() : word.start()] if run else ""
        joins = between in (" ", "\u00a0") or (between == ". " and len(run[-1][0]) <= _LONGEST_INITIAL)
        if is_capital and word[0].casefold() in _NOT_NAMES:
            is_capital = False
        if run and not (joins and (is_capital or word[0] in _PARTICLES)):
            yield from _ended(run)
            run = []
        if is_capital or (run and word[0] in _PARTICLES):
            run.append(word)
    yield from _ended(run)


def _ended(run: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """The run without particles at its end."""
    while run and run[-1][0] in _PARTICLES:
        run.pop()
    if run:
        yield run


def _is_name(text: str, run: list[re.Match[str]], language: str | None) -> bool:
    if len(run) > 1:
        return True
    if (language or "").partition("-")[0] in _CAPITAL_NOUNS:
        return False
    start = run[0].start()
    word = run[0][0]
    is_acronym = len(word) > 1 and word.isupper()
    return is_acronym or not _SENTENCE_START.search(text, max(0, start - 4), start)


def _is_title(text: str) -> bool:
    words = _WORD.findall(text[:400])
    capitals = sum(word[0].isupper() for word in words)
    return len(words) > 2 and capitals > _TITLED * len(words)
