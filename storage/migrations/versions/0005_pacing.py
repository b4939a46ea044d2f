"""What pacing keeps of a page and of a source, and how many requests a source may cost.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; what was watched before is counted from now on."""
    with op.batch_alter_table("page") as page:
        page.add_column(sa.Column("born_at", _TIME, nullable=True))
        page.add_column(sa.Column("hinted_at", _TIME, nullable=True))
        for name in ("weight", "watched", "aged", "lean", "demand"):
            page.add_column(sa.Column(name, sa.Double(), nullable=True))
        page.add_column(sa.Column("why", sa.Text(), nullable=True))
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("per_day", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        source.add_column(sa.Column("habits", sa.Text(), nullable=True))
    op.create_index("ix_poll_at", "poll", ["at"])
