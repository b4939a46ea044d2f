"""Which blocks of one content are which of another: the same, edited, parted, joined, moved, or without a counterpart.

equal blocks in order | equal blocks elsewhere | alike in the same gap | alike elsewhere | what belongs to a pair, too
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scraper.judge.lcs import as_letters, by_occurrence, common, common_length, increasing, spelt_alike
from scraper.judge.tokens import is_word, tokens

__all__ = ["Alignment", "Match", "align"]

_ALIKE = 0.5
"""Two blocks of a gap are versions of each other from this share of common words on."""
_ALIKE_ELSEWHERE = 0.6
"""Blocks that stand elsewhere, too, must be more alike to be told as moved and edited, ..."""
_LEAST_ELSEWHERE = 6
"""... and have so many words in common."""
_CONTAINED = 8
"""Words of a block that stand in another one from which on it may be a part of it."""
_SHORT = 4
"""Blocks of fewer words are compared by their letters."""
_PAIRS_OF_A_GAP = 400
"""Pairs of blocks up to which each is tried with each; beyond that those that share a rare phrase."""
_PAIRS = 10_000
_MOST_CHARACTERS = 600_000
"""Of all blocks without an equal, up to which it is looked for which are alike."""
_MOST_BLOCKS = 4_000
_LONGEST = 20_000
"""Characters of a block that are looked at."""
_GLANCE = 100
_PHRASE = 3
"""Words of a phrase that two alike blocks share."""
_COMMON_PHRASE = 8
"""A phrase that stands in more blocks tells nothing."""
_MOST_TRIED = 3
_MOST_ABSORBED = 20
"""Blocks that one may be parted into, or be joined of."""


Match: TypeAlias = tuple[int, int, int, int]
"""``start, end, new_start, new_end``: earlier blocks ``start`` to ``end``, and the later ones that they are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Where each block went."""

    stayed: Sequence[Match]
    """In order on both sides: equal blocks and edited ones."""
    moved: Sequence[Match]
    """The others that have a counterpart, each a single block."""
    rough: str | None = None
    """Which blocks were too many to be looked at one by one; None where none were."""


def align(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """The counterparts of blocks, given as folded texts. The same whichever way one looks."""
    if list(old) > list(new):
        found = align(new, old)
        return Alignment(stayed=_turned(found.stayed), moved=_turned(found.moved), rough=found.rough)
    same = common(old, new)
    moved, left, right = _equal_elsewhere(old, new, same.pairs)
    alone = list(_alone(old, new, left, right, same.pairs))
    stayed = [(i, i + 1, j, j + 1) for i, j in same.pairs]
    if alone:
        stayed = sorted([*stayed, *((i, i + 1, j, j + 1) for i, j in alone)])
        left, right = _without(left, {i for i, _ in alone}), _without(right, {j for _, j in alone})
    rough = None if same.exact else "the paragraphs are too many to tell which moved the least"
    if left and right:
        if _is_too_much([*(old[i] for i in left), *(new[j] for j in right)]):
            rough = f"{len(left)} paragraphs were replaced by {len(right)}, too many to be tried with each other"
            stayed = sorted([*stayed, *_by_position(old, new, left, right, same.pairs)])
        else:
            edited = _Edited(old, new, left, right, same.pairs)
            stayed = sorted([*stayed, *edited.here])
            moved.extend(edited.elsewhere)
    return Alignment(stayed=stayed, moved=[(i, i + 1, j, j + 1) for i, j in sorted(moved)], rough=rough)


def _alone(
    old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Blocks that stand alone in a gap on both sides and begin alike: by far the most edits, and told at a glance."""
    counterparts = {i + 1: j + 1 for i, j in ((-1, -1), *pairs)} if left and right else {}
    is_left, is_right = set(left), set(right)
    for i in left:
        j = counterparts.get(i, -1)
        is_alone = j in is_right and i + 1 not in is_left and j + 1 not in is_right
        if is_alone and spelt_alike(old[i], new[j]) >= _ALIKE_ELSEWHERE:
            yield i, j


def _without(places: Sequence[int], gone: set[int]) -> list[int]:
    return [place for place in places if place not in gone]


def _is_too_much(texts: Sequence[str]) -> bool:
    return len(texts) > _MOST_BLOCKS or sum(min(len(text), _LONGEST) for text in texts) > _MOST_CHARACTERS


