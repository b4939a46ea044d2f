"""What a source's pages say together is the end of an index, not a walk through them.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_FAILS = sa.text("failures > 0")


def upgrade() -> None:
    """Two wider indexes for the one that they begin like, and one of the few pages that fail."""
    op.create_index("ix_page_source_id_next_poll_at", "page", ["source_id", "next_poll_at"])
    op.create_index("ix_page_source_id_last_poll_at", "page", ["source_id", "last_poll_at"])
    op.create_index("ix_page_failing", "page", ["source_id"], sqlite_where=_FAILS, postgresql_where=_FAILS)
    op.drop_index("ix_page_source_id", "page")
