"""What two sequences have in common, in bounded time and space. The only module that knows rapidfuzz.

Its bit-parallel longest common subsequence is exact and keeps n*m/8 bytes. Sequences too long for that are matched by
occurrence, the first with the first, of which the longest increasing run stays: exact where nothing is repeated.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, LCSseq

__all__ = ["Common", "as_letters", "by_occurrence", "common", "common_length", "distance", "increasing", "spelt_alike"]

_MOST_CELLS = 250_000_000
"""Of one matrix, 31 MB: 15,000 words against as many."""
_LONGEST_SPELT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The pairs of places that match, both rising."""

    pairs: Sequence[tuple[int, int]]
    exact: bool = True
    """False where there may be a longer one."""


def common(old: Sequence[str], new: Sequence[str]) -> Common:
    """The longest common subsequence; where it is out of reach, a long one. The same whichever way one looks."""
    if list(old) > list(new):
        # Among equally long ones the algorithm chooses by order.
        found = common(new, old)
        return Common(pairs=[(i, j) for j, i in found.pairs], exact=found.exact)
    head = _prefix(old, new)
    tail = _prefix(old[head:][::-1], new[head:][::-1])
    shared = set(old[head : len(old) - tail]).intersection(new[head : len(new) - tail])
    # What the other side does not have can't match, and mostly little is left.
    left = [i for i in range(head, len(old) - tail) if old[i] in shared]
    right = [j for j in range(head, len(new) - tail) if new[j] in shared]
    middle = _middle([old[i] for i in left], [new[j] for j in right])
    pairs = [(i, i) for i in range(head)]
    pairs.extend((left[i], right[j]) for i, j in middle.pairs)
    pairs.extend(zip(range(len(old) - tail, len(old)), range(len(new) - tail, len(new)), strict=True))
    return Common(pairs=pairs, exact=middle.exact)


def increasing(values: Sequence[int]) -> list[int]:
    """The places of a longest strictly increasing subsequence."""
    tops: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        rank = bisect_left(tops, value)
        before.append(places[rank - 1] if rank else -1)
        if rank == len(tops):
            tops.append(value)
            places.append(place)
        else:
            tops[rank], places[rank] = value, place
    found = []
    place = places[-1] if places else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


def as_letters(sequences: Iterable[Sequence[str]]) -> list[str]:
    """Sequences of words as strings with a letter for each distinct word, to be compared by :func:`common_length`."""
    letters: dict[str, str] = {}
    return ["".join([letters.setdefault(word, chr(len(letters) + 1)) for word in words]) for words in sequences]


def common_length(old: str, new: str) -> int:
    """The length of the longest common subsequence of two strings."""
    return LCSseq.similarity(old, new)


def spelt_alike(old: str, new: str) -> float:
    """How much of two short texts is spelt alike, from 0 to 1."""
    return fuzz.ratio(old[:_LONGEST_SPELT], new[:_LONGEST_SPELT]) / 100


def distance(old: str, new: str, *, most: int) -> int:
    """How many letters are inserted, dropped, replaced or swapped with their neighbour; ``most`` + 1 for more."""
    return OSA.distance(old, new, score_cutoff=most)


def _prefix(old: Sequence[str], new: Sequence[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _middle(old: Sequence[str], new: Sequence[str]) -> Common:
    if len(old) * len(new) <= _MOST_CELLS:
        return Common(pairs=_longest(old, new))
    pairs = by_occurrence(old, new)
    kept = [pairs[place] for place in increasing([j for _, j in pairs])]
    is_exact = len(kept) == min(len(old), len(new)) or len(set(old)) == len(old) == len(new) == len(pairs)
    return Common(pairs=kept, exact=is_exact)


def _longest(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    letters: dict[str, str] = {}
    first = "".join([letters.setdefault(key, chr(len(letters))) for key in old])
    second = "".join([letters.setdefault(key, chr(len(letters))) for key in new])
    pairs: list[tuple[int, int]] = []
    for step in LCSseq.opcodes(first, second):
        if step.tag == "equal":
            pairs.extend(zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True))
    return pairs


def by_occurrence(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of equal keys, the first with the first, in the order of the earlier sequence."""
    places = dict(zip(new, range(len(new)), strict=True))
    if len(places) == len(new) and len(set(old)) == len(old):
        return [(i, places[key]) for i, key in enumerate(old) if key in places]
    numbers = dict(zip(_numbered(new), range(len(new)), strict=True))
    return [(i, numbers[key]) for i, key in enumerate(_numbered(old)) if key in numbers]


def _numbered(keys: Sequence[str]) -> list[tuple[str, int]]:
    """Each key with how often it stood before."""
    seen = dict.fromkeys(keys, 0)
    found = []
    for key in keys:
        found.append((key, seen[key]))
        seen[key] += 1
    return found
