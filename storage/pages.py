"""Pages: everything that is polled. Which are due, under a lease of their host, and what is kept of each answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    ScalarSelect,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    insert,
    or_,
    select,
    update,
)

from scraper.model import (
    UNSPENT,
    Ailment,
    DuePage,
    Failed,
    Fetched,
    Found,
    ListingOutcome,
    Missing,
    Outcome,
    Pulse,
    Render,
    Role,
    Seen,
    Source,
    Spent,
    Suspect,
    Unmodified,
    Validators,
)
from storage import codec, schema
from storage.database import AnyRow, Database, Part, reading, writing
from storage.health import Physician, keep_ailment, keep_health
from storage.hosts import fence, host_of, is_free, meet

__all__ = ["Answer", "Pages", "add_pages", "chunks", "keep_answer", "lock_source", "source_from"]

_HOST = schema.Host
_PAGE = schema.Page
_RELEASE = schema.Release
_SOURCE = schema.Source

_CHUNK = 500
"""Parameters of one IN; SQLite takes 32,766, a plan gets no better by that."""

T = TypeVar("T")


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, so many at a time as one statement should take."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def add_pages(
    database: Database,
    connection: Connection,
    source_id: int,
    role: Role,
    pages: Sequence[tuple[str, datetime | None]],
) -> list[int]:
    """Insert pages, each an address and when it is due. Their ids, in order."""
    if not pages:
        return []
    rows = [
        {"source_id": source_id, "role": role, "url": url, "host": host_of(url), "next_poll_at": due_at}
        for url, due_at in pages
    ]
    meet(database, connection, (str(row["host"]) for row in rows))
    inserted = insert(_PAGE).returning(_PAGE.id, sort_by_parameter_order=True)
    return list(connection.execute(inserted, rows).scalars())


def lock_source(connection: Connection, source_id: int) -> None:
    """One transaction at a time adds releases and addresses to a source; SQLite has but one writer anyway."""
    connection.execute(select(_SOURCE.id).where(_SOURCE.id == source_id).with_for_update(key_share=True))


def source_from(row: AnyRow) -> Source:
    """The value of a row that has the columns of a source."""
    return Source(
        name=row.name,
        home=row.home,
        time_zone=row.time_zone,
        language=row.language,
        every=None if row.every_seconds is None else timedelta(seconds=row.every_seconds),
        per_day=row.per_day,
        routes=None if row.routes is None else tuple(row.routes),
        paused=row.paused,
        profile=codec.profile_from(row.profile),
        render=row.render or Render.AUTO,
    )


# --- what is kept of an answer ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One request and what became of it, as the page and the log keep it."""

    at: datetime
    outcome: str
    """One word."""
    status: int | None = None
    received: int = 0
    ms: int = 0
    note: str = ""
    error: str | None = None
    """Why it failed."""
    is_full: bool = False
    """It had a body."""
    held: bool = False
    """It is not believed before another look."""
    validators: Validators | None = None
    """To ask by from now on; None: those that are kept stay."""

    @classmethod
    def of_release(cls, found: Found, outcome: Outcome, *, ms: int) -> Answer:
        """A look at a release.

        Validators are taken only from a page whose content is the current one now: those of a page that is not believed
        would be answered with a 304, and that would read as if the believed content still stood.
        """
        failed = found if isinstance(found, Failed) else outcome.failed
        fetched = found.evidence if isinstance(found, (Seen, Missing)) else None
        believed = fetched is not None and _is_answer_of_page(fetched) and outcome.seen_at is not None
        return cls(
            at=found.at,
            outcome=_word(found, failed, changed=bool(outcome.changes or outcome.revision)),
            status=_status(found, fetched),
            received=fetched.received if fetched else 0,
            ms=ms,
            note=outcome.note,
            error=failed.detail if failed else None,
            is_full=isinstance(found, Seen),
            held=outcome.suspect is not None,
            validators=fetched.validators if fetched and believed else None,
        )

    @classmethod
    def of_listing(cls, found: Fetched | Failed | None, outcome: ListingOutcome, *, now: datetime, ms: int) -> Answer:
        """A look at a listing; validators as for a release."""
        failed = found if isinstance(found, Failed) else outcome.failed
        fetched = found if isinstance(found, Fetched) and found.status != 304 else None
        believed = fetched is not None and _is_answer_of_page(fetched) and failed is None and outcome.suspect is None
        return cls(
            at=now,
            outcome=str(failed.failure) if failed else "seen" if fetched else "unmodified",
            status=found.status if isinstance(found, (Fetched, Failed)) else 304,
            received=fetched.received if fetched else 0,
            ms=ms,
            note=outcome.note,
            error=failed.detail if failed else None,
            is_full=fetched is not None,
            held=outcome.suspect is not None,
            validators=fetched.validators if fetched and believed else None,
        )


