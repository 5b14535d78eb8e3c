"""How somebody gets in: counted tries, links that work once, sessions, the second factor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

FIXED = {
    # table: (columns that say it is over, columns that may change before)
    "links": (("used_at", "withdrawn_at"), ("used_at", "withdrawn_at")),
    "recovery_codes": (("used_at", "replaced_at"), ("used_at", "replaced_at")),
    "sessions": (("ended_at",), ("ended_at", "seen_at", "verified_at")),
}
"""Rows that are over stay as they are, and none goes away."""


def upgrade() -> None:
    op.create_table(
        "try_buckets",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_try_buckets"),
    )
    op.create_index("ix_try_buckets_last_at", "try_buckets", ["last_at"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_links_account_id_accounts"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name="fk_links_created_by_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("token_hash", name="uq_links_token_hash"),
    )
    op.create_index("ix_links_account_id", "links", ["account_id"], unique=False)
    op.create_index("ix_links_created_by", "links", ["created_by"], unique=False)
    is_open = sa.text("used_at IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_links_open",
        "links",
        ["account_id", "purpose"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.add_column("sessions", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sessions SET verified_at = created_at")
    with op.batch_alter_table("sessions") as table:
        table.add_column(
            sa.Column("user_agent", sa.String(length=300), server_default="", nullable=False)
        )
        table.add_column(
            sa.Column("own_device", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        table.alter_column("verified_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_table(
        "authenticators",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=200), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_authenticators_account_id_accounts"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_authenticators"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_recovery_codes_account_id_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_codes_code_hash"),
    )
    op.create_index("ix_recovery_codes_account_id", "recovery_codes", ["account_id"], unique=False)
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    for statement in _no_guards("sessions"):
        op.execute(statement)
    with op.batch_alter_table("sessions") as table:
        for column in ("own_device", "user_agent", "verified_at"):
            table.drop_column(column)
    for table in ("recovery_codes", "authenticators", "links", "try_buckets"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("recovery_codes", "links"):
            op.execute(f"DROP FUNCTION guard_{table}()")


def _no_guards(table: str) -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        return [
            f"DROP TRIGGER guard_{table}_truncate ON {table}",
            f"DROP TRIGGER guard_{table} ON {table}",
            f"DROP FUNCTION guard_{table}()",
        ]
    return [f"DROP TRIGGER guard_{table}_{name}" for name in ("update", "delete", "replace")]


def _guards() -> list[str]:
    """As 0002 has them, for rows that may change until they are over."""
    statements = []
    for table, (ends, free) in FIXED.items():
        columns = [column.name for column in _columns(table)]
        over = " OR ".join(f"OLD.{end} IS NOT NULL" for end in ends)
        fixed = [column for column in columns if column not in free]
        refusal = f"{table}: what was approved or recorded never changes"
        if op.get_bind().dialect.name == "postgresql":
            altered = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in fixed)
            statements += [
                f"CREATE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF TG_OP = 'DELETE' OR {over} OR {altered} THEN RAISE EXCEPTION '{refusal}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
                f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION guard_{table}()",
                f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()",
            ]
            continue
        altered = " OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in (*fixed, "rowid"))
        secret = "code_hash" if table == "recovery_codes" else "token_hash"
        there = f"id = NEW.id OR {secret} = NEW.{secret} OR rowid = NEW.rowid"
        moments = {
            "update": ("UPDATE", f"{over} OR {altered}"),
            "delete": ("DELETE", "1"),
            # INSERT OR REPLACE removes the old row without a DELETE that a trigger would see.
            "replace": ("INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {there})"),
        }
        statements += [
            f"CREATE TRIGGER guard_{table}_{name} BEFORE {moment} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for name, (moment, condition) in moments.items()
        ]
    return statements


def _columns(table: str) -> list[sa.Column[object]]:
    return list(sa.Table(table, sa.MetaData(), autoload_with=op.get_bind()).columns)
