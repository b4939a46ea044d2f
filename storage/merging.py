"""Two releases that turned out to be one: the survivor takes over everything that was known of the other.

addresses, revisions (numbered after the survivor's own), changes, deliveries, poll log  ->  survivor
release and page of the other                                                            ->  gone

The survivor's numbers stay, since they were told. So the current revision is not always the one of the highest number:
what it was edited from is what its change says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Update, delete, func, insert, select, update

from scraper.model import Outcome, State
from storage import schema
from storage.columns import clean
from storage.database import AnyRow
from storage.errors import LeaseLost
from storage.kinship import inherit, keep_former

__all__ = ["Standing", "follow", "merge", "settle", "standing"]

_ADDRESS = schema.Address
_CHANGE = schema.Change
_MUTE = schema.Mute
_OUTBOX = schema.Outbox
_PAGE = schema.Page
_POLL = schema.Poll
_RELEASE = schema.Release
_REVISION = schema.Revision

_UNREAD = (State.PENDING, State.IGNORED)

Numbers: TypeAlias = dict[int, int]
"""New numbers of revisions by the ones that they had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A release as it stands in the database."""

    id: int
    source_id: int
    page_id: int | None
    key: str
    url: str
    state: State
    title: str
    current_revision_id: int | None


def standing(connection: Connection, *, release_id: int | None = None, page_id: int | None = None) -> Standing | None:
    """The release with this id, or at this page."""
    which = _RELEASE.id == release_id if page_id is None else _RELEASE.page_id == page_id
    row = connection.execute(
        select(
            _RELEASE.id,
            _RELEASE.source_id,
            _RELEASE.page_id,
            _RELEASE.key,
            _RELEASE.url,
            _RELEASE.state,
            _RELEASE.title,
            _RELEASE.current_revision_id,
        ).where(which)
    ).first()
    return None if row is None else Standing(**row._asdict())


def merge(connection: Connection, mine: Standing, outcome: Outcome) -> tuple[Standing, Numbers]:
    """Do what an outcome says of another release.

    The one that remains, with the page by which it is polled; and the new numbers of the revisions of mine, where it is
    the one that is absorbed.

    ``same_as``: mine is absorbed. The survivor goes on being polled by its own page where it stays at its address, and
    by mine where it moved to the address that answered. ``absorbs``: the other is absorbed, and its page goes away.
    An outcome may name a release that was itself absorbed meanwhile: then there is nothing to merge.
    """
    other_id = outcome.same_as if outcome.same_as is not None else outcome.absorbs
    if other_id is None or other_id == mine.id:
        return mine, {}
    other = standing(connection, release_id=other_id)
    if other is None or other.source_id != mine.source_id:
        return mine, {}
    if outcome.same_as is None:
        remains, _ = _absorb(connection, mine, other, page_id=mine.page_id)
        return remains, {}
    stays = clean(outcome.key) == other.key and other.page_id is not None
    return _absorb(connection, other, mine, page_id=other.page_id if stays else mine.page_id)


def settle(connection: Connection, release: Standing, *, url: str, key: str) -> tuple[Standing, str, str]:
    """Make an address the release's own. The release, and the address and key that it has from now on.

    An address that only a listing named goes to the release, with the entry; one at which another release was read
    stays that one's, and this one stays where it was.
    """
    row = connection.execute(
        select(_ADDRESS.id, _ADDRESS.release_id).where(_ADDRESS.source_id == release.source_id, _ADDRESS.key == key)
    ).first()
    if row is None:
        new = {"source_id": release.source_id, "key": key, "url": url, "release_id": release.id}
        connection.execute(insert(_ADDRESS).values(**new))
        return release, url, key
    if row.release_id != release.id:
        other = standing(connection, release_id=row.release_id)
        if other is None or other.state not in _UNREAD or other.current_revision_id is not None:
            return release, release.url, release.key
        release, _ = _absorb(connection, release, other, page_id=release.page_id)
    connection.execute(update(_ADDRESS).where(_ADDRESS.id == row.id).values(url=url))
    return release, url, key


def follow(connection: Connection, former: Standing, outcome: Outcome, *, at: datetime) -> Standing:
    """Hand a release's page and address to the one that stands there now: a new one, or the known ``same_as``.

    Raises:
        LeaseLost: the known one was merged into another meanwhile.
    """
    connection.execute(update(_RELEASE).where(_RELEASE.id == former.id).values(page_id=None))
    if outcome.same_as is None:
        release_id = _begin(connection, former, outcome, at=at)
    else:
        other = standing(connection, release_id=outcome.same_as)
        if other is None or other.source_id != former.source_id:
            raise LeaseLost(f"release {outcome.same_as} is another one by now")
        release_id = other.id
        connection.execute(update(_RELEASE).where(_RELEASE.id == release_id).values(page_id=former.page_id))
        _drop_pages(connection, {other.page_id} - {None}, heir=former.page_id)
    here = (_ADDRESS.source_id == former.source_id, _ADDRESS.key == former.key)
    connection.execute(update(_ADDRESS).where(*here).values(release_id=release_id))
    keep_former(connection, former.source_id, former.key, former.id, until=at)
    now = standing(connection, release_id=release_id)
    assert now is not None, "it was written above"  # noqa: S101 - for the types
    return now


def _begin(connection: Connection, former: Standing, outcome: Outcome, *, at: datetime) -> int:
    new = {
        "source_id": former.source_id,
        "page_id": former.page_id,
        "key": former.key,
        "url": outcome.url,
        "state": outcome.state,
        "quiet": False,
        "title": "",
        "discovered_at": at,
    }
    return int(connection.execute(insert(_RELEASE).values(**new).returning(_RELEASE.id)).scalar_one())


def _absorb(
    connection: Connection, survivor: Standing, other: Standing, *, page_id: int | None
) -> tuple[Standing, Numbers]:
    """The survivor as it stands now, and the new numbers of the other's revisions."""
    numbers = _move_revisions(connection, survivor.id, other.id)
    _move_changes(connection, survivor.id, other.id, numbers)
    for table in (_ADDRESS, _MUTE, _OUTBOX):
        connection.execute(update(table).where(table.release_id == other.id).values(release_id=survivor.id))
    inherit(connection, survivor.id, other.id, traits=survivor.current_revision_id is None)
    current = survivor.current_revision_id or other.current_revision_id
    times = _times(connection, survivor.id, other.id)
    connection.execute(delete(_RELEASE).where(_RELEASE.id == other.id))
    connection.execute(
        update(_RELEASE).where(_RELEASE.id == survivor.id).values(page_id=page_id, current_revision_id=current, **times)
    )
    _drop_pages(connection, {survivor.page_id, other.page_id} - {page_id, None}, heir=page_id)
    return replace(survivor, page_id=page_id, current_revision_id=current), numbers


