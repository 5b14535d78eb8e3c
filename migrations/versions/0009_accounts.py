"""How somebody gets in: counted tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "try_buckets",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_try_buckets"),
    )
    op.create_index("ix_try_buckets_last_at", "try_buckets", ["last_at"], unique=False)


def downgrade() -> None:
    op.drop_table("try_buckets")
