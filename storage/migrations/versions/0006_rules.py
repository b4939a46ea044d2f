"""Digests with what is told by them, mutes, and of which source a notification is.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add tables and columns; notifications of before count for no source's limit."""
    op.create_table(
        "digest",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("size", ID, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_digest_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digest_channel_closed_at", "digest", ["channel", "closed_at"])
    op.create_table(
        "digest_part",
        sa.Column("digest_id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name="fk_digest_part_digest_id"),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_digest_part_change_id"),
        sa.PrimaryKeyConstraint("digest_id", "change_id", name="pk_digest_part"),
    )
    op.create_table(
        "mute",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("release_id", ID, nullable=True),
        sa.Column("until", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_mute_source_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_mute_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mute"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mute_source_id", "mute", ["source_id"])
    op.create_index("ix_mute_release_id", "mute", ["release_id"])
    _add_reference("outbox", "digest")
    op.create_index("ix_outbox_digest_id", "outbox", ["digest_id"])
    _add_reference("outbox", "source")
    op.create_index("ix_outbox_source_id_channel_created_at", "outbox", ["source_id", "channel", "created_at"])


def _add_reference(table: str, other: str) -> None:
    """A column with a foreign key, in one statement: SQLite would have to copy the table for any other way."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {other}_id {kind} CONSTRAINT fk_{table}_{other}_id REFERENCES {other} (id)"
    )
