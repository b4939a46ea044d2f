"""What is learned of the pages of a source: the loads to learn it from, and what came of it."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, func, select, update

from scraper.model import Fetched, Site, State
from storage import codec, schema
from storage.database import Part, reading, writing
from storage.errors import DatabaseDamaged
from storage.evidence import body_of, fetched_from

__all__ = ["Sites"]

_EVIDENCE = schema.Evidence
_RELEASE = schema.Release
_REVISION = schema.Revision
_SOURCE = schema.Source
_LOADS = 5
"""Of one release at the most."""
_SPREAD = 8
"""So many times more revisions are looked through."""


class Sites(Part):
    """What is known of sites."""

    @reading
    def site(self, connection: Connection, source_id: int) -> Site:
        """What was learned of a source's pages; nothing for a source that is not there."""
        return codec.site_from(connection.execute(select(_SOURCE.site).where(_SOURCE.id == source_id)).scalar())

    @reading
    def readable(self, connection: Connection, source_id: int) -> int:
        """How many live releases of a source have evidence of their current revision."""
        asked = (
            select(func.count())
            .select_from(_RELEASE)
            .join(_REVISION, _REVISION.id == _RELEASE.current_revision_id)
            .where(_RELEASE.source_id == source_id, _RELEASE.state == State.LIVE, _REVISION.evidence_id.is_not(None))
        )
        return int(connection.execute(asked).scalar_one())

    @reading
    def loads(self, connection: Connection, source_id: int, *, most: int) -> list[Fetched]:
        """The last answers that showed the releases of a source: of each up to five, the newest releases first.

        Half of them at most are further loads of a release that was seen to change. Evidence that is damaged is left
        out: ``verify`` tells of it.
        """
        rows = connection.execute(
            select(_REVISION.evidence_id, _REVISION.release_id)
            .join(_RELEASE, _RELEASE.id == _REVISION.release_id)
            .where(_RELEASE.source_id == source_id, _RELEASE.state == State.LIVE, _REVISION.evidence_id.is_not(None))
            .order_by(_REVISION.id.desc())
            .limit(most * _SPREAD)
        ).all()
        first: list[int] = []
        further: list[int] = []
        seen: Counter[int] = Counter()
        for evidence_id, release_id in rows:
            if evidence_id is None:
                continue
            seen[release_id] += 1
            if seen[release_id] == 1:
                first.append(evidence_id)
            elif seen[release_id] <= _LOADS:
                further.append(evidence_id)
        further = further[: most // 2]
        chosen = [*first[: most - len(further)], *further]
        return [answer for evidence_id in chosen if (answer := _answer(connection, evidence_id)) is not None]

    @writing
    def keep_site(self, connection: Connection, source_id: int, site: Site) -> None:
        """Read a source's pages with this from now on; what is stored is read again when it is looked at."""
        connection.execute(update(_SOURCE).where(_SOURCE.id == source_id).values(site=codec.site_to(site)))


def _answer(connection: Connection, evidence_id: int) -> Fetched | None:
    row = connection.execute(select(_EVIDENCE).where(_EVIDENCE.id == evidence_id)).one()
    try:
        return fetched_from(row, body_of(connection, evidence_id))
    except DatabaseDamaged:
        return None
