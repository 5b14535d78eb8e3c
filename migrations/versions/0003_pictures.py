"""Pictures, each named by the SHA-256 of its bytes and kept for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

REFUSAL = "pictures: what was approved or recorded never changes"


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name="fk_pictures_created_by_accounts"
        ),
        sa.PrimaryKeyConstraint("sha256", name="pk_pictures"),
    )
    op.create_index("ix_pictures_created_by", "pictures", ["created_by"], unique=False)
    op.create_index(
        "ix_pictures_source_created_at", "pictures", ["source", "created_at"], unique=False
    )
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("pictures")  # and its triggers with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION guard_pictures()")


def _guards() -> list[str]:
    """Triggers that let rows be added and nothing else, as 0002 has them for other tables."""
    if op.get_bind().dialect.name == "postgresql":
        return [
            "CREATE FUNCTION guard_pictures() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$",
            "CREATE TRIGGER guard_pictures BEFORE UPDATE OR DELETE ON pictures "
            "FOR EACH ROW EXECUTE FUNCTION guard_pictures()",
            "CREATE TRIGGER guard_pictures_truncate BEFORE TRUNCATE ON pictures "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()",
        ]
    there = "EXISTS (SELECT 1 FROM pictures WHERE sha256 = NEW.sha256 OR rowid = NEW.rowid)"
    moments = {
        "update": ("UPDATE", "1"),
        "delete": ("DELETE", "1"),
        # INSERT OR REPLACE removes the old row without a DELETE that a trigger would see.
        "replace": ("INSERT", there),
    }
    return [
        f"CREATE TRIGGER guard_pictures_{name} BEFORE {moment} ON pictures WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for name, (moment, condition) in moments.items()
    ]
