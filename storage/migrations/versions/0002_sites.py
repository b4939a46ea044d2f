"""What is learned of a source's site, what its owner says of it, and with what a revision was read.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; what is there was read with nothing learned."""
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("profile", sa.Text(), nullable=True))
        source.add_column(sa.Column("render", sa.Text(), nullable=True))
        source.add_column(sa.Column("site", sa.Text(), nullable=True))
    with op.batch_alter_table("revision") as revisions:
        revisions.add_column(sa.Column("site", sa.Text(), nullable=True))
