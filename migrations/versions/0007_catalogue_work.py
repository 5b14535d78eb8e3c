"""Exercises retire, merge and are reviewed; a handout's codes lead there for ever."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

APPEND_ONLY = {"exercise_events": ("seq",), "handout_codes": ("code",)}
"""Tables to which rows are added and nothing else, with the columns that name one row."""

REFUSAL = "{}: what was approved or recorded never changes"
MAX_TITLE = 120


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("exercises") as exercises:
        exercises.drop_index("ix_exercises_title_key")
        exercises.drop_column("title_key")
        exercises.add_column(
            sa.Column("state", sa.String(length=10), nullable=False, server_default="offered")
        )
        exercises.add_column(sa.Column("successor_id", sa.Uuid(), nullable=True))
        exercises.create_foreign_key(
            "fk_exercises_successor_id_exercises", "exercises", ["successor_id"], ["id"]
        )
        exercises.create_index("ix_exercises_successor_id", ["successor_id"])
        exercises.create_check_constraint(
            op.f("ck_exercises_state_known"), "state IN ('offered', 'retired', 'merged')"
        )
        exercises.create_check_constraint(
            op.f("ck_exercises_successor_fits"),
            "state = 'retired' OR (state = 'merged') = (successor_id IS NOT NULL)",
        )
    op.add_column(
        "handouts", sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "handouts", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.execute(
        "INSERT INTO handout_codes (code, handout_id, given_at)"
        " SELECT code, id, created_at FROM handouts"
    )
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER guard_exercises ON exercises")
    else:
        for name in ("update", "replace"):
            op.execute(f"DROP TRIGGER guard_exercises_{name}")
    op.drop_column("handouts", "version")
    op.drop_column("handouts", "is_public")
    with op.batch_alter_table("exercises") as exercises:
        exercises.drop_index("ix_exercises_successor_id")
        exercises.drop_constraint("fk_exercises_successor_id_exercises", type_="foreignkey")
        for check in ("state_known", "successor_fits"):
            exercises.drop_constraint(op.f(f"ck_exercises_{check}"), type_="check")
        exercises.drop_column("successor_id")
        exercises.drop_column("state")
        exercises.add_column(
            sa.Column("title_key", sa.String(MAX_TITLE), nullable=False, server_default="")
        )
        exercises.create_index("ix_exercises_title_key", ["title_key"])
    _fill_title_keys(op.get_bind())
    for table in ("exercise_drafts", *APPEND_ONLY):
        op.drop_table(table)  # and its triggers with it
    if op.get_bind().dialect.name == "postgresql":
        for table in ("exercises", *APPEND_ONLY):
            op.execute(f"DROP FUNCTION guard_{table}()")


def _create_tables() -> None:
    op.create_table(
        "exercise_events",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        _key("exercise_events", "exercise_id", "exercises"),
        _key("exercise_events", "successor_id", "exercises"),
        _key("exercise_events", "by", "accounts"),
        sa.PrimaryKeyConstraint("seq", name="pk_exercise_events"),
    )
    op.create_table(
        "handout_codes",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("handout_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        _key("handout_codes", "handout_id", "handouts"),
        _key("handout_codes", "given_by", "accounts"),
        sa.PrimaryKeyConstraint("code", name="pk_handout_codes"),
    )
    op.create_table(
        "exercise_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'returned', 'published', 'dropped')",
            name=op.f("ck_exercise_drafts_state_known"),
        ),
        _key("exercise_drafts", "exercise_id", "exercises"),
        _key("exercise_drafts", "author_id", "accounts"),
        _key("exercise_drafts", "reviewer_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_drafts"),
    )
    for table, columns in {
        "exercise_events": ("exercise_id", "successor_id", "by"),
        "handout_codes": ("handout_id", "given_by"),
        "exercise_drafts": ("exercise_id", "author_id", "reviewer_id", "state"),
    }.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _key(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name)


def _guards() -> list[str]:
    """Triggers as those of 0002; and what was merged into another exercise stays merged."""
    if op.get_bind().dialect.name == "postgresql":
        statements = [
            _function("exercises"),
            "CREATE TRIGGER guard_exercises BEFORE UPDATE OR DELETE ON exercises"
            " FOR EACH ROW WHEN (OLD.state = 'merged') EXECUTE FUNCTION guard_exercises()",
        ]
        for table in APPEND_ONLY:
            statements += [
                _function(table),
                f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION guard_{table}()",
                f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()",
            ]
        return statements
    same = "id = NEW.id OR slug = NEW.slug OR rowid = NEW.rowid"
    merged = f"EXISTS (SELECT 1 FROM exercises WHERE state = 'merged' AND ({same}))"
    statements = [
        _trigger("exercises", "update", "UPDATE", "OLD.state = 'merged'"),
        _trigger("exercises", "replace", "INSERT", merged),
    ]
    for table, keys in APPEND_ONLY.items():
        there = " OR ".join(f"{key} = NEW.{key}" for key in (*keys, "rowid"))
        statements += [
            _trigger(table, "update", "UPDATE", "1"),
            _trigger(table, "delete", "DELETE", "1"),
            # INSERT OR REPLACE removes the old row without a DELETE that a trigger would see.
            _trigger(table, "replace", "INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {there})"),
        ]
    return statements


def _function(table: str) -> str:
    return (
        f"CREATE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSAL.format(table)}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def _trigger(table: str, name: str, moment: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER guard_{table}_{name} BEFORE {moment} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL.format(table)}'); END"
    )


EXERCISES = sa.table("exercises", sa.column("id", sa.Uuid), sa.column("title_key", sa.String))
TITLES = sa.text(
    "SELECT e.id, r.data FROM exercises e JOIN exercise_revisions r"
    " ON r.exercise_id = e.id AND r.number = e.current_number"
).columns(id=sa.Uuid, data=sa.JSON)


def _fill_title_keys(connection: sa.Connection) -> None:
    """As the application made them when they were dropped."""
    for exercise_id, data in connection.execute(TITLES).all():
        plain = unicodedata.normalize("NFKD", data["title"].casefold())
        key = " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
        mine = EXERCISES.c.id == exercise_id
        connection.execute(sa.update(EXERCISES).where(mine).values(title_key=key[:MAX_TITLE]))
