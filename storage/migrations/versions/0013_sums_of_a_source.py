"""What is summed over all changes of a source is read from an index, not from its changes.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ALL = sa.text("kind > ''")


def upgrade() -> None:
    """Two indexes that hold all that the page of a source counts, for nothing but that."""
    for name, columns in (
        ("ix_change_days", ["source_id", "detected_at", "kind"]),
        ("ix_change_edits", ["source_id", "release_id", "kind", "not_after"]),
    ):
        op.create_index(name, "change", columns, sqlite_where=_ALL, postgresql_where=_ALL)