def _is_answer_of_page(fetched: Fetched) -> bool:
    """Its validators are those of the page's own address, not of one that it redirects to."""
    return fetched.status == 200 and not fetched.redirects


def _word(found: Found, failed: Failed | None, *, changed: bool) -> str:
    if failed:
        return str(failed.failure)
    match found:
        case Unmodified():
            return "unmodified"
        case Missing():
            return "missing"
        case _:
            return "changed" if changed else "seen"


def _status(found: Found, fetched: Fetched | None) -> int | None:
    if fetched:
        return fetched.status
    if isinstance(found, Failed):
        return found.status
    return 304 if isinstance(found, Unmodified) else None


def keep_answer(
    database: Database,
    connection: Connection,
    page_id: int,
    answer: Answer,
    *,
    next_poll_at: datetime | None,
    pulse: Pulse,
    suspect: Suspect | None,
    url: str | None = None,
) -> None:
    """Update the page and add to its log. ``url`` is its address from now on, where that changes."""
    values: dict[str, Any] = {
        "next_poll_at": next_poll_at,
        "last_poll_at": answer.at,
        "last_outcome": answer.outcome,
        "last_error": answer.error,
        "suspect": codec.suspect_to(suspect),
        "failures": pulse.failures,
        "last_change_at": pulse.last_change_at,
        "first_poll_at": pulse.first_poll_at,
        "finds": pulse.finds,
        "born_at": pulse.born_at,
        "weight": pulse.weight,
        "watched": pulse.watched,
        "aged": pulse.aged,
        "lean": pulse.lean,
        "demand": pulse.demand,
        "why": pulse.why,
    }
    if answer.error is None and not answer.held:
        values |= {"last_ok_at": answer.at, "hinted_at": None}
    if answer.is_full:
        values["last_full_at"] = answer.at
    if answer.validators is not None:
        values |= {"etag": answer.validators.etag, "last_modified": answer.validators.last_modified}
    if url is not None:
        meet(database, connection, [host_of(url)])
        values |= {"url": url, "host": host_of(url)}
    connection.execute(update(_PAGE).where(_PAGE.id == page_id).values(**values))
    log(connection, page_id, answer)


def log(connection: Connection, page_id: int, answer: Answer) -> None:
    """Add to the log of a page."""
    connection.execute(
        insert(schema.Poll).values(
            page_id=page_id,
            at=answer.at,
            outcome=answer.outcome,
            status=answer.status,
            received=answer.received,
            ms=answer.ms,
            note=answer.note,
        )
    )


# --- what is due ------------------------------------------------------------------------------------------------------


