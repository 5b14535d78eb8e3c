"""Triggers that keep what was approved, published or recorded from ever being changed."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

KEPT = {
    # table: columns that name one row; a second row with the same is a replacement
    "audit": ("seq",),
    "exercise_revisions": ("id", "exercise_id, number"),
    "handout_revisions": ("id", "handout_id, number"),
    "plan_events": ("seq",),
    "plans": ("id", "code"),
    "warning_answers": ("seq",),
}
"""Rows may be added and nothing else."""

IN_REVISION = {"prescriptions": ("id",), "approval_answers": ("revision_id, answer_seq",)}
"""Rows of a plan revision: free while it is a draft, fixed from its approval on."""

APPROVED = (
    "EXISTS (SELECT 1 FROM plan_revisions WHERE id = {row}.revision_id AND number IS NOT NULL)"
)
EVERY = (*KEPT, *IN_REVISION, "plan_revisions")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in _postgresql():
            op.execute(statement)
    else:
        for name, (moment, table, condition) in _sqlite().items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{_refusal(table)}'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in EVERY:
            op.execute(f"DROP TRIGGER guard_{table}_truncate ON {table}")
            op.execute(f"DROP TRIGGER guard_{table} ON {table}")
            op.execute(f"DROP FUNCTION guard_{table}()")
        op.execute("DROP FUNCTION guard_truncate()")
    else:
        for name in _sqlite():
            op.execute(f"DROP TRIGGER {name}")


def _refusal(table: str) -> str:
    return f"{table}: what was approved or recorded never changes"


def _sqlite() -> dict[str, tuple[str, str, str]]:
    """Trigger name -> (event, table, condition of the refusal)."""
    triggers = {}
    for table in KEPT:
        triggers[f"guard_{table}_update"] = ("UPDATE", table, "1")
        triggers[f"guard_{table}_delete"] = ("DELETE", table, "1")
    for table, keys in IN_REVISION.items():
        old, new = APPROVED.format(row="OLD"), APPROVED.format(row="NEW")
        triggers[f"guard_{table}_insert"] = ("INSERT", table, new)
        triggers[f"guard_{table}_update"] = (
            "UPDATE",
            table,
            f"{old} OR {new} OR {_renamed(*keys)}",
        )
        triggers[f"guard_{table}_delete"] = ("DELETE", table, old)
    triggers["guard_plan_revisions_insert"] = (
        "INSERT",
        "plan_revisions",
        "NEW.number IS NOT NULL",
    )
    taken = (
        "EXISTS (SELECT 1 FROM plan_revisions WHERE plan_id = NEW.plan_id AND number = NEW.number)"
    )
    triggers["guard_plan_revisions_update"] = (
        "UPDATE",
        "plan_revisions",
        f"OLD.number IS NOT NULL OR {_renamed('id')} OR {taken}",
    )
    triggers["guard_plan_revisions_delete"] = ("DELETE", "plan_revisions", "OLD.number IS NOT NULL")
    # INSERT OR REPLACE removes the old row without a DELETE that a trigger would see. Every table
    # has a hidden rowid that it may name, too; NEW.rowid is -1 where the statement names none.
    names = KEPT | IN_REVISION | {"plan_revisions": ("id",)}
    for table, keys in names.items():
        same = " OR ".join(f"({key}) = ({_of('NEW', key)})" for key in (*keys, "rowid"))
        triggers[f"guard_{table}_replace"] = (
            "INSERT",
            table,
            f"EXISTS (SELECT 1 FROM {table} WHERE {same})",
        )
    return triggers


def _renamed(*keys: str) -> str:
    """UPDATE OR REPLACE that gives a row of a draft another row's key would remove the other."""
    names = (*keys, "rowid")
    return " OR ".join(f"({_of('NEW', key)}) IS NOT ({_of('OLD', key)})" for key in names)


def _of(row: str, key: str) -> str:
    return ", ".join(f"{row}.{column}" for column in key.split(", "))


def _postgresql() -> list[str]:
    """A guarding function and its triggers for every table; TRUNCATE is refused on all."""
    bodies = dict.fromkeys(KEPT, "refused := TG_OP <> 'INSERT';")
    for table in IN_REVISION:
        old, new = APPROVED.format(row="OLD"), APPROVED.format(row="NEW")
        # Wait for an approval that is under way: its number is not to be seen before it is done.
        lock = "PERFORM 1 FROM plan_revisions WHERE id = {row}.revision_id FOR KEY SHARE;"
        bodies[table] = (
            f"IF TG_OP <> 'INSERT' THEN {lock.format(row='OLD')} END IF; "
            f"IF TG_OP <> 'DELETE' THEN {lock.format(row='NEW')} END IF; "
            f"refused := (TG_OP <> 'INSERT' AND {old}) OR (TG_OP <> 'DELETE' AND {new});"
        )
    bodies["plan_revisions"] = (
        "refused := (TG_OP = 'INSERT' AND NEW.number IS NOT NULL)"
        " OR (TG_OP <> 'INSERT' AND OLD.number IS NOT NULL);"
    )
    statements = [
        "CREATE FUNCTION guard_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%: what was approved or recorded never changes', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    ]
    for table, body in bodies.items():
        statements += [
            f"CREATE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"DECLARE refused boolean; BEGIN {body} IF refused THEN "
            f"RAISE EXCEPTION '{_refusal(table)}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER guard_{table} BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION guard_{table}()",
            f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()",
        ]
    return statements
