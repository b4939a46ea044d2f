"""A diff as it is read: changes numbered, what stayed the same folded but for a little around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scraper.judge import Op, Part, Segment

__all__ = ["Row", "Stretch", "side", "stretches"]

_AROUND = 1
"""Passages that are shown on either side of a change, so that it is read in its place."""
_LEAST = 3
"""Fewer are not worth folding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One passage, as it was and as it is."""

    part: Part
    number: int | None
    """Which change it is, from 1; None where it is as it was."""

    @property
    def before(self) -> tuple[Segment, ...]:
        """How it stood; nothing where it was added, or where it came from elsewhere and is shown but once."""
        return () if self.part.op in (Op.ADDED, Op.MOVED) else side(self.part.segments, without=Op.ADDED)

    @property
    def after(self) -> tuple[Segment, ...]:
        """How it stands, of one that moved with the words that went; nothing where it was removed."""
        if self.part.op is Op.MOVED:
            return self.part.segments
        return () if self.part.op is Op.REMOVED else side(self.part.segments, without=Op.REMOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some passages in a row."""

    rows: tuple[Row, ...]
    folded: bool = False


def stretches(parts: Sequence[Part]) -> tuple[Stretch, ...]:
    """The passages of a diff in their order, each in one stretch."""
    rows = tuple(_numbered(parts))
    near = {place + step for place, row in enumerate(rows) if row.number for step in range(-_AROUND, _AROUND + 1)}
    found = []
    for is_near, places in groupby(range(len(rows)), key=near.__contains__):
        own = tuple(rows[place] for place in places)
        found.append(Stretch(rows=own, folded=not is_near and len(own) >= _LEAST))
    return tuple(found)


def side(segments: Sequence[Segment], *, without: Op) -> tuple[Segment, ...]:
    """The words that one side has."""
    return tuple(segment for segment in segments if segment.op is not without)


def _numbered(parts: Sequence[Part]) -> Iterator[Row]:
    number = 0
    for part in parts:
        number += not part.is_as_it_was
        yield Row(part=part, number=None if part.is_as_it_was else number)
