"""Full text over all revisions: which releases say these words, and with which edits they came or went.

    query, filters | candidates from the index, newest first | checked one by one, within a bound | hits

A hit of the text is the newest revision of a release that is asked for; one of an edit is the revision with which it
began, or ceased, to be. What is looked at for one page is bounded: where that does not do, the page is shorter and says
where the next one goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from scraper.model import Kind
from storage import schema
from storage.database import AnyRow, Part, reading
from storage.feeds import StoredText
from storage.fulltext import Index, index_of
from storage.query import Query
from storage.searched import fill, kind_fact, language_facts, left, period, source_fact

__all__ = ["Found", "Hit", "Search", "Wanted", "Where"]

_CHANGE = schema.Change
_RELEASE = schema.Release
_REVISION = schema.Revision
_SEARCHED = schema.Searched
_SOURCE = schema.Source

_CHUNK = 60
"""Candidates that are looked up at once, ..."""
_EDITS = 24
"""... and those among edits, of which most are hits."""
_MOST_LOOKED_AT = 400
"""Candidates for one page."""
_MOST_LATER = 5_000
"""Revisions that are asked whether a page before showed them; of more releases may be shown twice."""


class Where(StrEnum):
    """Where the words are looked for."""

    TEXT = "text"
    APPEARED = "appeared"
    """In the revision, and not in the one before it."""
    VANISHED = "vanished"
    """In the revision before it, and not in this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for. Where nothing is said, everything is wanted."""

    query: Query
    where: Where = Where.TEXT
    source: str | None = None
    kind: Kind | None = None
    """Of the change that led to the revision."""
    since: datetime | None = None
    """When the revision was seen first, inclusive."""
    until: datetime | None = None
    """Exclusive."""
    language: str | None = None
    before_id: int | None = None
    """The ``next`` of the page before."""
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A revision that is asked for."""

    revision_id: int
    release_id: int
    number: int
    title: str
    url: str
    source: str
    observed_at: datetime
    language: str | None
    """Of the source, as its owner says."""
    kind: Kind | None
    """Of the change that led to it."""
    is_current: bool
    before: int | None
    """The number of the revision that it followed."""
    text: StoredText
    text_before: StoredText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of hits."""

    hits: tuple[Hit, ...]
    next: int | None
    """Where the next page begins; None: there is none."""


class Search(Part):
    """Looking for words."""

    @reading
    def search(self, connection: Connection, wanted: Wanted) -> Found:
        """A page of what is wanted, the newest first."""
        facts = _facts(connection, wanted)
        if facts is None:
            return Found(hits=(), next=None)
        kept: list[AnyRow] = []
        looked_at, last, seen = 0, wanted.before_id, set[int]()
        index = index_of(connection)
        for rows in _candidates(connection, index, wanted, facts):
            hits = _hits_among(connection, index, wanted, rows, facts)
            for row in rows:
                if len(kept) == wanted.limit or looked_at == _MOST_LOOKED_AT:
                    return Found(hits=_hits(connection, kept), next=last)
                looked_at, last = looked_at + 1, row.id
                if row.id in hits and not (wanted.where is Where.TEXT and row.release_id in seen):
                    kept.append(row)
                    seen.add(row.release_id)
        return Found(hits=_hits(connection, kept), next=None)

    @reading
    def unsearched(self, connection: Connection) -> int:
        """About how many revisions are not in the index yet."""
        return left(connection)

    def index_revisions(self, *, most: int = 100) -> int:
        """Put revisions that were stored before there was an index into it, if there are such. How many were put in."""
        return self._database.write(lambda connection: fill(connection, most)) if self.unsearched() else 0


def _facts(connection: Connection, wanted: Wanted) -> list[list[str]] | None:
    """Of each list one fact must be a revision's; None where there is no such source."""
    facts: list[list[str]] = []
    if wanted.source is not None:
        source_id = connection.execute(select(_SOURCE.id).where(_SOURCE.name == wanted.source)).scalar()
        if source_id is None:
            return None
        facts.append([source_fact(source_id)])
    if wanted.kind is not None:
        facts.append([kind_fact(wanted.kind)])
    if wanted.language:
        facts.append(language_facts(wanted.language)[-1:])
    if wanted.since is not None or wanted.until is not None:
        facts.append(period(wanted.since, wanted.until))
    return facts if all(facts) else None


