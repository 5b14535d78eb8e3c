"""A draft keeps the row that was removed last, so that it can be put back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("plan_revisions", sa.Column("removed", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_revisions", "removed")
