"""Which channels take nothing, and since when.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table; every channel is taken for well until something fails there."""
    op.create_table(
        "outage",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", _ID, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("health_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["health_id"], ["health.id"], name="fk_outage_health_id"),
        sa.PrimaryKeyConstraint("channel", name="pk_outage"),
    )
