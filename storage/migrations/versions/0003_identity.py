"""By what a release is found again at another address, and which stood at an address before.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables. Traits are kept from the next reading of each release on."""
    op.create_table(
        "former",
        sa.Column("id", ID, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_former_address_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_former_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_former"),
    )
    op.create_index("ix_former_address_id", "former", ["address_id"])
    op.create_index("ix_former_release_id", "former", ["release_id"])
    op.create_table(
        "trait",
        sa.Column("release_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_trait_release_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_trait_source_id"),
        sa.PrimaryKeyConstraint("release_id", "key", name="pk_trait"),
    )
    op.create_index("ix_trait_source_id_key", "trait", ["source_id", "key"])
