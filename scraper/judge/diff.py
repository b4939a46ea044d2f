"""What differs between two contents of a release: blocks aligned first, then words in them, then links and kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from scraper.judge.align import Match, align
from scraper.judge.links import LinkChange, changed_links
from scraper.judge.text import fold
from scraper.judge.tokens import tokens
from scraper.judge.words import Op, Segment, replaced, words
from scraper.model import Block, BlockKind, Release

__all__ = ["Diff", "LinkChange", "Op", "Part", "Segment", "compare", "likeness"]

_MOST_CHARACTERS = 500_000
"""Of all blocks that are compared word by word; a block that alone is longer is compared by sentence."""
_A_COMPARISON = 200
"""Characters that a comparison costs besides those of its texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One block in the order of the later content; removed ones stand where they stood."""

    op: Op
    kind: BlockKind
    whole: str = ""
    """Its text, where all of it has one fate."""
    runs: tuple[Segment, ...] = ()
    """Its words, where some of them changed; of a moved one, too."""
    links: tuple[LinkChange, ...] = ()
    """Links that lead elsewhere than before."""
    kind_before: BlockKind | None = None
    """What kind of block it was, where it is another now."""
    reflowed: bool = False
    """True where its words were parted into other blocks before."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Its words as runs; those of a block that only moved are the same."""
        op = self.op if self.op in (Op.ADDED, Op.REMOVED) else Op.SAME
        return self.runs or ((Segment(op=op, text=self.whole),) if self.whole else ())

    @property
    def text(self) -> str:
        """The words that stand in the later content, or stood in the earlier one where the block was removed."""
        gone = Op.ADDED if self.op is Op.REMOVED else Op.REMOVED
        return "".join(segment.text for segment in self.segments if segment.op is not gone)

    @property
    def text_before(self) -> str:
        """The words that stood in the earlier content; none where the block was added."""
        return "".join(segment.text for segment in self.segments if segment.op is not Op.ADDED)

    @property
    def is_as_it_was(self) -> bool:
        """True where neither its words nor its place, kind or links differ."""
        return self.op is Op.SAME and not self.links and self.kind_before is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """How one content became another."""

    title: tuple[Segment, ...]
    parts: tuple[Part, ...]
    coarse: str | None = None
    """Where the contents were too large to be compared word by word, and why; None where they were throughout."""
    language: str | None = field(default=None, compare=False)
    """Of the later content, as its page declares it."""

    @property
    def changed(self) -> tuple[Part, ...]:
        """The parts whose words or place are not the same."""
        return tuple(part for part in self.parts if part.op is not Op.SAME)

    @property
    def differing(self) -> tuple[Part, ...]:
        """The parts of which anything is not the same: words, place, links or kind."""
        return tuple(part for part in self.parts if not part.is_as_it_was)

    @property
    def title_changed(self) -> bool:
        """True where the headline's words differ."""
        return any(segment.op is not Op.SAME for segment in self.title)

    @property
    def text_changed(self) -> bool:
        """True where the words of the headline or the body, or their order, differ."""
        return self.title_changed or any(part.op is not Op.SAME for part in self.parts)

    def runs(self, op: Op) -> Iterator[str]:
        """Every added or removed run of words, headline first."""
        for segments in (self.title, *(part.segments for part in self.changed)):
            yield from (segment.text for segment in segments if segment.op is op)


def compare(before: Release, after: Release) -> Diff:
    """The diff of two contents, in bounded time.

    Blocks that are equal after :func:`scraper.judge.text.fold` are the same, also where their words were parted into
    other blocks; blocks that stand elsewhere are moved; blocks that are alike are compared word by word.
    """
    return _Comparing(before, after).diff()


def likeness(before: Release, after: Release) -> float:
    """The share of longer words that two contents have in common (Dice), from 0 to 1; 1.0 for two empty ones.

    Short words stand in any text of a language and tell nothing; beyond ASCII a short token may be a whole word.
    """
    old, new = _vocabulary(before), _vocabulary(after)
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def _vocabulary(release: Release) -> Counter[str]:
    found = tokens(fold(release.text).casefold()).texts
    return Counter(token for token in found if token.isalnum() and (len(token) > 3 or not token.isascii()))


