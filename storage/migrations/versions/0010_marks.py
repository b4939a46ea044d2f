"""What people make of changes, what that teaches, and searches that are kept under a name.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; the changes of a source are found in their order, and tokens of before only read."""
    op.add_column("token", sa.Column("writes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_change_source_id_id", "change", ["source_id", "id"])
    op.drop_index("ix_change_source_id", "change")
    op.create_table(
        "mark",
        sa.Column("change_id", _ID, nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("starred", sa.Boolean(), nullable=False),
        sa.Column("noise", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("noted_at", _TIME, nullable=True),
        sa.Column("noted_by", sa.Text(), nullable=True),
        sa.Column("taught_by", _ID, nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_mark_change_id"),
        sa.ForeignKeyConstraint(["taught_by"], ["change.id"], name="fk_mark_taught_by"),
        sa.PrimaryKeyConstraint("change_id", name="pk_mark"),
    )
    for flag in ("reviewed", "starred", "noise"):
        op.create_index(f"ix_mark_{flag}_change_id", "mark", [flag, "change_id"])
    op.create_index("ix_mark_taught_by", "mark", ["taught_by"])
    op.create_table(
        "lesson",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("change_id", _ID, nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("passage", sa.Text(), nullable=True),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_lesson_source_id"),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_lesson_change_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
    )
    op.create_index("ix_lesson_source_id", "lesson", ["source_id"])
    op.create_index("ix_lesson_change_id", "lesson", ["change_id"])
    op.create_table(
        "saved_search",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("name", name="uq_saved_search_name"),
        sqlite_autoincrement=True,
    )
