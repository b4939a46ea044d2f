"""Why a robots.txt can't be had is known to the next process, too, and so is how long its host asked to be left alone.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column; what failed before is told without its reason until the next request."""
    op.add_column("host", sa.Column("robots_failed", sa.Text(), nullable=True))
