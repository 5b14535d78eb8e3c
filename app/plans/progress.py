"""Harder or easier: the next dose or a linked exercise, in the same thread of the draft.

What the patient does already goes on until the day before; what has not begun is changed itself.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from app.audit.service import Actor
from app.catalogue.models import Exercise
from app.database import db
from app.errors import N_, RuleBroken
from app.plans import reads, rows, rules
from app.plans.handles import PlanHandle
from app.plans.models import PlanRevision, Prescription
from app.plans.records import record_plan
from app.plans.review import carried_into
from app.plans.rules import Start
from app.plans.steps import Way, next_dose


def step_dose(
    plan: PlanHandle,
    draft: PlanRevision,
    prescription_id: UUID,
    way: Way,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> Prescription:
    """The next dose in the catalogue's range. Raises RuleBroken where there is none."""
    found = {row.id: (row, value) for row, value in reads.list_rows(draft.id)}
    if prescription_id not in found:
        raise RuleBroken(N_("This exercise is not in the plan any more."))
    row, value = found[prescription_id]
    dose = next_dose(value.dose, value.text.dose, way)
    if dose is None:
        raise RuleBroken(N_("The dose is at the end of its range. Choose another exercise."))
    row = _replacement(plan, draft, row, by=by, now=now, today=today)
    row.dose = dose
    db.session.flush()
    record_plan(f"{way}-dose", plan.id, plan.patient.id, by, now)
    return row


def swap_exercise(
    plan: PlanHandle,
    draft: PlanRevision,
    prescription_id: UUID,
    exercise: Exercise,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> Prescription:
    """Another exercise in the same thread, at its usual dose, as often as the one before."""
    found = [row for row, _value in reads.list_rows(draft.id)]
    old = next((row for row in found if row.id == prescription_id), None)
    if old is None:
        raise RuleBroken(N_("This exercise is not in the plan any more."))
    often = old.dose.frequency
    row = _replacement(plan, draft, old, by=by, now=now, today=today)
    usual = rows.row_for(draft, exercise, row.place)
    row.exercise_id, row.exercise_revision_id = exercise.id, exercise.current.id
    row.position, row.note = usual.position, ""
    row.dose = rules.replace_frequency(usual.dose, often)
    db.session.flush()
    record_plan("swap-exercise", plan.id, plan.patient.id, by, now)
    return row


def _replacement(
    plan: PlanHandle,
    draft: PlanRevision,
    row: Prescription,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> Prescription:
    """The row to change: the same one, or one that follows it from today on."""
    begun = row.start.day is not None and row.start.day < today
    if not begun or (row.thread_id, row.start.day) not in carried_into(plan.id):
        return row
    last_day = row.last_day
    new = rows.change_later(plan, draft, row.id, by=by, now=now)
    new.start, new.last_day = Start.on(today), last_day
    row.last_day = today - timedelta(days=1)
    return new