class Pages(Part):
    """What is due."""

    @writing
    def claim(
        self,
        connection: Connection,
        *,
        now: datetime,
        owner: str,
        lease: timedelta,
        hosts: int = 50,
        per_host: int = 10,
        source: str | None = None,
        everything: bool = False,
        not_since: datetime | None = None,
        spent: Spent = UNSPENT,
    ) -> list[DuePage]:
        """Lease up to ``hosts`` free hosts that have due pages, and hand out up to ``per_host`` due pages of each.

        The hosts with the most overdue pages come first, of these listings, then new releases, then the pages for which
        waiting costs most. Two owners never get the same host.
        With ``not_since``, the beginning of a round, only what was not polled since then; ``everything`` then also
        claims what is not due yet. ``source`` is the name of the only one to be claimed; what the
        ``spent`` budgets do not allow is left out.
        """
        wanted = _wanted(now, source, not_since=not_since, due_by=None if everything else now, spent=spent)
        first = _first_due(wanted)
        free = connection.execute(
            select(_HOST.name)
            .where(is_free(now), _HOST.next_at <= now, first.is_not(None))
            .order_by(first)
            .limit(hosts)
            .with_for_update(key_share=True, skip_locked=True)
        ).scalars()
        names = list(free)
        if not names:
            return []
        connection.execute(
            update(_HOST).where(_HOST.name.in_(names)).values(lease_owner=owner, lease_until=now + lease)
        )
        return [page for name in names for page in _due_pages(connection, name, wanted, per_host, now)]

    @writing
    def postpone(
        self, connection: Connection, page: DuePage, *, owner: str, failed: Failed, next_poll_at: datetime,
        ailment: Ailment | None = None, physician: Physician | None = None,
    ) -> None:  # fmt: skip
        """Write down a look that came to nothing, not even to an outcome; all that is known stays as it is.

        Raises:
            LeaseLost: ``owner`` no longer holds the host's lease; nothing is written.
        """
        fence(connection, page.host, owner)
        lock_source(connection, page.source_id)
        values = {
            "next_poll_at": next_poll_at,
            "last_poll_at": failed.at,
            "last_outcome": str(failed.failure),
            "last_error": failed.detail,
            "failures": page.pulse.failures + 1,
        }
        connection.execute(update(_PAGE).where(_PAGE.id == page.page_id).values(**values))
        log(
            connection,
            page.page_id,
            Answer(at=failed.at, outcome=str(failed.failure), note=failed.detail, error=failed.detail),
        )
        if keep_ailment(connection, page.page_id, ailment, at=failed.at):
            keep_health(connection, page.source_id, physician, now=failed.at)

    @reading
    def next_due_at(
        self,
        connection: Connection,
        now: datetime,
        *,
        due_by: datetime | None = None,
        source: str | None = None,
        not_since: datetime | None = None,
        spent: Spent = UNSPENT,
    ) -> datetime | None:
        """The earliest moment, from ``now`` on, at which :meth:`claim` could hand out something; None: never.

        ``due_by``, ``source``, ``not_since`` and ``spent`` narrow down what is asked about, as in :meth:`claim`. With
        ``not_since`` and no ``due_by`` it is about ``everything``: then only the hosts are waited for.
        """
        first = _first_due(_wanted(now, source, not_since=not_since, due_by=due_by, spent=spent))
        held_until = case((_HOST.lease_until > _HOST.next_at, _HOST.lease_until), else_=_HOST.next_at)
        free_at = case((is_free(now), _HOST.next_at), else_=held_until)
        hosts = select(first.label("due"), free_at.label("free")).subquery()
        everything = not_since is not None and due_by is None
        at = hosts.c.free if everything else case((hosts.c.due > hosts.c.free, hosts.c.due), else_=hosts.c.free)
        earliest = connection.execute(select(func.min(at)).where(hosts.c.due.is_not(None))).scalar()
        return None if earliest is None else max(earliest, now)


