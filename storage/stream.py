"""The stream of changes, newest first, by whatever is asked for, a page at a time.

    Selection | which changes may be meant: an index, walked backwards, so far and no farther | the page, with its texts

What is asked for is of two sorts. One leads: a source, a kind, a release, a batch, a mark, words that are rare, and the
time of detection, each of which has an index in the order of changes. The rest is looked at on the way. The way has an
end for one page: where that does not do, the page is shorter and says where the next one goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scraper.model import Kind
from storage import schema
from storage.database import AnySelect, Part, reading
from storage.feeds import FeedRow, feed_row, select_with_texts
from storage.fulltext import index_of
from storage.marks import is_told
from storage.query import Query
from storage.searched import source_fact

__all__ = ["ChangesPage", "Marked", "Selection", "Stream"]

_CHANGE = schema.Change
_MARK = schema.Mark
_REVISION = schema.Revision

_FARTHEST = 10_000
"""Changes that are passed for one page."""
_RARE = 3_000
"""Words that so many revisions have, or fewer, lead to their changes; others are looked for on the way, ..."""
_MOST_READ = 1_000
"""... in the texts of so many changes for one page, ..."""
_AT_ONCE = 100
"""... which are asked of the index so many at a time, ..."""
_MOST_AT_ONCE = 3_000
"""(of changes that rare words lead to up to so many are read at a time, twice as many each time) ..."""
_DENSE = 0.1
"""... unless fewer of the first of them have the words, and ..."""
_KNOWN = 30_000
"""... no more revisions at all, which are then asked for at once."""
_SLACK = timedelta(days=1)
"""Changes are numbered as they are written, and times are of the clocks of those who write: they differ by less."""


class Marked(StrEnum):
    """How changes are marked that are wanted."""

    UNREAD = "unread"
    """Neither reviewed nor noise."""
    REVIEWED = "reviewed"
    STARRED = "starred"
    NOISE = "noise"


_FLAGS: dict[Marked | None, ColumnElement[bool] | InstrumentedAttribute[bool]] = {
    Marked.REVIEWED: _MARK.reviewed, Marked.STARRED: _MARK.starred, Marked.NOISE: _MARK.noise,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which changes are wanted; what is empty means all."""

    source_ids: tuple[int, ...] = ()
    kinds: tuple[Kind, ...] = ()
    importance: float = 0.0
    """The least."""
    since: datetime | None = None
    """Time of detection, inclusive."""
    until: datetime | None = None
    """Exclusive."""
    words: Query | None = None
    """Of the text before or after."""
    marked: Marked | None = None
    release_id: int | None = None
    batch_id: int | None = None
    told: bool = False
    """Only what is told: nothing that is noise by what another change taught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """A page of the stream."""

    rows: tuple[FeedRow, ...]
    next: int | None
    """Id of the change before which the next page begins; None: there is none."""


class Stream(Part):
    """What happened, as people go through it."""

    @reading
    def stream(
        self,
        connection: Connection,
        wanted: Selection,
        *,
        before_id: int | None = None,
        limit: int,
        folded: bool = False,
    ) -> ChangesPage:
        """A page of what is wanted, of up to ``limit`` changes.

        ``folded``: of the changes of one batch and kind only the last that is wanted; not where words are asked for or
        a mark that each of them may have by itself.
        """
        folded = folded and wanted.words is None and wanted.marked in (None, Marked.UNREAD)
        if wanted.words is None:
            ids, after = _walk(connection, wanted, before_id, limit=limit, folded=folded)
        elif (texts := _with_rare_words(connection, wanted.words, wanted)) is not None:
            ids, after = _between_these(connection, wanted, texts, before_id, limit=limit)
        else:
            ids, after = _with_common_words(connection, wanted.words, wanted, before_id, limit=limit)
        asked = select_with_texts().where(_CHANGE.id.in_(ids)).order_by(_CHANGE.id.desc())
        rows = connection.execute(asked) if ids else ()
        return ChangesPage(rows=tuple(map(feed_row, rows)), next=after)


Ids = tuple[list[int], int | None]
"""Those of a page, and where the next one begins."""


def _walk(connection: Connection, wanted: Selection, before_id: int | None, *, limit: int, folded: bool) -> Ids:
    walk = _marked_walk if wanted.marked in _FLAGS else _plain_walk
    asked, last = walk(connection, wanted, before_id, folded=folded)
    ids = list(connection.execute(asked.limit(limit + 1)).scalars())
    return _cut(ids, limit, last)


def _cut(ids: list[int], limit: int, last: int | None) -> Ids:
    """``last`` is the one that was passed last where the way ended before everything was."""
    return (ids[:limit], ids[limit - 1]) if len(ids) > limit else (ids, last)


def _plain_walk(
    connection: Connection, wanted: Selection, before_id: int | None, *, folded: bool
) -> tuple[AnySelect, int | None]:
    way = select(_CHANGE.id).where(*_leading(wanted, before_id)).order_by(_CHANGE.id.desc())
    last = connection.execute(way.offset(_FARTHEST - 1).limit(1)).scalar()
    asked = way.where(*_on_the_way(wanted, folded=folded))
    return (asked if last is None else asked.where(_CHANGE.id >= last)), last


def _marked_walk(
    connection: Connection, wanted: Selection, before_id: int | None, *, folded: bool
) -> tuple[AnySelect, int | None]:
    way = select(_MARK.change_id).where(_FLAGS[wanted.marked]).order_by(_MARK.change_id.desc())
    if before_id is not None:
        way = way.where(_MARK.change_id < before_id)
    last = connection.execute(way.offset(_FARTHEST - 1).limit(1)).scalar()
    some = way.limit(_FARTHEST).subquery()
    asked = select(_CHANGE.id).join(some, some.c.change_id == _CHANGE.id).order_by(_CHANGE.id.desc())
    return asked.where(*_leading(wanted, None), *_on_the_way(wanted, folded=folded)), last


def _leading(wanted: Selection, before_id: int | None) -> list[ColumnElement[bool]]:
    """What an index in the order of changes leads along."""
    one_source, one_kind = len(wanted.source_ids) == 1, len(wanted.kinds) == 1
    conditions = [
        None if before_id is None else _CHANGE.id < before_id,
        _CHANGE.source_id == wanted.source_ids[0] if one_source else None,
        _CHANGE.kind == wanted.kinds[0] if one_kind else None,
        None if wanted.release_id is None else _CHANGE.release_id == wanted.release_id,
        None if wanted.batch_id is None else _CHANGE.batch_id == wanted.batch_id,
        # Beyond either end of the calendar there is nothing that the slack could let in.
        None if (first := _moved(wanted.since, -_SLACK)) is None else _CHANGE.id >= _first_since(first),
        None if (last := _moved(wanted.until, _SLACK)) is None else _CHANGE.id <= _last_until(last),
    ]
    return [condition for condition in conditions if condition is not None]


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    """None also where the calendar ends before."""
    try:
        return None if at is None else at + by
    except OverflowError:
        return None


def _first_since(at: datetime) -> ScalarSelect[int]:
    later = select(_CHANGE.id).where(_CHANGE.detected_at >= at)
    return later.order_by(_CHANGE.detected_at, _CHANGE.id).limit(1).scalar_subquery()


def _last_until(at: datetime) -> ScalarSelect[int]:
    earlier = select(_CHANGE.id).where(_CHANGE.detected_at < at)
    return earlier.order_by(_CHANGE.detected_at.desc(), _CHANGE.id.desc()).limit(1).scalar_subquery()


def _on_the_way(wanted: Selection, *, folded: bool) -> list[ColumnElement[bool]]:
    """What is looked at of each change that is passed."""
    conditions = _own(_CHANGE, wanted)
    if len(wanted.source_ids) > 1:
        conditions.append(_CHANGE.source_id.in_(wanted.source_ids))
    if len(wanted.kinds) > 1:
        conditions.append(_CHANGE.kind.in_(list(wanted.kinds)))
    if folded:
        later = aliased(_CHANGE)
        same = later.batch_id == _CHANGE.batch_id, later.kind == _CHANGE.kind, later.id > _CHANGE.id
        # Most changes are in no batch, and without the first question the later ones are walked for each of them.
        is_last = ~select(later.id).where(*same, *_own(later, wanted)).exists()
        conditions.append(or_(_CHANGE.batch_id.is_(None), is_last))
    return conditions


def _own(change: Any, wanted: Selection) -> list[ColumnElement[bool]]:  # noqa: ANN401  # the table or an alias of it
    """What one change of a batch may meet and another one may not."""
    handled = select(_MARK.change_id).where(_MARK.change_id == change.id, or_(_MARK.reviewed, _MARK.noise)).exists()
    conditions = [
        change.importance >= wanted.importance if wanted.importance > 0 else None,
        None if wanted.since is None else change.detected_at >= wanted.since,
        None if wanted.until is None else change.detected_at < wanted.until,
        ~handled if wanted.marked is Marked.UNREAD else None,
        is_told(change.id) if wanted.told else None,
    ]
    return [condition for condition in conditions if condition is not None]


# --- words ------------------------------------------------------------------------------------------------------------


Texts = dict[int, set[int | None]]
"""Numbers of revisions, by release."""


def _with_rare_words(connection: Connection, query: Query, wanted: Selection) -> Texts | None:
    """All texts that have the words; None where that may be very many."""
    revisions = _all_with(connection, query, wanted, most=_RARE)
    if revisions is None:
        return None
    texts: Texts = {}
    asked = select(_REVISION.release_id, _REVISION.number).where(_REVISION.id.in_(revisions))
    for release_id, number in connection.execute(asked).all():
        texts.setdefault(release_id, set()).add(number)
    return texts


def _between_these(
    connection: Connection, wanted: Selection, texts: Texts, before_id: int | None, *, limit: int
) -> Ids:
    """Of the changes of these releases, which an index tells, the newest are read until there are enough."""
    ids: list[int] = []
    of_them = connection.execute(select(_CHANGE.id).where(_CHANGE.release_id.in_(texts))).scalars().all()
    left = sorted((each for each in of_them if before_id is None or each < before_id), reverse=True)
    conditions = [*_leading(wanted, None), *_on_the_way(wanted, folded=False)]
    if wanted.marked in _FLAGS:
        conditions.append(_CHANGE.id.in_(select(_MARK.change_id).where(_FLAGS[wanted.marked])))
    columns = _CHANGE.id, _CHANGE.release_id, _CHANGE.revision_from, _CHANGE.revision_to
    asked = select(*columns).where(*conditions).order_by(_CHANGE.id.desc())
    start, size = 0, _AT_ONCE
    while start < len(left) and len(ids) <= limit:
        rows = connection.execute(asked.where(_CHANGE.id.in_(left[start : start + size]))).all()
        ids += [each for each, release_id, *between in rows if not texts[release_id].isdisjoint(between)]
        start, size = start + size, min(2 * size, _MOST_AT_ONCE)
    return _cut(ids, limit, None)


def _with_common_words(
    connection: Connection, query: Query, wanted: Selection, before_id: int | None, *, limit: int
) -> Ids:
    ids: list[int] = []
    index, last = index_of(connection), before_id
    known: set[int] | None = None
    for turn in range(_MOST_READ // _AT_ONCE):
        passed, last = _walk(connection, wanted, last, limit=_AT_ONCE, folded=False)
        texts = _texts_of(connection, passed)
        if known is None:
            having = index.having(connection, query, {each for some in texts.values() for each in some})
        else:
            having = known
        ids += [each for each in passed if not having.isdisjoint(texts.get(each, ()))]
        if len(ids) > limit or last is None or len(passed) < _AT_ONCE:
            break
        if turn == 0 and len(ids) < _AT_ONCE * _DENSE:
            known = _all_with(connection, query, wanted, most=_KNOWN)
    return _cut(ids, limit, last)


def _all_with(connection: Connection, query: Query, wanted: Selection, *, most: int) -> set[int] | None:
    """All revisions that have the words; None where that are more."""
    facts = [[source_fact(each) for each in wanted.source_ids]] if wanted.source_ids else []
    found = index_of(connection).some(connection, query, facts=facts, limit=most + 1)
    return None if len(found) > most else found


def _texts_of(connection: Connection, ids: Sequence[int]) -> dict[int, set[int]]:
    """The revisions that some changes are between."""
    texts: dict[int, set[int]] = {}
    asked = select(_CHANGE.id, _REVISION.id.label("revision_id")).join(_REVISION, _is_of_it())
    for row in connection.execute(asked.where(_CHANGE.id.in_(ids))):
        texts.setdefault(row.id, set()).add(row.revision_id)
    return texts


def _is_of_it() -> ColumnElement[bool]:
    is_between = _REVISION.number.in_([_CHANGE.revision_from, _CHANGE.revision_to])
    return and_(_REVISION.release_id == _CHANGE.release_id, is_between)
