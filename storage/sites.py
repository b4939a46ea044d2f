"""What is learned of the pages of a source: the loads to learn it from, and what came of it."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from scraper.model import Fetched, Site, State
from storage import codec, schema
from storage.database import Part, reading, writing
from storage.evidence import body_of, fetched_from

__all__ = ["Sites"]

_EVIDENCE = schema.Evidence
_RELEASE = schema.Release
_REVISION = schema.Revision
_SOURCE = schema.Source


class Sites(Part):
    """What is known of sites."""

    @reading
    def site(self, connection: Connection, source_id: int) -> Site:
        """What was learned of a source's pages; nothing for a source that is not there."""
        return codec.site_from(connection.execute(select(_SOURCE.site).where(_SOURCE.id == source_id)).scalar())

    @reading
    def lessons(self, connection: Connection, source_id: int) -> int:
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
        """The last answers that showed the releases of a source: of each up to three, the newest releases first.

        Half of them at most are further loads of a release that was seen to change.
        """
        rows = connection.execute(
            select(_EVIDENCE, _REVISION.release_id)
            .join(_REVISION, _REVISION.evidence_id == _EVIDENCE.id)
            .join(_RELEASE, _RELEASE.id == _REVISION.release_id)
            .where(_RELEASE.source_id == source_id, _RELEASE.state == State.LIVE)
            .order_by(_REVISION.id.desc())
            .limit(most * 4)
        ).all()
        first, further = [], []
        seen: dict[int, int] = {}
        for row in rows:
            seen[row.release_id] = seen.get(row.release_id, 0) + 1
            if seen[row.release_id] == 1:
                first.append(row)
            elif seen[row.release_id] <= _LOADS:
                further.append(row)
        further = further[: most // 2]
        chosen = [*first[: most - len(further)], *further]
        return [fetched_from(row, body_of(connection, row.id)) for row in chosen]

    @writing
    def keep_site(self, connection: Connection, source_id: int, site: Site) -> None:
        """Read a source's pages with this from now on; what is stored is read again when it is looked at."""
        connection.execute(update(_SOURCE).where(_SOURCE.id == source_id).values(site=codec.site_to(site)))


_LOADS = 3
