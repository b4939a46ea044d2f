"""The index of words, and indexes by which the stream of changes is filtered.

What was stored before is put into the index of words by and by, see ``storage.searched``.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FTS5 = "content='', tokenize='ascii'"


def upgrade() -> None:
    """Make the tables, empty; begin behind the last revision."""
    op.create_table(
        "searched",
        sa.Column("revision_id", _ID, nullable=False),
        sa.Column("before_id", _ID, nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_searched_revision_id"),
        sa.ForeignKeyConstraint(["before_id"], ["revision.id"], name="fk_searched_before_id"),
        sa.PrimaryKeyConstraint("revision_id", name="pk_searched"),
    )
    op.create_index("ix_searched_before_id", "searched", ["before_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE VIRTUAL TABLE fulltext USING fts5(title, body, facts, {_FTS5})")
        op.execute(f"CREATE VIRTUAL TABLE fulltext_edits USING fts5(came, went, fresh, gone, facts, {_FTS5})")
    else:
        op.execute("CREATE TABLE fulltext (revision_id bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX fulltext_words ON fulltext USING gin (words)")
        columns = "came tsvector NOT NULL, went tsvector NOT NULL"
        op.execute(f"CREATE TABLE fulltext_edits (revision_id bigint PRIMARY KEY, {columns})")
        op.execute("CREATE INDEX fulltext_edits_came ON fulltext_edits USING gin (came)")
        op.execute("CREATE INDEX fulltext_edits_went ON fulltext_edits USING gin (went)")
    op.create_index("ix_change_kind_id", "change", ["kind", "id"])
    op.create_index("ix_change_source_id_kind_id", "change", ["source_id", "kind", "id"])
    op.execute(
        "INSERT INTO meta (key, value)"
        " SELECT 'search-below', CAST(max(id) + 1 AS TEXT) FROM revision HAVING max(id) IS NOT NULL"
    )