def _by_position(
    old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> Iterator[Match]:
    """In each gap the first with the first and so on, where they begin or end alike."""
    is_free = set(right)
    offsets = {i + 1: j - i for i, j in ((-1, -1), *pairs)}
    offset = 0
    for i in left:
        offset = offsets.get(i, offset)
        j = i + offset
        if j in is_free and _look_alike(old[i], new[j]):
            yield (i, i + 1, j, j + 1)


def _look_alike(old: str, new: str) -> bool:
    heads, tails = spelt_alike(old[:_GLANCE], new[:_GLANCE]), spelt_alike(old[-_GLANCE:], new[-_GLANCE:])
    return max(heads, tails) >= _ALIKE_ELSEWHERE


def _turned(matches: Sequence[Match]) -> list[Match]:
    return sorted((new_start, new_end, start, end) for start, end, new_start, new_end in matches)


def _equal_elsewhere(
    old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Blocks that went from one place and came at another, word for word, and those without an equal on either side."""
    is_old, is_new = {i for i, _ in pairs}, {j for _, j in pairs}
    left = [i for i in range(len(old)) if i not in is_old]
    right = [j for j in range(len(new)) if j not in is_new]
    found = by_occurrence([old[i] for i in left], [new[j] for j in right])
    moved = [(left[i], right[j]) for i, j in found]
    return (
        moved,
        [] if len(moved) == len(left) else _without(left, {i for i, _ in moved}),
        [] if len(moved) == len(right) else _without(right, {j for _, j in moved}),
    )


class _Edited:
    """Among blocks without an equal, those that are alike: in the same gap between equal ones, or elsewhere."""

    def __init__(
        self, old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int],
        pairs: Sequence[tuple[int, int]],
    ) -> None:  # fmt: skip
        self._old, self._new = old, new
        self._old_words = {i: _words(old[i]) for i in left}
        self._new_words = {j: _words(new[j]) for j in right}
        letters = as_letters([*self._old_words.values(), *self._new_words.values()])
        self._old_letters = dict(zip(left, letters[: len(left)], strict=True))
        self._new_letters = dict(zip(right, letters[len(left) :], strict=True))
        old_places, new_places = [i for i, _ in pairs], [j for _, j in pairs]
        self._old_gap = {i: bisect_right(old_places, i) for i in left}
        self._new_gap = {j: bisect_right(new_places, j) for j in right}
        self._taken_old: set[int] = set()
        self._taken_new: set[int] = set()
        chosen = self._chosen()
        here = self._in_order([pair for pair in chosen if self._is_one_gap(*pair)])
        self.elsewhere = [pair for pair in chosen if pair not in set(here)]
        self.here = [self._grown(i, j) for i, j in here]

    def _is_one_gap(self, i: int, j: int) -> bool:
        return self._old_gap[i] == self._new_gap[j]

    def _chosen(self) -> list[tuple[int, int]]:
        """The most alike pairs, each block in one."""
        scored = []
        for i, j in self._candidates():
            score = self._score(i, j)
            if score:
                scored.append((-score, abs(i - j), i + j, i, j))
        found = []
        for *_, i, j in sorted(scored):
            if i not in self._taken_old and j not in self._taken_new:
                self._taken_old.add(i)
                self._taken_new.add(j)
                found.append((i, j))
        return found

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs worth comparing: all of a small gap, and blocks that share rare phrases wherever they stand."""
        gaps: defaultdict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for i, gap in self._old_gap.items():
            gaps[gap][0].append(i)
        for j, gap in self._new_gap.items():
            gaps[gap][1].append(j)
        room = _PAIRS
        found: set[tuple[int, int]] = set()
        for before, after in gaps.values():
            size = len(before) * len(after)
            if size <= min(_PAIRS_OF_A_GAP, room):
                room -= size
                found.update((i, j) for i in before for j in after)
        found.update(self._sharing_phrases())
        yield from sorted(found)

    def _sharing_phrases(self) -> Iterator[tuple[int, int]]:
        places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for j, text in self._new_words.items():
            for phrase in _phrases(text):
                places[phrase].append(j)
        for i, text in self._old_words.items():
            votes: Counter[int] = Counter()
            for phrase in _phrases(text):
                found = places.get(phrase, ())
                if len(found) <= _COMMON_PHRASE:
                    votes.update(found)
            yield from ((i, j) for j, _ in votes.most_common(_MOST_TRIED))

    def _score(self, i: int, j: int) -> float:
        """How alike two blocks are, 0 where they are not versions of each other."""
        first, second = self._old_letters[i], self._new_letters[j]
        if max(len(first), len(second)) < _SHORT:
            alike = spelt_alike(self._old[i], self._new[j])
            return alike if self._is_one_gap(i, j) and alike >= _ALIKE else 0.0
        shared = common_length(first, second)
        alike = 2 * shared / (len(first) + len(second))
        if self._is_one_gap(i, j):
            is_part = shared >= _CONTAINED and shared >= 0.8 * min(len(first), len(second))
            return alike if alike >= _ALIKE or is_part else 0.0
        return alike if alike >= _ALIKE_ELSEWHERE and shared >= _LEAST_ELSEWHERE else 0.0

    def _in_order(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """As many as keep their order; the others moved."""
        pairs.sort()
        return [pairs[place] for place in increasing([j for _, j in pairs])]

    def _grown(self, i: int, j: int) -> Match:
        """A pair with the neighbours that it was parted into or joined of, as long as each makes the two more alike."""
        match = (i, i + 1, j, j + 1)
        for _ in range(_MOST_ABSORBED):
            best = max(self._wider(match), key=self._likeness, default=match)
            if self._likeness(best) <= self._likeness(match):
                break
            self._taken_old.update(range(best[0], best[1]))
            self._taken_new.update(range(best[2], best[3]))
            match = best
        return match

    def _wider(self, match: Match) -> Iterator[Match]:
        start, end, new_start, new_end = match
        old_gap, new_gap = self._old_gap[start], self._new_gap[new_start]
        if self._old_gap.get(start - 1) == old_gap and start - 1 not in self._taken_old:
            yield (start - 1, end, new_start, new_end)
        if self._old_gap.get(end) == old_gap and end not in self._taken_old:
            yield (start, end + 1, new_start, new_end)
        if self._new_gap.get(new_start - 1) == new_gap and new_start - 1 not in self._taken_new:
            yield (start, end, new_start - 1, new_end)
        if self._new_gap.get(new_end) == new_gap and new_end not in self._taken_new:
            yield (start, end, new_start, new_end + 1)

    def _likeness(self, match: Match) -> float:
        start, end, new_start, new_end = match
        first = "".join(self._old_letters[i] for i in range(start, end))
        second = "".join(self._new_letters[j] for j in range(new_start, new_end))
        total = len(first) + len(second)
        return 2 * common_length(first, second) / total if total else 0.0


def _words(text: str) -> list[str]:
    return [token for token in tokens(text[:_LONGEST]).texts if is_word(token)]


def _phrases(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[n : n + _PHRASE]) for n in range(len(words) - _PHRASE + 1)}
