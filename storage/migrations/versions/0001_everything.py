"""Everything.

Revision ID: 0001
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table, and give the database an identity of its own."""
    _watching()
    _releases()
    _telling()
    meta = sa.table("meta", sa.column("key", sa.Text), sa.column("value", sa.Text))
    op.bulk_insert(meta, [{"key": "database-id", "value": secrets.token_hex(8)}])


def _watching() -> None:
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("robots_status", ID, nullable=True),
        sa.Column("robots_text", sa.Text(), nullable=True),
        sa.Column("robots_at", TIME, nullable=True),
        sa.Column("robots_ok_at", TIME, nullable=True),
        sa.Column("robots_failed_at", TIME, nullable=True),
        sa.Column("delay", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "source",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("every_seconds", sa.Double(), nullable=True),
        sa.Column("routes", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("removed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("name", name="uq_source_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "page",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("next_poll_at", TIME, nullable=True),
        sa.Column("last_poll_at", TIME, nullable=True),
        sa.Column("last_ok_at", TIME, nullable=True),
        sa.Column("last_full_at", TIME, nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("failures", ID, nullable=False),
        sa.Column("suspect", sa.Text(), nullable=True),
        sa.Column("last_change_at", TIME, nullable=True),
        sa.Column("first_poll_at", TIME, nullable=True),
        sa.Column("finds", ID, nullable=False),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name="fk_page_host"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_page_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_page_host_next_poll_at_role", "page", ["host", "next_poll_at", "role"], unique=False)
    op.create_index("ix_page_next_poll_at", "page", ["next_poll_at"], unique=False)
    op.create_index("ix_page_source_id", "page", ["source_id"], unique=False)
    op.create_table(
        "listing",
        sa.Column("id", ID, nullable=False),
        sa.Column("page_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("shapes", sa.Text(), nullable=False),
        sa.Column("visited_at", TIME, nullable=True),
        sa.Column("absent_at", TIME, nullable=True),
        sa.Column("size", ID, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_listing_page_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_listing_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
        sa.UniqueConstraint("page_id", name="uq_listing_page_id"),
    )
    op.create_index("ix_listing_source_id", "listing", ["source_id"], unique=False)
    op.create_table(
        "poll",
        sa.Column("id", ID, nullable=False),
        sa.Column("page_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", ID, nullable=True),
        sa.Column("received", ID, nullable=False),
        sa.Column("ms", ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_poll_page_id"),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
    )
    op.create_index("ix_poll_page_id_at", "poll", ["page_id", "at"], unique=False)


def _releases() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("redirects", sa.Text(), nullable=False),
        sa.Column("status", ID, nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("received", ID, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("base_id", ID, nullable=True),
        sa.Column("depth", ID, nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["evidence.id"], name="fk_evidence_base_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_table(
        "release",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("page_id", ID, nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("discovered_at", TIME, nullable=False),
        sa.Column("absent_at", TIME, nullable=True),
        sa.Column("current_revision_id", ID, nullable=True),
        sa.Column("last_seen_at", TIME, nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["current_revision_id"], ["revision.id"], name="fk_release_current_revision_id", use_alter=True
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_release_page_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_release_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.UniqueConstraint("page_id", name="uq_release_page_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_release_current_revision_id", "release", ["current_revision_id"], unique=False)
    op.create_index("ix_release_source_id_state", "release", ["source_id", "state"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("observed_at", TIME, nullable=False),
        sa.Column("recipe", ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=True),
        sa.Column("published_raw", sa.Text(), nullable=True),
        sa.Column("updated_at", TIME, nullable=True),
        sa.Column("updated_precision", sa.Text(), nullable=True),
        sa.Column("updated_raw", sa.Text(), nullable=True),
        sa.Column("words", ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("evidence_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_revision_evidence_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_revision_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("release_id", "number", name="uq_revision_release_id_number"),
    )
    op.create_index("ix_revision_digest", "revision", ["digest"], unique=False)
    op.create_index("ix_revision_evidence_id", "revision", ["evidence_id"], unique=False)
    op.create_table(
        "address",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_address_release_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_address_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
        sa.UniqueConstraint("key", "source_id", name="uq_address_key_source_id"),
    )
    op.create_index("ix_address_release_id", "address", ["release_id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_mention_address_id"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_mention_listing_id"),
        sa.PrimaryKeyConstraint("listing_id", "address_id", name="pk_mention"),
    )
    if op.get_bind().dialect.name != "sqlite":
        # SQLite takes a reference to a table that is not there yet, and adds none later.
        op.create_foreign_key("fk_release_current_revision_id", "release", "revision", ["current_revision_id"], ["id"])


def _telling() -> None:
    op.create_table(
        "change",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detected_at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("not_after", TIME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_before", sa.Text(), nullable=True),
        sa.Column("stamp_before_at", TIME, nullable=True),
        sa.Column("stamp_before_precision", sa.Text(), nullable=True),
        sa.Column("stamp_before_raw", sa.Text(), nullable=True),
        sa.Column("stamp_after_at", TIME, nullable=True),
        sa.Column("stamp_after_precision", sa.Text(), nullable=True),
        sa.Column("stamp_after_raw", sa.Text(), nullable=True),
        sa.Column("revision_from", ID, nullable=True),
        sa.Column("revision_to", ID, nullable=True),
        sa.Column("importance", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_change_evidence_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_change_release_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_change_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_detected_at", "change", ["detected_at"], unique=False)
    op.create_index("ix_change_release_id", "change", ["release_id"], unique=False)
    op.create_index("ix_change_source_id", "change", ["source_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", ID, nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("delivered_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_outbox_change_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_outbox_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_change_id", "outbox", ["change_id"], unique=False)
    op.create_index("ix_outbox_release_id_channel_state", "outbox", ["release_id", "channel", "state"], unique=False)
    op.create_index("ix_outbox_state_next_attempt_at", "outbox", ["state", "next_attempt_at"], unique=False)
