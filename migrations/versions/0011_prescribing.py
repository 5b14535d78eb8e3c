"""A plan's review date; what a new exercise text is about; who is warned by which text."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("plan_revisions", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column(
        "exercise_revisions",
        sa.Column("grade", sa.String(length=10), nullable=False, server_default="wording"),
    )
    _add_cautions()
    _add_links()


def downgrade() -> None:
    op.drop_table("exercise_links")
    op.drop_index("ix_exercise_cautions_condition", table_name="exercise_cautions")
    op.drop_table("exercise_cautions")
    op.drop_column("exercise_revisions", "grade")
    op.drop_column("plan_revisions", "review_on")


def _add_links() -> None:
    op.create_table(
        "exercise_links",
        sa.Column("easier_id", sa.Uuid(), nullable=False),
        sa.Column("harder_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        *_keys("exercise_links", easier_id="exercises", harder_id="exercises", made_by="accounts"),
        sa.PrimaryKeyConstraint("easier_id", "harder_id", name="pk_exercise_links"),
    )
    _index("exercise_links", "harder_id", "made_by")


def _keys(table: str, **others: str) -> list[sa.ForeignKeyConstraint]:
    """Column -> the table whose id it holds."""
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in others.items()
    ]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def _add_cautions() -> None:
    """The cautions of all revisions, copied from their texts."""
    cautions = op.create_table(
        "exercise_cautions",
        sa.Column("exercise_revision_id", sa.Uuid(), nullable=False),
        sa.Column("condition", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["exercise_revision_id"],
            ["exercise_revisions.id"],
            name="fk_exercise_cautions_exercise_revision_id_exercise_revisions",
        ),
        sa.PrimaryKeyConstraint("exercise_revision_id", "condition", name="pk_exercise_cautions"),
    )
    op.create_index(
        "ix_exercise_cautions_condition", "exercise_cautions", ["condition"], unique=False
    )
    revisions = sa.table(
        "exercise_revisions", sa.column("id", sa.Uuid()), sa.column("data", sa.JSON())
    )
    database = op.get_bind()
    for row in database.execute(sa.select(revisions)).all():
        data = json.loads(row.data) if isinstance(row.data, str) else row.data
        found = [
            {"exercise_revision_id": row.id, **caution} for caution in data.get("cautions", ())
        ]
        if found:
            database.execute(sa.insert(cautions), found)
