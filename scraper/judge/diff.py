"""What differs between two contents of a release: blocks aligned first, then words within them.

The only module that knows rapidfuzz. Its bit-parallel LCS keeps n*m/8 bytes, so both levels are capped; where a cap is
met the result is coarser and says so in ``Diff.coarse``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from scraper.judge.text import fold, tokens
from scraper.model import Block, BlockKind, Release

__all__ = ["Diff", "Op", "Part", "Segment", "compare", "likeness", "words"]

_MOST_CELLS = 60_000_000
"""Cells of one LCS matrix, 7.5 MB: 7,700 words against as many."""
_MOST_PAIRS = 10_000
"""Pairs of replaced blocks that are tried for likeness."""
_ALIKE = 50.0
"""Two blocks are versions of each other from this share of common characters on, in percent."""


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
class Part:
    """One block in the order of the later content; removed ones stand where they stood."""

    op: Op
    kind: BlockKind
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """The words that stand in the later content, or stood in the earlier one where the block was removed."""
        gone = Op.ADDED if self.op is Op.REMOVED else Op.REMOVED
        return "".join(segment.text for segment in self.segments if segment.op is not gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """How one content became another."""

    title: tuple[Segment, ...]
    parts: tuple[Part, ...]
    coarse: bool = False
    """True where the contents were too large to be aligned word by word throughout."""

    @property
    def changed(self) -> tuple[Part, ...]:
        """The parts that are not the same."""
        return tuple(part for part in self.parts if part.op is not Op.SAME)

    @property
    def title_changed(self) -> bool:
        """True where the headline's words differ."""
        return any(segment.op is not Op.SAME for segment in self.title)

    def runs(self, op: Op) -> Iterator[str]:
        """Every added or removed run of words, headline first; moved blocks give none."""
        for segments in (self.title, *(part.segments for part in self.parts if part.op is not Op.MOVED)):
            yield from (segment.text for segment in segments if segment.op is op)


def compare(before: Release, after: Release) -> Diff:
    """The diff of two contents, in bounded time.

    Blocks that are equal after :func:`scraper.judge.text.fold` are the same; blocks that went and came elsewhere are
    moved; replaced blocks that are alike are compared word by word.
    """
    title, coarse = words(before.title, after.title)
    parts: list[Part] = []
    for op, old, new in _aligned(before.blocks, after.blocks):
        if op is Op.CHANGED:
            segments, rough = words(old[0].text, new[0].text)
            coarse = coarse or rough
            parts.append(_part(segments, new[0].kind))
        else:
            parts.extend(_whole(op, block) for block in (old if op is Op.REMOVED else new))
    return Diff(title=title, parts=_with_moves(parts), coarse=coarse)


def likeness(before: Release, after: Release) -> float:
    """The share of longer words that two contents have in common (Dice), from 0 to 1; 1.0 for two empty ones.

    Short words stand in any text of a language and tell nothing; beyond ASCII a short token may be a whole word.
    """
    old, new = _vocabulary(before), _vocabulary(after)
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def _vocabulary(release: Release) -> Counter[str]:
    found = tokens(fold(release.text).casefold())
    return Counter(token for token in found if token.isalnum() and (len(token) > 3 or not token.isascii()))


def words(before: str, after: str) -> tuple[tuple[Segment, ...], bool]:
    """The runs of words that two texts share or do not, and whether they were too long to be aligned."""
    if fold(before) == fold(after):
        return ((Segment(op=Op.SAME, text=after),) if after else (), False)
    old, new = tokens(before), tokens(after)
    if len(old) * len(new) > _MOST_CELLS:
        return _replaced(before, after), True
    folded = [_comparable(token) for token in old], [_comparable(token) for token in new]
    runs: list[tuple[str, str, str]] = []
    for step in LCSseq.opcodes(*folded):
        gone, come = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        runs.append(("", "", come) if step.tag == "equal" else (gone, come, ""))
    return tuple(_segments(_joined(runs))), False


def _comparable(token: str) -> str:
    return " " if token.isspace() else fold(token)