class _Comparing:
    """One comparison; it counts what it spends, and says where it had to be coarse."""

    def __init__(self, before: Release, after: Release) -> None:
        self._before, self._after = before, after
        self._old, self._new = before.blocks, after.blocks
        self._keys = _keys(before.blocks, after.blocks)
        self._room = _MOST_CHARACTERS
        self._is_cut = False
        self._notes: list[str] = []

    def diff(self) -> Diff:
        title = self._words(self._before.title, self._after.title, where="the headline")
        parts = tuple(self._parts())
        return Diff(title=title, parts=parts, coarse=_told(self._notes), language=self._after.language)

    def _parts(self) -> Iterator[Part]:
        """The later content block by block; what was removed stands before what came in its place."""
        found = align(*self._keys)
        if found.rough:
            self._notes.append(found.rough)
        moved = {match[2]: match for match in found.moved}
        is_elsewhere = {match[0] for match in found.moved}
        i = j = 0
        end = (len(self._old), len(self._old), len(self._new), len(self._new))
        for match in (*found.stayed, end):
            start, old_end, new_start, new_end = match
            if i < start:
                yield from (_whole(Op.REMOVED, self._old[n]) for n in range(i, start) if n not in is_elsewhere)
            for n in range(j, new_start):
                yield self._one(moved[n], op=Op.MOVED) if n in moved else _whole(Op.ADDED, self._new[n])
            if match is end:
                break
            if old_end - start == new_end - new_start == 1:
                yield self._one(match)
            else:
                yield from self._reflowed(match)
            i, j = old_end, new_end

    def _one(self, match: Match, *, op: Op | None = None) -> Part:
        """A block that was one before."""
        old, new = self._old[match[0]], self._new[match[2]]
        if old.text == new.text and old.kind is new.kind and old.links == new.links:
            return _whole(op or Op.SAME, new)
        where = f"paragraph {match[2] + 1}"
        if self._room < 0 and self._keys[0][match[0]] != self._keys[1][match[2]]:
            segments, op = self._replaced(old.text, new.text, where=where), op or Op.CHANGED
        else:
            segments = self._words(old.text, new.text, where=where)
        return Part(
            op=op or _op(segments), kind=new.kind, runs=segments, links=changed_links((old,), (new,)),
            kind_before=None if old.kind is new.kind else old.kind,
        )  # fmt: skip

    def _reflowed(self, match: Match) -> list[Part]:
        start, end, new_start, new_end = match
        before, after = self._old[start:end], self._new[new_start:new_end]
        texts = [" ".join(block.text for block in blocks) for blocks in (before, after)]
        cut = _cut(self._words(*texts, where=f"paragraph {new_start + 1}"), [block.text for block in after])
        parts = [
            Part(op=_op(own), kind=block.kind, runs=own, reflowed=True) for own, block in zip(cut, after, strict=True)
        ]
        parts[0] = replace(parts[0], links=changed_links(before, after))
        return parts

    def _words(self, before: str, after: str, *, where: str) -> tuple[Segment, ...]:
        size = len(before) + len(after)
        # A text that alone is too long costs little, since it is compared by sentence.
        self._room -= _A_COMPARISON + min(size, _MOST_CHARACTERS)
        if self._room < 0 and size <= _MOST_CHARACTERS and fold(before) != fold(after):
            return self._replaced(before, after, where=where)
        found = words(before, after)
        if found.rough:
            self._notes.append(f"{where} is too long to be compared word by word throughout ({size} characters)")
        return found.segments

    def _replaced(self, before: str, after: str, *, where: str) -> tuple[Segment, ...]:
        if not self._is_cut:
            self._notes.append(f"from {where} on the text is too long to be compared word by word")
        self._is_cut = True
        return replaced(before, after)


def _keys(old: Sequence[Block], new: Sequence[Block]) -> tuple[list[str], list[str]]:
    """The texts as they are compared; one that stands on both sides letter for letter need not be folded for that."""
    shared = {block.text for block in old}.intersection([block.text for block in new])
    first, second = (
        [block.text if block.text in shared else fold(block.text) for block in blocks] for blocks in (old, new)
    )
    return first, second


def _op(segments: Sequence[Segment]) -> Op:
    return Op.SAME if all(segment.op is Op.SAME for segment in segments) else Op.CHANGED


def _told(notes: Sequence[str]) -> str | None:
    """The first two notes in a sentence, and how many more there are."""
    if not notes:
        return None
    distinct = list(dict.fromkeys(notes))
    more = f"; and {len(distinct) - 2} more such places" if len(distinct) > 2 else ""
    return f"Compared coarsely: {'; '.join(distinct[:2])}{more}."


def _cut(segments: Sequence[Segment], texts: Sequence[str]) -> list[tuple[Segment, ...]]:
    """Segments of joined texts, parted at the texts' borders; what was removed at one stays with the text before."""
    found: list[list[Segment]] = [[]]
    room = len(texts[0])
    for segment in segments:
        text = segment.text
        while segment.op is not Op.REMOVED and len(text) > room and len(found) < len(texts):
            if text[:room].strip():
                found[-1].append(Segment(op=segment.op, text=text[:room]))
            text = text[room:].removeprefix(" ")
            found.append([])
            room = len(texts[len(found) - 1])
        if text:
            found[-1].append(Segment(op=segment.op, text=text))
        room -= 0 if segment.op is Op.REMOVED else len(text)
    return [tuple(each) for each in (*found, *([] for _ in range(len(texts) - len(found))))]


def _whole(op: Op, block: Block) -> Part:
    return Part(op=op, kind=block.kind, whole=block.text)