def _move_revisions(connection: Connection, survivor_id: int, other_id: int) -> Numbers:
    """The new numbers by the old ones, of the other."""
    last = connection.execute(select(func.max(_REVISION.number)).where(_REVISION.release_id == survivor_id)).scalar()
    asked = select(_REVISION.number).where(_REVISION.release_id == other_id).order_by(_REVISION.number)
    numbers = {number: place for place, number in enumerate(connection.execute(asked).scalars(), start=(last or 0) + 1)}
    for before, after in numbers.items():
        connection.execute(_one(other_id, before).values(release_id=survivor_id, number=after))
    return numbers


def _one(release_id: int, number: int) -> Update:
    return update(_REVISION).where(_REVISION.release_id == release_id, _REVISION.number == number)


def _move_changes(connection: Connection, survivor_id: int, other_id: int, numbers: Numbers) -> None:
    rows = connection.execute(
        select(_CHANGE.id, _CHANGE.revision_from, _CHANGE.revision_to).where(_CHANGE.release_id == other_id)
    ).all()
    for row in rows:
        connection.execute(
            update(_CHANGE)
            .where(_CHANGE.id == row.id)
            .values(
                release_id=survivor_id,
                revision_from=numbers.get(row.revision_from, row.revision_from),
                revision_to=numbers.get(row.revision_to, row.revision_to),
            )
        )


def _times(connection: Connection, *release_ids: int) -> dict[str, Any]:
    """When it was found first, last seen and published: of both."""
    rows: list[AnyRow] = list(
        connection.execute(
            select(_RELEASE.discovered_at, _RELEASE.last_seen_at, _RELEASE.published_at).where(
                _RELEASE.id.in_(release_ids)
            )
        )
    )
    return {
        "discovered_at": min(row.discovered_at for row in rows),
        "last_seen_at": max((row.last_seen_at for row in rows if row.last_seen_at), default=None),
        "published_at": min((row.published_at for row in rows if row.published_at), default=None),
    }


def _drop_pages(connection: Connection, pages: set[int | None], *, heir: int | None) -> None:
    for page_id in pages:
        polls = _POLL.page_id == page_id
        connection.execute(
            delete(_POLL).where(polls) if heir is None else update(_POLL).where(polls).values(page_id=heir)
        )
        connection.execute(delete(_PAGE).where(_PAGE.id == page_id))
