"""What ails pages and sources, which changes are one batch, and notifications of both.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
AILS = sa.text("ailment IS NOT NULL")


def upgrade() -> None:
    """Add tables and columns; every page is taken for well until its next look."""
    _add_tables()
    with op.batch_alter_table("page") as page:
        page.add_column(sa.Column("ailment", sa.Text(), nullable=True))
        page.add_column(sa.Column("ailment_detail", sa.Text(), nullable=True))
        page.add_column(sa.Column("ailing_since", TIME, nullable=True))
        page.add_column(sa.Column("ailing_looks", ID, nullable=True))
        page.add_column(sa.Column("ailing_total", ID, nullable=True))
    op.create_index("ix_page_ailing", "page", ["source_id"], sqlite_where=AILS, postgresql_where=AILS)
    with op.batch_alter_table("listing") as listing:
        listing.add_column(sa.Column("newest_at", TIME, nullable=True))
    op.create_index("ix_release_source_id_published_at", "release", ["source_id", "published_at"])
    op.add_column("change", sa.Column("signature", sa.Text(), nullable=True))
    _add_reference("change", "batch")
    op.create_index("ix_change_source_id_signature", "change", ["source_id", "signature"])
    _widen_outbox()
    _add_reference("outbox", "batch")
    _add_reference("outbox", "health")


def _add_reference(table: str, other: str) -> None:
    """A column with a foreign key, in one statement: SQLite would have to copy the table for any other way.

    A table to which others refer can't be copied and dropped while foreign keys are watched over, and they are.
    """
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {other}_id {kind} CONSTRAINT fk_{table}_{other}_id REFERENCES {other} (id)"
    )
    op.create_index(f"ix_{table}_{other}_id", table, [f"{other}_id"])


def _add_tables() -> None:
    op.create_table(
        "batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_batch_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_batch_source_id", "batch", ["source_id"])
    op.create_table(
        "health",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_health_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_health"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_health_source_id_ended_at", "health", ["source_id", "ended_at"])


def _widen_outbox() -> None:
    """What is told is a change no longer in each case. The ids that were given out are not given out again."""
    last = _last_id("outbox")
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.alter_column("change_id", existing_type=ID, nullable=True)
        outbox.alter_column("release_id", existing_type=ID, nullable=True)
        outbox.add_column(sa.Column("phase", sa.Text(), nullable=True))
    if last is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'outbox'")
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', {int(last)})")  # noqa: S608  # a number


def _last_id(table: str) -> int | None:
    """The last id that SQLite gave out; None where it gave none, or the database is another."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return None
    last: int | None = bind.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :n"), {"n": table}).scalar()
    return last
