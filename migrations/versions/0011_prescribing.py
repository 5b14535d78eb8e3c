"""Review dates, grades and cautions of texts, links, templates, favourites, checklists, facts."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("plan_revisions", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column(
        "exercise_revisions",
        sa.Column("grade", sa.String(length=10), nullable=False, server_default="wording"),
    )
    _add_cautions()
    _add_links()
    _add_facts()
    _add_templates()
    _add_favourites()
    _add_checks()


def downgrade() -> None:
    op.drop_table("favourites")
    op.drop_table("plan_templates")
    for table in ("clinic_facts", "pemat_checks"):
        op.drop_table(table)  # and its triggers with it
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION guard_{table}()")
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


def _add_facts() -> None:
    """Rows may be added and nothing else."""
    op.create_table(
        "clinic_facts",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clinic_phone", sa.String(length=200), nullable=False),
        sa.Column("emergency_number", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_clinic_facts"),
    )
    _index("clinic_facts", "at")
    _guard("clinic_facts")


def _add_templates() -> None:
    op.create_table(
        "plan_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("title_key", sa.String(length=120), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("plan_templates", owner_id="accounts", made_by="accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_templates"),
    )
    _index("plan_templates", "owner_id", "made_by")


def _add_favourites() -> None:
    op.create_table(
        "favourites",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        *_keys("favourites", account_id="accounts", exercise_id="exercises"),
        sa.PrimaryKeyConstraint("account_id", "exercise_id", name="pk_favourites"),
    )
    _index("favourites", "exercise_id")


def _add_checks() -> None:
    """Rows may be added and nothing else."""
    op.create_table(
        "pemat_checks",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("exercise_revision_id", sa.Uuid(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_keys("pemat_checks", exercise_revision_id="exercise_revisions", by="accounts"),
        sa.PrimaryKeyConstraint("seq", name="pk_pemat_checks"),
    )
    _index("pemat_checks", "exercise_revision_id", "by")
    _guard("pemat_checks")


def _guard(table: str) -> None:
    """Triggers that let rows be added and nothing else, as 0002 has them for other tables."""
    refusal = f"{table}: what was approved or recorded never changes"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION guard_{table}()"
        )
        op.execute(
            f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()"
        )
        return
    there = f"EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq OR rowid = NEW.rowid)"
    moments = {
        "update": ("UPDATE", "1"),
        "delete": ("DELETE", "1"),
        # INSERT OR REPLACE removes the old row without a DELETE that a trigger would see.
        "replace": ("INSERT", there),
    }
    for name, (moment, condition) in moments.items():
        op.execute(
            f"CREATE TRIGGER guard_{table}_{name} BEFORE {moment} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )


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
