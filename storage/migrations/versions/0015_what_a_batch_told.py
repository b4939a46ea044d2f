"""What a receiver may know already: of a batch, what its key stands for; and whether only an answer is missing.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add two columns, and close what was tried of batches: what it held is known no more, so by all that they have."""
    op.add_column("outbox", sa.Column("perhaps_taken", sa.Boolean(), nullable=False, server_default=sa.false()))
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    # In one statement: SQLite would have to copy the table for any other way.
    op.execute(
        f"ALTER TABLE outbox ADD COLUMN last_change_id {kind} "
        "CONSTRAINT fk_outbox_last_change_id REFERENCES change (id)"
    )
    op.execute(
        "UPDATE outbox SET last_change_id = "
        "(SELECT max(change.id) FROM change WHERE change.batch_id = outbox.batch_id) "
        "WHERE batch_id IS NOT NULL AND "
        "(state != 'pending' OR attempts > 0 OR lease_owner IS NOT NULL OR last_error IS NOT NULL)"
    )
