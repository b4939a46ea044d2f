"""What pacing goes by: what was seen of each source, what was asked of the network, and what is to be remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, func, select, update

from scraper.model import Habits, Role
from storage import codec, schema
from storage.database import AnyRow, AnySelect, Part, reading, writing
from storage.rows import PageHistory, SourcePace, Window

__all__ = ["Pacing", "gain"]

_CHANGE = schema.Change
_META = schema.Meta
_PAGE = schema.Page
_POLL = schema.Poll
_RELEASE = schema.Release
_SOURCE = schema.Source
_KEY = "pacing"


def gain(connection: Connection, source_id: int, gained: Habits | None) -> None:
    """Add what a look told of its source; the caller holds the source's lock."""
    if gained is None:
        return
    tree = connection.execute(select(_SOURCE.habits).where(_SOURCE.id == source_id)).scalar()
    habits = codec.habits_from(tree) + gained
    connection.execute(update(_SOURCE).where(_SOURCE.id == source_id).values(habits=codec.habits_to(habits)))


class Pacing(Part):
    """What pacing goes by."""

    @reading
    def source_paces(self, connection: Connection) -> list[SourcePace]:
        """The sources that are watched, with the sums of what their pages came to."""
        watched = and_(_SOURCE.removed_at.is_(None), _SOURCE.paused.is_(False))
        release = _PAGE.role == Role.RELEASE
        sums = (
            select(
                _PAGE.source_id,
                func.count(_PAGE.next_poll_at).label("pages"),
                func.sum(_PAGE.demand).filter(_PAGE.next_poll_at.is_not(None)).label("demand"),
                *(
                    func.sum(column).filter(release).label(column.key)
                    for column in (_PAGE.weight, _PAGE.watched, _PAGE.aged, _PAGE.lean)
                ),
            )
            .group_by(_PAGE.source_id)
            .subquery()
        )
        rows = connection.execute(
            select(
                _SOURCE.id, _SOURCE.name, _SOURCE.per_day, _SOURCE.habits, *(c for c in sums.c if c.key != "source_id")
            )
            .outerjoin(sums, sums.c.source_id == _SOURCE.id)
            .where(watched)
            .order_by(_SOURCE.id)
        )
        return [
            SourcePace(
                id=row.id, name=row.name, per_day=row.per_day, habits=codec.habits_from(row.habits),
                pages=row.pages or 0, demand=row.demand or 0.0, finds=row.weight or 0.0, watched=row.watched or 0.0,
                aged=row.aged or 0.0, lean=row.lean or 0.0,
            )
            for row in rows
        ]  # fmt: skip

    @reading
    def asked_since(self, connection: Connection, since: datetime) -> dict[str, list[datetime]]:
        """When pages were polled after a moment, by the name of their source."""
        rows = connection.execute(
            select(_SOURCE.name, _POLL.at)
            .join(_PAGE, _PAGE.id == _POLL.page_id)
            .join(_SOURCE, _SOURCE.id == _PAGE.source_id)
            .where(_POLL.at > since)
            .order_by(_POLL.at)
        )
        found: dict[str, list[datetime]] = {}
        for name, at in rows:
            found.setdefault(name, []).append(at)
        return found

    @reading
    def histories(self, connection: Connection) -> list[PageHistory]:
        """The pages that are watched, with the times at which they changed, as far as looks tell.

        A change came in the middle of its window. What is found in a source's listings is said of its first one.
        """
        changes: dict[int, list[Window]] = {}
        for row in connection.execute(_edits()):
            changes.setdefault(row.page_id, []).append((row.not_before or row.not_after, row.not_after))
        first: dict[int, int] = {}
        pages = connection.execute(_watched_pages()).all()
        for row in pages:
            if row.role is Role.LISTING:
                first.setdefault(row.source_id, row.id)
        for row in connection.execute(_finds()):
            if (listing := first.get(row.source_id)) is not None:
                changes.setdefault(listing, []).append(_appeared(row))
        return [
            PageHistory(
                role=row.role, source=row.name, since=row.first_poll_at, born_at=row.born_at,
                windows=tuple(sorted(changes.get(row.id, ()))),
            )
            for row in pages
        ]  # fmt: skip

    @reading
    def remembered(self, connection: Connection) -> Mapping[str, object]:
        """What :meth:`remember` was given last; nothing where it never was."""
        text = connection.execute(select(_META.value).where(_META.key == _KEY)).scalar()
        return json.loads(text) if text else {}

    @writing
    def remember(self, connection: Connection, values: Mapping[str, object]) -> None:
        """Keep what the budget is kept by."""
        text = json.dumps(dict(values))
        row = self._database.insert(_META).values(key=_KEY, value=text)
        connection.execute(row.on_conflict_do_update(index_elements=[_META.key], set_={"value": text}))


def _watched_pages() -> AnySelect:
    return (
        select(_PAGE.id, _PAGE.source_id, _PAGE.role, _SOURCE.name, _PAGE.first_poll_at, _PAGE.born_at)
        .join(_SOURCE, _SOURCE.id == _PAGE.source_id)
        .where(_SOURCE.removed_at.is_(None), _PAGE.first_poll_at.is_not(None))
        .order_by(_PAGE.id)
    )


def _edits() -> AnySelect:
    return (
        select(_RELEASE.page_id, _CHANGE.not_before, _CHANGE.not_after)
        .join(_RELEASE, _RELEASE.id == _CHANGE.release_id)
        .where(_CHANGE.revision_from.is_not(None), _RELEASE.page_id.is_not(None))
    )


def _finds() -> AnySelect:
    return select(
        _RELEASE.source_id, _RELEASE.quiet, _RELEASE.absent_at, _RELEASE.discovered_at, _RELEASE.published_at
    )  # fmt: skip


def _appeared(row: AnyRow) -> Window:
    """When a release came to stand in its listing: when it says that it was published, if that can be."""
    since, until = row.absent_at or row.discovered_at, row.discovered_at
    told = row.published_at
    if told is not None and told <= until and (row.quiet or told >= since):
        return told, told
    return since, until
