"""The caseload: archived patients, search by name and number, where and since when a condition."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MAX_NAME = 100
MAX_NUMBER = 40

patients = sa.table(
    "patients",
    sa.column("id", sa.Uuid()),
    sa.column("name_key", sa.String()),
    sa.column("record_number", sa.String()),
    sa.column("record_key", sa.String()),
)


def upgrade() -> None:
    op.add_column("patients", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "patients",
        sa.Column("record_key", sa.String(length=MAX_NUMBER), nullable=False, server_default=""),
    )
    op.create_index(
        "ix_patients_archived",
        "patients",
        ["name_key", "id"],
        sqlite_where=sa.text("archived_at IS NOT NULL"),
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
    op.add_column(
        "patient_conditions",
        sa.Column("side", sa.String(length=10), nullable=False, server_default="none"),
    )
    op.add_column("patient_conditions", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("patient_conditions", sa.Column("until", sa.Date(), nullable=True))
    word = sa.String(length=MAX_NAME).with_variant(
        sa.String(length=MAX_NAME, collation="C"), "postgresql"
    )
    words = op.create_table(
        "patient_name_words",
        sa.Column("word", word, nullable=False),
        sa.Column("name_key", word, nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_patient_name_words_patient_id_patients"
        ),
        sa.PrimaryKeyConstraint("word", "name_key", "patient_id", name="pk_patient_name_words"),
    )
    op.create_index(
        "ix_patient_name_words_patient_id_word",
        "patient_name_words",
        ["patient_id", "word"],
        unique=False,
    )
    _fill(words)


def downgrade() -> None:
    op.drop_index("ix_patient_name_words_patient_id_word", table_name="patient_name_words")
    op.drop_table("patient_name_words")
    op.drop_column("patient_conditions", "until")
    op.drop_column("patient_conditions", "since")
    op.drop_column("patient_conditions", "side")
    op.drop_index(
        "ix_patients_archived",
        table_name="patients",
        sqlite_where=sa.text("archived_at IS NOT NULL"),
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
    op.drop_column("patients", "record_key")
    op.drop_column("patients", "archived_at")


def _fill(words: sa.Table) -> None:
    """The words and keys of the patients that are there already."""
    database = op.get_bind()
    for row in database.execute(sa.select(patients)).all():
        found = [
            {"word": word, "name_key": row.name_key, "patient_id": row.id}
            for word in sorted(set(row.name_key.split()))
        ]
        if found:
            database.execute(sa.insert(words), found)
        if key := _record_key(row.record_number):
            database.execute(
                sa.update(patients).where(patients.c.id == row.id).values(record_key=key)
            )


def _record_key(number: str) -> str:
    """As the application made it when this was written."""
    plain = unicodedata.normalize("NFKD", number.casefold())
    return "".join(c for c in plain if c.isalnum())[:MAX_NUMBER]
