"""What differs between two texts, word by word, in runs that read as phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scraper.judge.lcs import common
from scraper.judge.text import fold
from scraper.judge.tokens import Tokens, is_number, is_word, tokens

__all__ = ["Op", "Segment", "Words", "replaced", "words"]

_LONGEST = 300_000
"""Characters of both texts together that are cut into words; longer ones are matched by sentence first."""
_ENDS = (". ", "! ", "? ", "; ", ": ", "。", "！", "？", "؟ ", "। ")
_CONFETTI = 3
"""Changes in a row with one word between each from which on they read better as one."""
_LOST = 3
"""Most words that may stand between two changes and still be drowned by them."""
_DROWNED = 4
"""A few words between changes of so many times their number are drowned."""


class Op(StrEnum):
    """What became of a block or a run of words."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of words: same, added or removed."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one text became another."""

    segments: tuple[Segment, ...]
    """Folded, they are the later text without the removed ones, and the earlier one without the added ones."""
    rough: bool = False
    """True where a part was too long to be compared and stands as replaced though some of it may be the same."""


def words(before: str, after: str) -> Words:
    """The runs of words that two texts share or do not. What only :func:`fold` tells apart is the same."""
    old_fold, new_fold = fold(before), fold(after)
    if old_fold == new_fold:
        return Words(segments=_kept(Op.SAME, after.strip()))
    if len(before) + len(after) > _LONGEST:
        return _by_sentence(old_fold, new_fold)
    old, new = tokens(before), tokens(after)
    found = common(old.keys, new.keys)
    runs = _readable(_runs(found.pairs, len(old.texts), len(new.texts)), old, new)
    return Words(segments=_written(runs, old, new), rough=not found.exact)


def replaced(before: str, after: str) -> tuple[Segment, ...]:
    """All of one text removed and all of the other added."""
    return (*_kept(Op.REMOVED, before.strip()), *_kept(Op.ADDED, after.strip()))


def _kept(op: Op, text: str) -> tuple[Segment, ...]:
    return (Segment(op=op, text=text),) if text else ()


# --- runs of tokens ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """Tokens ``start`` to ``end`` of the earlier text, and those of the later one in their place."""

    start: int
    end: int
    new_start: int
    new_end: int
    same: bool = False


def _runs(pairs: Sequence[tuple[int, int]], old: int, new: int) -> list[_Run]:
    """The matching runs and what is between them, by turns."""
    runs: list[_Run] = []
    i = j = start = new_start = 0
    for a, b in (*pairs, (old, new)):
        if a == i and b == j and (a, b) != (old, new):
            i, j = i + 1, j + 1
            continue
        if i > start:
            runs.append(_Run(start, i, new_start, j, same=True))
        if a > i or b > j:
            runs.append(_Run(i, a, j, b))
        start, new_start, i, j = a, b, a + 1, b + 1
    return runs


def _readable(runs: list[_Run], old: Tokens, new: Tokens) -> list[_Run]:
    """Runs with changes joined where what stands between is only marks, or a few words that a rewriting left by chance.

    A number that stayed is never drowned, nor the border between two cells of a table.
    """
    sizes = [max(_words(old.texts[r.start : r.end]), _words(new.texts[r.new_start : r.new_end])) for r in runs]
    lost = _confetti(runs, sizes)
    found: list[tuple[_Run, int]] = []
    for place, (run, size) in enumerate(zip(runs, sizes, strict=True)):
        found.append((run, size))
        if run.same or len(found) < 3:
            continue
        (first, before), (between, words_between), _ = found[-3:]
        is_lost = words_between == 0 or place - 1 in lost or _is_drowned(words_between, before + size)
        if is_lost and not first.same and not any(map(_is_kept, old.texts[between.start : between.end])):
            joined = _Run(first.start, run.end, first.new_start, run.new_end)
            found[-3:] = [(joined, before + words_between + size)]
    return [run for run, _ in found]


def _is_kept(word: str) -> bool:
    return word == "|" or is_number(word)


def _words(texts: Sequence[str]) -> int:
    return sum(map(is_word, texts))


def _is_drowned(words_between: int, changed: int) -> bool:
    return words_between <= _LOST and _DROWNED * words_between <= changed


def _confetti(runs: Sequence[_Run], sizes: Sequence[int]) -> set[int]:
    """The places of single words between single changes, several in a row."""
    found: set[int] = set()
    chain: list[int] = []
    for place, (run, size) in enumerate(zip(runs, sizes, strict=True)):
        if not run.same:
            continue
        if size > 1 or place in (0, len(runs) - 1):
            chain = []
            continue
        chain.append(place)
        if len(chain) + 1 >= _CONFETTI:
            found.update(chain)
    return found


# --- runs as text -----------------------------------------------------------------------------------------------------


def _written(runs: Sequence[_Run], old: Tokens, new: Tokens) -> tuple[Segment, ...]:
    pieces: list[tuple[Op, str]] = []
    for run in runs:
        if run.same:
            pieces.extend(_stayed(run, old, new))
            continue
        gone, come = _text(old, run.start, run.end), _text(new, run.new_start, run.new_end)
        if gone[:1].isspace() and come[:1].isspace():
            pieces.append((Op.SAME, come[0]))
            gone, come = gone[1:], come[1:]
        pieces.extend(((Op.REMOVED, gone), (Op.ADDED, come)))
    return tuple(_shifted(list(_segments(pieces))))


def _text(source: Tokens, start: int, end: int) -> str:
    """Some tokens with what stands before each, but not before the first of the text."""
    text = source.between(start, end)
    return text if start or not text else text[len(source.leads[0]) :]


def _stayed(run: _Run, old: Tokens, new: Tokens) -> Iterator[tuple[Op, str]]:
    """A run that stayed; white space within it may have come or gone all the same."""
    for i, j in zip(range(run.start, run.end), range(run.new_start, run.new_end), strict=True):
        lost, lead = old.leads[i], new.leads[j] if j else ""
        was, stands = i > 0 and _is_space(lost), j > 0 and _is_space(lead)
        yield (Op.ADDED if stands and not was else Op.SAME), lead
        if was and not stands:
            yield Op.REMOVED, lost
        yield Op.SAME, new.texts[j]


def _is_space(lead: str) -> bool:
    return any(map(str.isspace, lead))


def _segments(pieces: Sequence[tuple[Op, str]]) -> Iterator[Segment]:
    """Pieces as segments: what was removed, then what was added in its place, then what stayed."""
    texts: dict[Op, list[str]] = {Op.REMOVED: [], Op.ADDED: [], Op.SAME: []}
    for op, text in pieces:
        if not text:
            continue
        if op is not Op.SAME and texts[Op.SAME]:
            yield from _flushed(texts)
        texts[op].append(text)
    yield from _flushed(texts)


def _flushed(texts: dict[Op, list[str]]) -> Iterator[Segment]:
    for op, found in texts.items():
        if found:
            yield Segment(op=op, text="".join(found))
            found.clear()


def _shifted(segments: list[Segment]) -> list[Segment]:
    """Words that came or went alone, from " new" before " word" to "new " before "word"."""
    for place in range(1, len(segments) - 1):
        before, own, after = segments[place - 1 : place + 2]
        is_alone = before.op is Op.SAME and own.op is not Op.SAME and after.op is Op.SAME
        space = own.text[:1]
        if is_alone and space.isspace() and after.text[:1] == space and own.text.strip():
            segments[place - 1] = Segment(op=Op.SAME, text=before.text + space)
            segments[place] = Segment(op=own.op, text=own.text[1:] + space)
            segments[place + 1] = Segment(op=Op.SAME, text=after.text[1:])
    return segments


# --- long texts -------------------------------------------------------------------------------------------------------


def _by_sentence(before: str, after: str) -> Words:
    """Sentences of folded texts that are equal matched first, then the words between, where they are few enough."""
    old, new = _sentences(before), _sentences(after)
    found = common(old, new)
    pieces: list[tuple[Op, str]] = []
    rough, room = not found.exact, _LONGEST
    for run in _runs(found.pairs, len(old), len(new)):
        gone, come = "".join(old[run.start : run.end]), "".join(new[run.new_start : run.new_end])
        if run.same:
            pieces.append((Op.SAME, come))
            continue
        is_rough = bool(gone and come)
        room -= len(gone) + len(come) if is_rough else 0
        if is_rough and room >= 0:
            between = words(gone, come)
            is_rough = between.rough
            pieces.extend((segment.op, segment.text) for segment in between.segments)
            pieces.append((Op.SAME, come[len(come.rstrip()) :]))
        else:
            pieces.extend(((Op.REMOVED, gone), (Op.ADDED, come)))
        rough = rough or is_rough
    return Words(segments=tuple(_segments(pieces)), rough=rough)


def _sentences(text: str) -> list[str]:
    """The sentences of a folded text, each with the space after it; joined they are the text."""
    for end in _ENDS:
        text = text.replace(end, f"{end}\n")
    return text.split("\n")
