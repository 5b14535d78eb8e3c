"""The audit in sealed chains, and emergency access. Rows from before are chained in the order in which they stand.

Each row's seal: app/audit/rules.py. ``verify-audit`` has to read what this wrote for ever, so the
rules of this version stay there, whatever later ones add.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from flask import current_app

from app.audit.rules import NOTHING_BEFORE, WITNESS, chain_of, seal_head, seal_row
from app.database import UtcDateTime

revision = "0010"
down_revision = "0009"

REFUSAL = "what was approved or recorded never changes"
BACKWARDS = "NEW.chain_id <> OLD.chain_id OR NEW.position <= OLD.position"
REFERENCES = {"patient_id": "patients", "therapist_id": "accounts", "session_id": "sessions"}
CHAINED = {
    "chain_id": sa.Uuid(),
    "position": sa.BigInteger(),
    "prev": sa.LargeBinary(32),
    "mac": sa.LargeBinary(32),
}

audit = sa.table(
    "audit",
    sa.column("seq", sa.BigInteger()),
    sa.column("at", UtcDateTime()),
    *(sa.column(name, sa.String()) for name in ("roles", "ip", "request_id", "action")),
    *(sa.column(name, sa.String()) for name in ("object_kind", "outcome", "reason")),
    *(sa.column(name, sa.Uuid()) for name in ("actor_id", "session_id", "object_id")),
    *(sa.column(name, sa.Uuid()) for name in ("patient_id", "emergency_id")),
    sa.column("changed", sa.JSON()),
    *(sa.column(name, kind) for name, kind in CHAINED.items()),
)


def upgrade() -> None:
    heads = op.create_table(
        "audit_heads",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.LargeBinary(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", name="pk_audit_heads"),
    )
    _lower_guards(("seq",))
    op.add_column("audit", sa.Column("emergency_id", sa.Uuid(), nullable=True))
    for name, kind in CHAINED.items():
        op.add_column("audit", sa.Column(name, kind, nullable=True))
    op.bulk_insert(heads, [*_chain_what_is_there(), _witness()])
    with op.batch_alter_table("audit") as batch:
        for name, kind in CHAINED.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.create_unique_constraint("uq_audit_chain_id_position", ["chain_id", "position"])
    op.create_index("ix_audit_at", "audit", ["at"])
    looks = sa.text("action = 'look'")
    op.create_index(
        "ix_audit_looks", "audit", ["session_id", "at"], sqlite_where=looks, postgresql_where=looks
    )
    _raise_guards(("seq", "chain_id, position"))
    _guard_heads()
    _add_emergencies()


def _add_emergencies() -> None:
    op.create_table(
        "emergency_accesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_emergency_accesses_{column}_{table}"
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_emergency_accesses"),
    )
    for column in REFERENCES:
        op.create_index(f"ix_emergency_accesses_{column}", "emergency_accesses", [column])
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_emergency_accesses_open",
        "emergency_accesses",
        ["session_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "emergencies_seen",
        sa.Column("emergency_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["emergency_id"],
            ["emergency_accesses.id"],
            name="fk_emergencies_seen_emergency_id_emergency_accesses",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_emergencies_seen_account_id_accounts"
        ),
        sa.PrimaryKeyConstraint("emergency_id", "account_id", name="pk_emergencies_seen"),
    )
    op.create_index("ix_emergencies_seen_account_id", "emergencies_seen", ["account_id"])
    has_number = sa.text("record_key <> ''")
    op.create_index(
        "ix_patients_record_key",
        "patients",
        ["record_key"],
        sqlite_where=has_number,
        postgresql_where=has_number,
    )


def downgrade() -> None:
    op.drop_index("ix_patients_record_key", "patients")
    op.drop_table("emergencies_seen")
    op.drop_table("emergency_accesses")
    if _on_postgresql():
        op.execute("DROP TRIGGER guard_audit_heads_truncate ON audit_heads")
        op.execute("DROP TRIGGER guard_audit_heads ON audit_heads")
        op.execute("DROP FUNCTION guard_audit_heads()")
    op.drop_table("audit_heads")
    _lower_guards(("seq", "chain_id, position"))
    op.drop_index("ix_audit_looks", "audit")
    op.drop_index("ix_audit_at", "audit")
    with op.batch_alter_table("audit") as batch:
        batch.drop_constraint("uq_audit_chain_id_position", type_="unique")
        for name in ("emergency_id", *CHAINED):
            batch.drop_column(name)
    _raise_guards(("seq",))


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _chain_what_is_there() -> list[dict[str, object]]:
    """Seal every row; gives the heads. The rows are read in parts, the ends kept in memory."""
    key: str = current_app.extensions["homestretch_settings"].audit_key
    ends: dict[UUID, tuple[int, bytes]] = {}
    seal = (
        sa.update(audit)
        .where(audit.c.seq == sa.bindparam("row"))
        .values({name: sa.bindparam(f"new_{name}") for name in CHAINED})
    )
    for rows in _parts():
        sealed = []
        for row in rows:
            chain_id = chain_of(row)
            position, prev = ends.get(chain_id, (0, NOTHING_BEFORE))
            row |= {"chain_id": chain_id, "position": position + 1, "prev": prev}
            row["mac"] = seal_row(key, row)
            ends[chain_id] = (position + 1, row["mac"])
            sealed.append({"row": row["seq"]} | {f"new_{name}": row[name] for name in CHAINED})
        op.get_bind().execute(seal, sealed)
    return [
        {
            "chain_id": chain_id,
            "position": position,
            "last": last,
            "mac": seal_head(key, chain_id, position, last),
        }
        for chain_id, (position, last) in ends.items()
    ]


def _witness() -> dict[str, object]:
    key: str = current_app.extensions["homestretch_settings"].audit_key
    mac = seal_head(key, WITNESS, 0, NOTHING_BEFORE)
    return {"chain_id": WITNESS, "position": 0, "last": NOTHING_BEFORE, "mac": mac}


def _parts(size: int = 1000) -> Iterator[Sequence[dict[str, Any]]]:
    after = 0
    while True:
        statement = sa.select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(size)
        rows = [dict(row) for row in op.get_bind().execute(statement).mappings()]
        if not rows:
            return
        yield rows
        after = rows[-1]["seq"]


def _lower_guards(keys: tuple[str, ...]) -> None:
    if _on_postgresql():
        op.execute("ALTER TABLE audit DISABLE TRIGGER USER")
    else:
        for name in _sqlite_guards(keys):
            op.execute(f"DROP TRIGGER {name}")


def _raise_guards(keys: tuple[str, ...]) -> None:
    """On SQLite, INSERT OR REPLACE would remove the row that has one of ``keys`` already."""
    if _on_postgresql():
        op.execute("ALTER TABLE audit ENABLE TRIGGER USER")
    else:
        for name, moment in _sqlite_guards(keys).items():
            op.execute(_sqlite_trigger(name, moment, "audit"))


def _sqlite_guards(keys: tuple[str, ...]) -> dict[str, str]:
    return {
        "guard_audit_update": "UPDATE ON audit WHEN 1",
        "guard_audit_delete": "DELETE ON audit WHEN 1",
        "guard_audit_replace": f"INSERT ON audit WHEN {_taken('audit', keys)}",
    }


def _guard_heads() -> None:
    """A head moves forward, and does nothing else."""
    if _on_postgresql():
        op.execute(
            "CREATE FUNCTION guard_audit_heads() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({BACKWARDS}) THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION 'audit_heads: {REFUSAL}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER guard_audit_heads BEFORE UPDATE OR DELETE ON audit_heads "
            "FOR EACH ROW EXECUTE FUNCTION guard_audit_heads()"
        )
        op.execute(
            "CREATE TRIGGER guard_audit_heads_truncate BEFORE TRUNCATE ON audit_heads "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()"
        )
        return
    taken = _taken("audit_heads", ("chain_id",))
    renumbered = "NEW.rowid IS NOT OLD.rowid"
    for name, moment in {
        "guard_audit_heads_update": f"UPDATE ON audit_heads WHEN {BACKWARDS} OR {renumbered}",
        "guard_audit_heads_delete": "DELETE ON audit_heads WHEN 1",
        "guard_audit_heads_replace": f"INSERT ON audit_heads WHEN {taken}",
    }.items():
        op.execute(_sqlite_trigger(name, moment, "audit_heads"))


def _sqlite_trigger(name: str, moment: str, table: str) -> str:
    refuse = f"SELECT RAISE(ABORT, '{table}: {REFUSAL}')"
    return f"CREATE TRIGGER {name} BEFORE {moment} BEGIN {refuse}; END"


def _taken(table: str, keys: tuple[str, ...]) -> str:
    same = " OR ".join(
        f"({key}) = ({', '.join(f'NEW.{column}' for column in key.split(', '))})"
        for key in (*keys, "rowid")
    )
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
