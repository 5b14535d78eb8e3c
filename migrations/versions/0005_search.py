"""Words and tags that the search looks exercises up by; the column that it scanned goes."""

from __future__ import annotations

import json
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

# What is stored here is derived: an upgrade fills it as the application of its day would.
from app.catalogue.rules import exercise_from_data
from app.catalogue.search_words import tags_of, title_of, words_of

revision = "0005"
down_revision = "0004"

ENTRIES = sa.table(
    "search_entries",
    sa.column("number", sa.Integer),
    sa.column("exercise_id", sa.Uuid),
    sa.column("title", sa.Text),
    sa.column("tags", sa.JSON),
)
WORDS = sa.table(
    "search_words",
    sa.column("word", sa.String),
    sa.column("number", sa.Integer),
    sa.column("place", sa.Integer),
)
STATE = sa.table("search_state", sa.column("id", sa.Integer), sa.column("version", sa.Uuid))
EXERCISES = sa.text(
    "SELECT e.id, r.data FROM exercises e JOIN exercise_revisions r"
    " ON r.exercise_id = e.id AND r.number = e.current_number ORDER BY e.created_at, e.id"
).columns(id=sa.Uuid, data=sa.JSON)


def upgrade() -> None:
    word = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
    op.create_table(
        "search_entries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["exercises.id"], name="fk_search_entries_exercise_id_exercises"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_search_entries"),
        sa.UniqueConstraint("exercise_id", name="uq_search_entries_exercise_id"),
    )
    op.create_table(
        "search_words",
        sa.Column("word", word, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["search_entries.number"], name="fk_search_words_number_search_entries"
        ),
        sa.PrimaryKeyConstraint("word", "place", "number", name="pk_search_words"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_words_number", "search_words", ["number"])
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_state_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_search_state"),
    )
    _fill(op.get_bind())
    op.drop_column("exercises", "search_text")


def downgrade() -> None:
    op.add_column(
        "exercises", sa.Column("search_text", sa.Text(), nullable=False, server_default="")
    )
    for table in ("search_state", "search_words", "search_entries"):
        op.drop_table(table)


def _fill(connection: sa.Connection) -> None:
    connection.execute(STATE.insert(), {"id": 1, "version": uuid4()})
    for exercise_id, data in connection.execute(EXERCISES).all():
        text = exercise_from_data(json.loads(data) if isinstance(data, str) else data)
        entry = {"exercise_id": exercise_id, "title": title_of(text), "tags": tags_of(text)}
        number = connection.execute(
            ENTRIES.insert().returning(ENTRIES.c.number), entry
        ).scalar_one()
        rows = [
            {"word": word, "number": number, "place": place}
            for word, place in words_of(text).items()
        ]
        connection.execute(WORDS.insert(), rows)
