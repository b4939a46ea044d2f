"""The next notification of a channel is found without going through all that wait.

Revision ID: 0009
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_outbox_state_channel_next_attempt_at", "outbox", ["state", "channel", "next_attempt_at"])
