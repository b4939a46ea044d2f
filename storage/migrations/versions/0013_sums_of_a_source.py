"""What is summed over all changes of a source is read from an index, not from its changes.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_EVERY = sa.text("kind > ''")
_TIMED = sa.text("published_precision IN ('minute', 'second')")


def upgrade() -> None:
    """Three indexes that hold what the page of a source counts, for nothing but that."""
    for name, table, columns, where in (
        ("ix_change_days", "change", ["source_id", "detected_at", "kind"], _EVERY),
        ("ix_change_edits", "change", ["source_id", "release_id", "kind", "not_after"], _EVERY),
        ("ix_revision_timed", "revision", ["release_id", "id", "published_precision"], _TIMED),
    ):
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
