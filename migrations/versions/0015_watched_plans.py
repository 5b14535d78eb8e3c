"""Plans in which something may have to be looked at, noted by the database itself.

Triggers, so that no way of publishing, noting a condition or approving forgets it. On PostgreSQL
two of these may run at once, and neither sees what the other has not committed. So an approval
waits for a text that is being published, and the text for it. A condition that is being noted holds
its patient, and whoever approves locks the patient first (``app.plans.reads.find_draft``).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

OLDER_TEXT = """
    SELECT 1 FROM prescriptions AS p
    JOIN exercise_revisions AS held ON held.id = p.exercise_revision_id
    JOIN exercises AS e ON e.id = p.exercise_id
    WHERE p.revision_id = {revision} AND e.current_number <> held.number
"""
RULED_OUT = """
    SELECT 1 FROM prescriptions AS p
    JOIN exercise_cautions AS c ON c.exercise_revision_id = p.exercise_revision_id
    JOIN conditions AS k ON k.slug = c.condition
    JOIN patient_conditions AS has ON has.condition_id = k.id AND has.ended_at IS NULL
    WHERE p.revision_id = {revision} AND has.patient_id = {patient}
"""
OF_EXERCISE = """
    INSERT INTO watched_plans (patient_id, plan_id)
    SELECT DISTINCT plans.patient_id, plans.id FROM prescriptions AS p
    JOIN plan_revisions AS r ON r.id = p.revision_id
    JOIN plans ON plans.id = r.plan_id
    WHERE p.exercise_id = NEW.id
    AND r.number = (SELECT max(number) FROM plan_revisions WHERE plan_id = r.plan_id)
    ORDER BY plans.patient_id, plans.id
    ON CONFLICT DO NOTHING;
"""
OF_PATIENT = """
    INSERT INTO watched_plans (patient_id, plan_id)
    SELECT plans.patient_id, plans.id FROM plans
    WHERE plans.patient_id = NEW.patient_id ORDER BY plans.id
    ON CONFLICT DO NOTHING;
"""
OF_REVISION = f"""
    DELETE FROM watched_plans WHERE plan_id = NEW.plan_id
    AND patient_id = (SELECT patient_id FROM plans WHERE id = NEW.plan_id);
    INSERT INTO watched_plans (patient_id, plan_id)
    SELECT plans.patient_id, plans.id FROM plans WHERE plans.id = NEW.plan_id
    AND (EXISTS ({OLDER_TEXT.format(revision="NEW.id")})
         OR EXISTS ({RULED_OUT.format(revision="NEW.id", patient="plans.patient_id")}))
    ON CONFLICT DO NOTHING;
"""
WAIT_FOR_TEXTS = """
    PERFORM 1 FROM exercises WHERE id IN
    (SELECT exercise_id FROM prescriptions WHERE revision_id = NEW.id) ORDER BY id FOR SHARE;
"""
WATCHES = {
    # name: (event, table, when, what PostgreSQL waits for, what is done)
    "watch_texts": (
        "UPDATE OF current_number",
        "exercises",
        "NEW.current_number <> OLD.current_number",
        "",
        OF_EXERCISE,
    ),
    "watch_conditions": (
        "INSERT OR UPDATE OF ended_at, condition_id",
        "patient_conditions",
        "NEW.ended_at IS NULL",
        "",
        OF_PATIENT,
    ),
    "watch_approvals": (
        "UPDATE OF number",
        "plan_revisions",
        "NEW.number IS NOT NULL",
        WAIT_FOR_TEXTS,
        OF_REVISION,
    ),
}
IN_FORCE = """
    INSERT INTO watched_plans (patient_id, plan_id)
    SELECT plans.patient_id, plans.id FROM plans
    JOIN plan_revisions AS r ON r.plan_id = plans.id AND r.number =
        (SELECT max(number) FROM plan_revisions WHERE plan_id = plans.id)
    WHERE EXISTS ({older}) OR EXISTS ({ruled_out})
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "watched_plans",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("patient_id", "plan_id", name="pk_watched_plans"),
    )
    create = _create_on_postgresql if _is_postgresql() else _create_on_sqlite
    for name, watch in WATCHES.items():
        create(name, *watch)
    op.execute(
        IN_FORCE.format(
            older=OLDER_TEXT.format(revision="r.id"),
            ruled_out=RULED_OUT.format(revision="r.id", patient="plans.patient_id"),
        )
    )


def downgrade() -> None:
    for name, (_event, table, *_rest) in WATCHES.items():
        if _is_postgresql():
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            for part in _events(_event):
                op.execute(f"DROP TRIGGER {name}_{part.split()[0].lower()}")
    op.drop_table("watched_plans")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _events(event: str) -> list[str]:
    """SQLite's triggers have one event each."""
    return event.split(" OR ")


def _create_on_sqlite(name: str, event: str, table: str, when: str, _wait: str, do: str) -> None:
    for part in _events(event):
        op.execute(
            f"CREATE TRIGGER {name}_{part.split()[0].lower()} AFTER {part} ON {table} "
            f"WHEN {when} BEGIN {do} END"
        )


def _create_on_postgresql(name: str, event: str, table: str, when: str, wait: str, do: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {wait} {do} RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW "
        f"WHEN ({when}) EXECUTE FUNCTION {name}()"
    )
