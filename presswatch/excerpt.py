"""The changed words of a diff in place, with a few words around them: what a reader needs to see first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.judge import Diff, LinkChange, Op, Segment

__all__ = ["Excerpt", "Excerpts", "beginning", "excerpts", "link_segments"]

_AROUND = 12
"""Words that are kept on either side of a change."""
_LONGEST_CHANGE = 60
"""Words that are kept of one added or removed run."""
_MOST_CHARACTERS = 600
"""Of one run, for texts without spaces."""
_WORD = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A changed block, or the title, cut down to what changed."""

    op: Op
    segments: tuple[Segment, ...]
    is_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpts:
    """The first changes of a diff."""

    shown: tuple[Excerpt, ...]
    left_out: int
    """Changed blocks that are not shown."""


def excerpts(diff: Diff, *, most: int = 3) -> Excerpts:
    """The title where it changed and the first changed blocks, ``most`` in all."""
    found = list(_excerpts(diff))
    return Excerpts(shown=tuple(found[:most]), left_out=max(0, len(found) - most))


def beginning(text: str) -> str:
    """The first words of a text."""
    return _head(text, most=_LONGEST_CHANGE)


def _excerpts(diff: Diff) -> Iterator[Excerpt]:
    if diff.title_changed:
        yield Excerpt(op=Op.CHANGED, segments=_cut(diff.title), is_title=True)
    for part in diff.differing:
        if part.op is not Op.SAME:
            yield Excerpt(op=part.op, segments=_cut(part.segments))
        for link in part.links:
            yield Excerpt(op=Op.CHANGED, segments=_cut(tuple(link_segments(link))))


def link_segments(link: LinkChange) -> Iterator[Segment]:
    """The words of a link, and where it led and leads."""
    yield Segment(op=Op.SAME, text=f"{link.text or 'link'}: ")
    for op, target in ((Op.REMOVED, link.before), (Op.ADDED, link.after)):
        if target:
            yield Segment(op=op, text=target)


def _cut(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    last = len(segments) - 1
    return tuple(
        Segment(op=segment.op, text=_kept(segment, first=index == 0, last=index == last))
        for index, segment in enumerate(segments)
    )


def _kept(segment: Segment, *, first: bool, last: bool) -> str:
    if segment.op is not Op.SAME or (first and last):
        return _head(segment.text, most=_LONGEST_CHANGE)
    if first:
        return _tail(segment.text, most=_AROUND)
    if last:
        return _head(segment.text, most=_AROUND)
    if len(segment.text) <= _MOST_CHARACTERS and len(_WORD.findall(segment.text)) <= 2 * _AROUND:
        return segment.text
    return _head(segment.text, most=_AROUND) + " " + _tail(segment.text, most=_AROUND).removeprefix("… ")


def _head(text: str, *, most: int) -> str:
    words = _WORD.findall(text[:_MOST_CHARACTERS])
    if len(text) > _MOST_CHARACTERS and len(words) > 1:
        words.pop()  # it may be cut in the middle, and half a number is another number
    kept = "".join(words[:most])
    return text if len(kept) >= len(text.rstrip()) else kept + " …"


def _tail(text: str, *, most: int) -> str:
    bounded = text[-_MOST_CHARACTERS:]
    words = _WORD.findall(bounded)
    if len(words) <= most and len(text) <= _MOST_CHARACTERS:
        return text
    if len(text) > _MOST_CHARACTERS and len(words) > 1:
        del words[0]  # as above
    space = bounded[len(bounded.rstrip()) :]
    return "… " + "".join(words[-most:]).lstrip() + space