def _joined(runs: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Runs of (removed, added, same) with changes joined over mere white space, so that phrases read as one change."""
    gone = come = held = ""
    for removed, added, same in runs:
        if not same:
            gone, come, held = gone + held + removed, come + held + added, ""
        elif (gone or come) and not same.strip() and not held:
            held = same
        else:
            if gone or come:
                yield gone, come, ""
            yield "", "", held + same
            gone = come = held = ""
    if gone or come:
        yield gone, come, ""
    if held:
        yield "", "", held


def _segments(runs: Iterator[tuple[str, str, str]]) -> Iterator[Segment]:
    for removed, added, same in runs:
        for op, text in ((Op.REMOVED, removed), (Op.ADDED, added), (Op.SAME, same)):
            if text:
                yield Segment(op=op, text=text)


def _replaced(before: str, after: str) -> tuple[Segment, ...]:
    both = Segment(op=Op.REMOVED, text=before), Segment(op=Op.ADDED, text=after)
    return tuple(segment for segment in both if segment.text)


_Aligned = tuple[Op, Sequence[Block], Sequence[Block]]


def _aligned(before: Sequence[Block], after: Sequence[Block]) -> Iterator[_Aligned]:
    """(same, [], new), (removed, old, []), (added, [], new) and (changed, [old], [new]) in the order of reading."""
    old, new = [fold(block.text) for block in before], [fold(block.text) for block in after]
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield Op.SAME, (), after[:head]
    middle_old, middle_new = before[head : len(before) - tail], after[head : len(after) - tail]
    yield from _middle(middle_old, middle_new)
    if tail:
        yield Op.SAME, (), after[len(after) - tail :]


def _middle(before: Sequence[Block], after: Sequence[Block]) -> Iterator[_Aligned]:
    if len(before) * len(after) > _MOST_CELLS:
        yield Op.REMOVED, before, ()
        yield Op.ADDED, (), after
        return
    old, new = [fold(block.text) for block in before], [fold(block.text) for block in after]
    src = dest = 0
    for step in LCSseq.opcodes(old, new):
        if step.tag != "equal":
            continue
        yield from _paired(before[src : step.src_start], after[dest : step.dest_start])
        yield Op.SAME, (), after[step.dest_start : step.dest_end]
        src, dest = step.src_end, step.dest_end
    yield from _paired(before[src:], after[dest:])


def _paired(before: Sequence[Block], after: Sequence[Block]) -> Iterator[_Aligned]:
    """Replaced blocks paired in order with the first that is alike; the rest is removed or added."""
    if len(before) * len(after) > _MOST_PAIRS:
        yield Op.REMOVED, before, ()
        yield Op.ADDED, (), after
        return
    start = 0
    for old in before:
        mate = next((i for i in range(start, len(after)) if _alike(old, after[i])), None)
        if mate is None:
            yield Op.REMOVED, (old,), ()
            continue
        if mate > start:
            yield Op.ADDED, (), after[start:mate]
        yield Op.CHANGED, (old,), (after[mate],)
        start = mate + 1
    if start < len(after):
        yield Op.ADDED, (), after[start:]


def _alike(old: Block, new: Block) -> bool:
    return fuzz.ratio(old.text[:5_000], new.text[:5_000], score_cutoff=_ALIKE) > 0


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _part(segments: tuple[Segment, ...], kind: BlockKind) -> Part:
    same = all(segment.op is Op.SAME for segment in segments)
    return Part(op=Op.SAME if same else Op.CHANGED, kind=kind, segments=segments)


def _whole(op: Op, block: Block) -> Part:
    return Part(op=op, kind=block.kind, segments=(Segment(op=op, text=block.text),))


def _with_moves(parts: list[Part]) -> tuple[Part, ...]:
    """A block that went from one place and came at another, word for word, is moved: shown once, where it is now."""
    gone: dict[str, list[int]] = {}
    for index, part in enumerate(parts):
        if part.op is Op.REMOVED:
            gone.setdefault(fold(part.text), []).append(index)
    dropped: set[int] = set()
    for index, part in enumerate(parts):
        if part.op is Op.ADDED and (places := gone.get(fold(part.text))):
            dropped.add(places.pop())
            parts[index] = Part(op=Op.MOVED, kind=part.kind, segments=(Segment(op=Op.SAME, text=part.text),))
    return tuple(part for index, part in enumerate(parts) if index not in dropped)