def _candidates(
    connection: Connection, index: Index, wanted: Wanted, facts: Sequence[Sequence[str]]
) -> Iterator[Sequence[AnyRow]]:
    last = wanted.before_id
    size = _CHUNK if wanted.where is Where.TEXT else _EDITS
    if wanted.query.is_open:
        # The words that begin alike are merged anew for every question, so that one is asked that will do.
        size = _MOST_LOOKED_AT
    while True:
        if wanted.where is Where.TEXT:
            ids = index.newest(connection, wanted.query, facts=facts, before_id=last, limit=size)
        else:
            came = wanted.where is Where.APPEARED
            ids = index.turned(connection, wanted.query, came=came, facts=facts, before_id=last, limit=size)
        yield connection.execute(
            select(_REVISION.id, _REVISION.release_id, _REVISION.observed_at, _SEARCHED.before_id)
            .join(_SEARCHED, _SEARCHED.revision_id == _REVISION.id)
            .where(_REVISION.id.in_(ids))
            .order_by(_REVISION.id.desc())
        ).all()
        if len(ids) < size:
            return
        last = ids[-1]


def _hits_among(
    connection: Connection, index: Index, wanted: Wanted, rows: Sequence[AnyRow], facts: Sequence[Sequence[str]]
) -> set[int]:
    """Which of some candidates are hits, beside others of the same release."""
    rows = [row for row in rows if _is_in_time(wanted, row.observed_at)]
    if wanted.where is Where.TEXT:
        shown = _shown(connection, index, wanted, {row.release_id for row in rows}, facts)
        return {row.id for row in rows if row.release_id not in shown}
    ids = {each for row in rows for each in (row.id, row.before_id) if each is not None}
    having = index.having(connection, wanted.query, ids)
    if wanted.where is Where.APPEARED:
        return {row.id for row in rows if row.id in having and row.before_id not in having}
    return {row.id for row in rows if row.before_id in having and row.id not in having}


def _is_in_time(wanted: Wanted, at: datetime) -> bool:
    return (wanted.since is None or at >= wanted.since) and (wanted.until is None or at < wanted.until)


def _shown(
    connection: Connection, index: Index, wanted: Wanted, releases: Collection[int], facts: Sequence[Sequence[str]]
) -> set[int]:
    """Those of some releases that a page before showed, by a later revision."""
    if wanted.before_id is None or not releases:
        return set()
    later = select(_REVISION.id, _REVISION.release_id).where(
        _REVISION.release_id.in_(releases), _REVISION.id >= wanted.before_id
    )
    if wanted.until:
        later = later.where(_REVISION.observed_at < wanted.until)
    found = {row.id: row.release_id for row in connection.execute(later.order_by(_REVISION.id).limit(_MOST_LATER))}
    return {found[each] for each in index.having(connection, wanted.query, found, facts=facts)}


def _hits(connection: Connection, rows: Sequence[AnyRow]) -> tuple[Hit, ...]:
    if not rows:
        return ()
    before = _REVISION.__table__.alias("before")
    kind = (
        select(_CHANGE.kind)
        .where(_CHANGE.release_id == _REVISION.release_id, _CHANGE.revision_to == _REVISION.number)
        .where(_CHANGE.revision_from.is_distinct_from(_CHANGE.revision_to))
        .order_by(_CHANGE.id)
        .limit(1)
        .correlate(_REVISION)
        .scalar_subquery()
    )
    found = connection.execute(
        select(
            _REVISION.id, _REVISION.release_id, _REVISION.number, _REVISION.title, _RELEASE.url,
            _SOURCE.name.label("source"), _SOURCE.language, _REVISION.observed_at, kind.label("kind"),
            _RELEASE.current_revision_id, before.c.number.label("before"), _REVISION.content,
            before.c.content.label("content_before"),
        )
        .join(_RELEASE, _RELEASE.id == _REVISION.release_id)
        .join(_SOURCE, _SOURCE.id == _RELEASE.source_id)
        .outerjoin(_SEARCHED, _SEARCHED.revision_id == _REVISION.id)
        .outerjoin(before, before.c.id == _SEARCHED.before_id)
        .where(_REVISION.id.in_([row.id for row in rows]))
        .order_by(_REVISION.id.desc())
    )  # fmt: skip
    return tuple(map(_hit, found))


def _hit(row: AnyRow) -> Hit:
    return Hit(
        revision_id=row.id, release_id=row.release_id, number=row.number, title=row.title, url=row.url,
        source=row.source, observed_at=row.observed_at, language=row.language, kind=row.kind,
        is_current=row.id == row.current_revision_id, before=row.before, text=StoredText(row.content),
        text_before=None if row.content_before is None else StoredText(row.content_before),
    )  # fmt: skip
