"""What pacing goes by: what was seen of each source, what was asked of the network, and what is to be remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, func, select, update

from scraper.model import Habits, Role
from storage import codec, schema
from storage.database import Part, reading, writing
from storage.rows import SourcePace

__all__ = ["Pacing", "gain"]

_META = schema.Meta
_PAGE = schema.Page
_POLL = schema.Poll
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
                demand=row.demand or 0.0, finds=row.weight or 0.0, watched=row.watched or 0.0, aged=row.aged or 0.0,
                lean=row.lean or 0.0,
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
