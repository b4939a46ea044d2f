"""Since when each passage of a text stands as it does, and what it replaced.

newest text | where each passage stood in the one before | word for word: go on back | else it stands since then
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scraper.judge.align import align
from scraper.judge.text import fold
from scraper.judge.tokens import tokens
from scraper.model import Release

__all__ = ["Passage", "blame"]

_Places: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One block of the newest text."""

    age: int
    """How many texts back the oldest is in which it stands without a break; 0 where the newest brought it."""
    replaced: str = ""
    """What stood in its place in the text before that one; empty where nothing did, or where there is none."""


@dataclass(frozen=True, slots=True)
class _Text:
    blocks: Sequence[str]
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Origin:
    places: _Places
    """The earlier blocks that a later one was; none where it is new."""
    reflowed: bool
    """True where they were parted into others than now."""


def blame(texts: Iterable[Release]) -> tuple[Passage, ...]:
    """The passages of the first of some texts, the newest first, in one alignment for each two that differ.

    What only :func:`scraper.judge.text.fold` tells apart is the same, wherever it stands; so is a passage whose words
    stand unchanged in blocks that were parted or joined. Headlines are not among them. Texts are only taken as long as
    a passage may be older.
    """
    given = map(_text, texts)
    newest = later = next(given, _Text((), ()))
    standing: dict[int, _Places] = {place: (place,) for place in range(len(newest.keys))}
    found: dict[int, Passage] = {}
    oldest = 0
    for oldest, earlier in enumerate(given, start=1):
        before = {} if earlier.keys == later.keys else _counterparts(earlier, later)
        for place, places in list(standing.items()) if before else ():
            stood = tuple(sorted({i for j in places for i in before[j].places}))
            key, words = newest.keys[place], " ".join(earlier.keys[i] for i in stood)
            is_parted = len(places) > 1 or any(before[j].reflowed for j in places)
            if key == words or (is_parted and _is_within(key, words)):
                standing[place] = stood
            else:
                found[place] = Passage(age=oldest - 1, replaced=" ".join(earlier.blocks[i] for i in stood))
                del standing[place]
        if not standing:
            break
        later = earlier
    return tuple(found.get(place) or Passage(age=oldest) for place in range(len(newest.keys)))


def _text(release: Release) -> _Text:
    blocks = [block.text for block in release.blocks]
    return _Text(blocks, [fold(block) for block in blocks])


def _counterparts(earlier: _Text, later: _Text) -> dict[int, _Origin]:
    """What each later block was."""
    found = dict.fromkeys(range(len(later.keys)), _Origin((), reflowed=False))
    alignment = align(earlier.keys, later.keys)
    for start, end, new_start, new_end in (*alignment.stayed, *alignment.moved):
        origin = _Origin(tuple(range(start, end)), reflowed=end - start > 1 or new_end - new_start > 1)
        found.update(dict.fromkeys(range(new_start, new_end), origin))
    return found


def _is_within(key: str, words: str) -> bool:
    return f" {_spaced(key)} " in f" {_spaced(words)} "


def _spaced(text: str) -> str:
    return " ".join(tokens(text).texts)
