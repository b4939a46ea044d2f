"""Who would have been told of what happened, by the present settings: the rules over the stored history.

Nothing is written and nothing sent. Batches are those of then; the first change of one within the time is taken for the
one that was told by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from config import Settings
from config.rules import RuleSettings
from presswatch.routing import DEFAULT, Chosen, Verdict, verdict
from storage import ChangeRow, Selection, Storage

__all__ = ["How", "Rehearsed", "rehearse", "rehearsed"]

_PAGE = 100
_HOUR = timedelta(hours=1)


class How(StrEnum):
    """How one would have been told."""

    MESSAGE = "message"
    BATCH = "batch"
    DIGEST = "digest"
    SUMMARY = "summary"
    """With all that was too much of its source."""
    DROPPED = "dropped"
    """By a rule: nobody."""
    MUTED = "muted"
    NOISE = "noise"
    """By what another change taught: nobody."""
    UNROUTED = "unrouted"
    """Its source has no routes: nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A change and one channel that would have been told of it."""

    change: ChangeRow
    how: How
    rule: str
    """Which rule said so, or what else."""
    channel: str | None = None
    """None: nobody."""
    at: datetime | None = None
    """When; of what is told together, when that is due as far as it can be known."""
    digest: str | None = None
    """Which of the channel's digests."""


def rehearsed(storage: Storage, settings: Settings, *, since: datetime, now: datetime) -> list[Rehearsed]:
    """What would have been told of the changes since then, oldest first."""
    rows = storage.sources(removed=True)
    muted = storage.mutes(now)
    routes = {row.id: settings.routes_of(row.source.routes) for row in rows}
    verdicts, taught_by = _history(storage, settings.rules, routes, since)
    return list(
        rehearse(
            verdicts,
            taught_by=taught_by,
            most_per_hour=settings.delivery.most_per_hour,
            muted_sources={each.source_id for each in muted if each.source_id is not None},
            muted_releases={each.release_id for each in muted if each.release_id is not None},
        )
    )


def rehearse(
    verdicts: Iterable[tuple[ChangeRow, Verdict]],
    *,
    most_per_hour: int,
    taught_by: Mapping[int, int] = MappingProxyType({}),
    muted_sources: Collection[int] = (),
    muted_releases: Collection[int] = (),
) -> Iterator[Rehearsed]:
    """What becomes of changes, oldest first, by what the rules say of each. Pure.

    ``taught_by``: of changes that are noise, by their ids, those that taught it.
    """
    hours = _Hours(most=most_per_hour)
    batches: set[int] = set()
    for change, said in verdicts:
        if change.id in taught_by:
            yield Rehearsed(change=change, how=How.NOISE, rule=f"change {taught_by[change.id]}")
            continue
        if change.source_id in muted_sources or change.release_id in muted_releases:
            yield Rehearsed(change=change, how=How.MUTED, rule="mute")
            continue
        if not said.chosen:
            how = How.DROPPED if said.dropped_by is not None else How.UNROUTED
            yield Rehearsed(change=change, how=how, rule=said.dropped_by or DEFAULT)
            continue
        is_batched = change.batch_id in batches
        if change.batch_id is not None:
            batches.add(change.batch_id)
        yield from (_told(change, each, hours, is_batched=is_batched) for each in said.chosen)


def _told(change: ChangeRow, chosen: Chosen, hours: _Hours, *, is_batched: bool) -> Rehearsed:
    way, at = chosen.way, change.detected_at
    if way.digest is not None:
        return Rehearsed(
            change=change, how=How.DIGEST, rule=chosen.rule, channel=way.channel, at=way.digest.due_at,
            digest=way.digest.name,
        )  # fmt: skip
    until = hours.summary_until(change, way.channel, is_batched=is_batched)
    how = How.BATCH if is_batched else How.MESSAGE
    if until is not None:
        how, at = How.SUMMARY, until
    return Rehearsed(change=change, how=how, rule=chosen.rule, channel=way.channel, at=way.free_at(at))


@dataclass(slots=True, kw_only=True)
class _Hours:
    """How many messages each channel had of each source within an hour."""

    most: int
    _sent: dict[tuple[str, int], deque[datetime]] = field(default_factory=dict)
    _summaries: dict[tuple[str, int], datetime] = field(default_factory=dict)
    _waiting: set[tuple[str, int | None]] = field(default_factory=set)

    def summary_until(self, change: ChangeRow, channel: str, *, is_batched: bool) -> datetime | None:
        """When the summary is due that the change is told by; None, and counted, where it is told otherwise."""
        at, key = change.detected_at, (channel, change.source_id)
        if not self.most or (is_batched and (channel, change.batch_id) in self._waiting):
            return None
        if key in self._summaries and at < self._summaries[key]:
            return self._summaries[key]
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= at - _HOUR:
            sent.popleft()
        if len(sent) >= self.most:
            self._summaries[key] = at + _HOUR
            return self._summaries[key]
        sent.append(at)
        if is_batched:
            self._waiting.add((channel, change.batch_id))
        return None


def _history(
    storage: Storage, rules: Sequence[RuleSettings], routes: Mapping[int, Sequence[str]], since: datetime
) -> tuple[list[tuple[ChangeRow, Verdict]], dict[int, int]]:
    """What the rules say, oldest first, and which changes are noise by which.

    The texts of a change are let go as soon as it was judged: there may be very many.
    """
    found: list[tuple[ChangeRow, Verdict]] = []
    taught_by: dict[int, int] = {}
    before: int | None = None
    while True:
        page = storage.stream(Selection(), before_id=before, limit=_PAGE)
        marks = storage.marks([row.change.id for row in page.rows])
        taught_by |= {each: mark.taught_by for each, mark in marks.items() if mark.taught_by is not None}
        for row in page.rows:
            if row.change.detected_at < since:
                return found[::-1], taught_by
            default = routes.get(row.change.source_id, ())
            found.append((row.change, verdict(rules, row, default, row.change.detected_at)))
        before = page.next
        if before is None:
            return found[::-1], taught_by
