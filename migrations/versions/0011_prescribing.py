"""A plan's review date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("plan_revisions", sa.Column("review_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_revisions", "review_on")
