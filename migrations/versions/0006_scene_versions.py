"""Scenes that an admin posed anew: each saved version, kept for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

REFUSAL = "scene_versions: what was approved or recorded never changes"
TAKEN = "id = NEW.id OR (scene = NEW.scene AND number = NEW.number) OR rowid = NEW.rowid"


def upgrade() -> None:
    op.create_table(
        "scene_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scene", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("drawings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name="fk_scene_versions_created_by_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_scene_versions"),
        sa.UniqueConstraint("scene", "number", name="uq_scene_versions_scene_number"),
    )
    op.create_index("ix_scene_versions_created_by", "scene_versions", ["created_by"])
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("scene_versions")  # and its triggers with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION guard_scene_versions()")


def _guards() -> list[str]:
    """Triggers that let rows be added and nothing else, as 0002 has them for other tables."""
    if op.get_bind().dialect.name == "postgresql":
        return [
            "CREATE FUNCTION guard_scene_versions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$",
            "CREATE TRIGGER guard_scene_versions BEFORE UPDATE OR DELETE ON scene_versions "
            "FOR EACH ROW EXECUTE FUNCTION guard_scene_versions()",
            "CREATE TRIGGER guard_scene_versions_truncate BEFORE TRUNCATE ON scene_versions "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()",
        ]
    moments = {
        "update": ("UPDATE", "1"),
        "delete": ("DELETE", "1"),
        # INSERT OR REPLACE removes the old row without a DELETE that a trigger would see.
        "replace": ("INSERT", f"EXISTS (SELECT 1 FROM scene_versions WHERE {TAKEN})"),
    }
    return [
        f"CREATE TRIGGER guard_scene_versions_{name} BEFORE {moment} ON scene_versions "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for name, (moment, condition) in moments.items()
    ]