def _wanted(
    now: datetime, source: str | None, *, not_since: datetime | None, due_by: datetime | None, spent: Spent
) -> list[ColumnElement[bool]]:  # fmt: skip
    """The conditions of a page to be claimed."""
    watched = select(_SOURCE.id).where(_SOURCE.paused.is_(False), _SOURCE.removed_at.is_(None))
    if source is not None:
        watched = watched.where(_SOURCE.name == source)
    if spent.sources:
        watched = watched.where(_SOURCE.name.not_in(spent.sources))
    conditions: list[ColumnElement[bool]] = [_PAGE.source_id.in_(watched), _PAGE.next_poll_at.is_not(None)]
    if not_since is not None:
        # What was polled later than now was so by a clock that was ahead, and long ago.
        long_ago = or_(_PAGE.last_poll_at < not_since, _PAGE.last_poll_at > now)
        conditions.append(or_(_PAGE.last_poll_at.is_(None), long_ago))
    if due_by is not None:
        conditions.append(_PAGE.next_poll_at <= due_by)
    if spent.but_pressing:
        conditions.append(_is_pressing())
    elif spent.sources_but_pressing:
        sparing = select(_SOURCE.id).where(_SOURCE.name.in_(spent.sources_but_pressing))
        conditions.append(or_(_PAGE.source_id.not_in(sparing), _is_pressing()))
    return conditions


def _is_pressing() -> ColumnElement[bool]:
    """It is a listing, or a new release that was never looked at; not one of those that a first visit found."""
    is_new = exists().where(_RELEASE.page_id == _PAGE.id, _RELEASE.quiet.is_(False))
    return or_(_PAGE.role == Role.LISTING, and_(_PAGE.last_poll_at.is_(None), is_new))


def _first_due(wanted: list[ColumnElement[bool]]) -> ScalarSelect[datetime | None]:
    """When the first wanted page of a host is due; one look into the index."""
    return (
        select(_PAGE.next_poll_at)
        .where(_PAGE.host == _HOST.name, *wanted)
        .order_by(_PAGE.next_poll_at)
        .limit(1)
        .correlate(_HOST)
        .scalar_subquery()
    )


def _due_pages(
    connection: Connection, host: str, wanted: list[ColumnElement[bool]], limit: int, now: datetime
) -> Iterator[DuePage]:
    """The due pages of a host: listings, new releases, then first those for which waiting costs most.

    The delay that piles up goes with how often the page would be looked at, times how long it is overdue: after a
    downtime the order is that, and not who was due first. One that was never looked at counts as busy. Where not all
    can be looked at, no crowd of known releases keeps what is new from being seen.
    """
    overdue = now.timestamp() - cast(extract("epoch", _PAGE.next_poll_at), Double)
    value = overdue * func.coalesce(func.nullif(_PAGE.demand, 0.0), 1.0)
    pressing = _is_pressing()
    turn = case((_PAGE.role == Role.LISTING, 0), (pressing, 1), else_=2)
    rows = connection.execute(
        select(_PAGE, pressing.label("pressing"), *(column for column in _SOURCE.__table__.c if column.name != "id"))
        .join(_SOURCE, _SOURCE.id == _PAGE.source_id)
        .where(_PAGE.host == host, *wanted)
        .order_by(turn, value.desc(), _PAGE.next_poll_at, _PAGE.id)
        .limit(limit)
    )
    return map(_due_page, rows)


def _due_page(row: AnyRow) -> DuePage:
    return DuePage(
        page_id=row.id,
        role=row.role,
        url=row.url,
        host=row.host,
        source_id=row.source_id,
        source=source_from(row),
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        last_poll_at=row.last_poll_at,
        last_full_at=row.last_full_at,
        due_at=row.next_poll_at,
        pulse=Pulse(
            failures=row.failures,
            last_change_at=row.last_change_at,
            first_poll_at=row.first_poll_at,
            finds=row.finds,
            looked_at=row.last_ok_at,
            born_at=row.born_at,
            hinted=row.hinted_at is not None,
            weight=row.weight,
            watched=row.watched,
            aged=row.aged or 0.0,
            lean=row.lean or 0.0,
            demand=row.demand or 0.0,
            why=row.why,
        ),
        site=codec.site_from(row.site),
        pressing=row.pressing,
    )
