"""What stood at a release in the course of time, and since when each passage of a version stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from scraper.judge import Passage, blame
from scraper.model import Block, Kind, Release
from storage import ChangeRow, RevisionRow

__all__ = ["Stage", "Standing", "stages", "standing", "until"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A version for as long as it stood; one that came back has one more."""

    number: int
    not_before: datetime | None
    """The last look that saw what stood before; None where there was none."""
    not_after: datetime
    """The first look that saw it."""
    kind: Kind | None = None
    """The change that led to it; None for what was there at the first visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A block of a version, and since when it stands as it does."""

    block: Block
    since: Stage | None
    """None where it stands since the first of the stages that were looked at."""
    before: int | None = None
    """The version before that one."""
    replaced: str = ""
    """What stood there; empty where nothing did."""


def stages(revisions: Sequence[RevisionRow], changes: Sequence[ChangeRow]) -> tuple[Stage, ...]:
    """What stood one after the other, from the first on.

    A version that came back has no revision of its own but a change that leads to it; one that stood at the first visit
    has no change. Of a merged release the numbers say nothing about the order.
    """
    led = [
        Stage(number=row.revision_to, not_before=row.not_before, not_after=row.not_after, kind=row.kind)
        for row in changes
        if row.revision_to is not None and row.revision_to != row.revision_from
    ]
    told = {each.number for each in led}
    found = [
        Stage(number=row.number, not_before=None, not_after=row.observed_at)
        for row in revisions
        if row.number not in told
    ]
    in_order = sorted((*found, *led), key=lambda stage: (stage.not_after, stage.number))
    return tuple(next(same) for _, same in groupby(in_order, key=lambda stage: stage.number))


def until(number: int, course: Sequence[Stage]) -> tuple[Stage, ...]:
    """The stages up to the last one of a version; none where it is in none of them."""
    last = max((place for place, stage in enumerate(course) if stage.number == number), default=-1)
    return tuple(course[: last + 1])


def standing(course: Sequence[Stage], texts: Mapping[int, Release]) -> tuple[Standing, ...]:
    """The blocks of the version that stood last, given the text of every one."""
    backwards = course[::-1]
    if not backwards:
        return ()
    blocks = texts[backwards[0].number].blocks
    passages = blame(texts[stage.number] for stage in backwards)
    return tuple(_placed(block, passage, backwards) for block, passage in zip(blocks, passages, strict=True))


def _placed(block: Block, passage: Passage, backwards: Sequence[Stage]) -> Standing:
    if passage.age + 1 == len(backwards):
        return Standing(block=block, since=None)
    before = backwards[passage.age + 1].number
    return Standing(block=block, since=backwards[passage.age], before=before, replaced=passage.replaced)
