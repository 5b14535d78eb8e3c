"""Whether a draft's author calls it a change of safety."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column(
        "exercise_drafts",
        sa.Column("grade", sa.String(length=10), nullable=False, server_default="wording"),
    )


def downgrade() -> None:
    op.drop_column("exercise_drafts", "grade")
