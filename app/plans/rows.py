"""The verbs of one row of a draft: assign, duplicate, move, remove, put back, change later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from app.audit.service import Actor
from app.catalogue.models import Exercise
from app.database import db
from app.errors import N_, RuleBroken
from app.plans import reads, rules
from app.plans.handles import PlanHandle
from app.plans.models import PlanRevision, Prescription
from app.plans.records import record_plan
from app.plans.removed import pack_row, unpack_row
from app.plans.rules import Dose, RowValues, Start


def assign_exercise(
    plan: PlanHandle, draft: PlanRevision, exercise: Exercise, *, by: Actor, now: datetime
) -> Prescription:
    """Add an exercise at the end, pinned to its newest revision, at its usual dose."""
    rows = _rows(draft)
    _check_room(rows)
    row = row_for(draft, exercise, place=len(rows))
    db.session.add(row)
    db.session.flush()
    record_plan("assign-exercise", plan.id, plan.patient.id, by, now)
    return row


def duplicate_prescription(
    plan: PlanHandle, draft: PlanRevision, prescription_id: UUID, *, by: Actor, now: datetime
) -> Prescription:
    """Put the same exercise with the same dose below, as a thread of its own."""
    rows = _rows(draft)
    _check_room(rows)
    at = _index(rows, prescription_id)
    copy = copy_of(rows[at], draft)
    copy.thread_id = uuid4()
    db.session.add(copy)
    rows.insert(at + 1, copy)
    _number(rows)
    record_plan("duplicate-prescription", plan.id, plan.patient.id, by, now)
    return copy


@dataclass(frozen=True)
class Moved:
    """Where a row is now: ``number`` counts from 1, of ``count`` rows."""

    title: str
    number: int
    count: int


def move_prescription(
    plan: PlanHandle,
    draft: PlanRevision,
    prescription_id: UUID,
    to: Callable[[int], int],
    *,
    by: Actor,
    now: datetime,
) -> Moved:
    """Move a row; ``to`` gives its new number for its old one. Past an end it stops there."""
    found = reads.list_rows(draft.id)
    rows = [row for row, _value in found]
    at = _index(rows, prescription_id)
    number = min(max(to(at + 1), 1), len(rows))
    rows.insert(number - 1, rows.pop(at))
    _number(rows)
    record_plan("move-prescription", plan.id, plan.patient.id, by, now)
    return Moved(found[at][1].text.title, number, len(rows))


def remove_prescription(
    plan: PlanHandle, draft: PlanRevision, prescription_id: UUID, *, by: Actor, now: datetime
) -> None:
    """Take a row out of the draft; the last one that was can be put back.

    Added from the catalogue again, the exercise begins a new thread.
    """
    found = list(reads.list_rows(draft.id))
    row, value = found.pop(_index([row for row, _value in found], prescription_id))
    draft.removed = {"title": value.text.title, "row": pack_row(row)}
    db.session.delete(row)
    _number([row for row, _value in found])
    record_plan("remove-prescription", plan.id, plan.patient.id, by, now)


def put_back(
    plan: PlanHandle, draft: PlanRevision, *, by: Actor, now: datetime
) -> Prescription | None:
    """Put the row that was removed last where it was, in its thread; None if there is none."""
    if draft.removed is None:
        return None
    rows = _rows(draft)
    _check_room(rows)
    row = unpack_row(draft.removed["row"])
    draft.removed = None
    db.session.add(row)
    rows.insert(row.place, row)
    _number(rows)
    record_plan("put-back", plan.id, plan.patient.id, by, now)
    return row


def change_later(
    plan: PlanHandle, draft: PlanRevision, prescription_id: UUID, *, by: Actor, now: datetime
) -> Prescription:
    """Put a second row of the same thread below: the dose that replaces this one from a day on."""
    rows = _rows(draft)
    _check_room(rows)
    at = _index(rows, prescription_id)
    copy = copy_of(rows[at], draft)
    copy.start, copy.last_day = Start.unset(), None
    db.session.add(copy)
    rows.insert(at + 1, copy)
    _number(rows)
    record_plan("change-later", plan.id, plan.patient.id, by, now)
    return copy


def take_over_text(
    plan: PlanHandle, draft: PlanRevision, prescription_id: UUID, *, by: Actor, now: datetime
) -> None:
    """Pin a row to the newest text of its exercise."""
    found = reads.list_rows(draft.id)
    row, value = found[_index([row for row, _ in found], prescription_id)]
    row.exercise_revision_id = value.current_revision_id
    db.session.flush()
    record_plan("take-over-text", plan.id, plan.patient.id, by, now)


def move_starts_to(
    plan: PlanHandle,
    draft: PlanRevision,
    day: date,
    carried: rules.Carried,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Give every row whose date went by ``day`` instead; carried-over dates stay."""
    for row, value in reads.list_rows(draft.id):
        if rules.went_by(value, day, carried):
            row.start = Start.on(day)
    if draft.start_on and draft.start_on < day:
        draft.start_on = day
    db.session.flush()
    record_plan("move-starts", plan.id, plan.patient.id, by, now)


def row_for(draft: PlanRevision, exercise: Exercise, place: int) -> Prescription:
    """A new thread with the catalogue's usual dose and the plan's own frequency and start."""
    text = exercise.text
    row = Prescription(
        id=uuid4(),
        revision_id=draft.id,
        thread_id=uuid4(),
        place=place,
        exercise_id=exercise.id,
        exercise_revision_id=exercise.current.id,
        position=text.variants[0].position,
        note="",
    )
    row.dose = Dose(
        text.dose.repetitions,
        text.dose.hold,
        sets=text.dose.sets.low if text.dose.sets else 1,
        frequency=draft.frequency,
    )
    row.start = Start.on(draft.start_on) if draft.start_on else Start.unset()
    return row


def copy_of(old: Prescription, draft: PlanRevision) -> Prescription:
    """The same thread, text, dose and start in ``draft``."""
    copy = Prescription(
        id=uuid4(),
        revision_id=draft.id,
        thread_id=old.thread_id,
        place=old.place,
        exercise_id=old.exercise_id,
        exercise_revision_id=old.exercise_revision_id,
        position=old.position,
        last_day=old.last_day,
        note=old.note,
    )
    copy.dose, copy.start = old.dose, old.start
    return copy


def write_row(row: Prescription, new: RowValues) -> None:
    row.position, row.dose, row.start = new.position, new.dose, new.start
    row.last_day, row.note = new.last_day, new.note


def _rows(draft: PlanRevision) -> list[Prescription]:
    return [row for row, _value in reads.list_rows(draft.id)]


def _index(rows: Sequence[Prescription], prescription_id: UUID) -> int:
    for at, row in enumerate(rows):
        if row.id == prescription_id:
            return at
    raise RuleBroken(N_("This exercise is not in the plan any more."))


def _check_room(rows: Sequence[Prescription]) -> None:
    if len(rows) >= rules.MAX_ROWS:
        raise RuleBroken(N_("A plan holds at most %(most)s exercises."), most=rules.MAX_ROWS)


def _number(rows: Sequence[Prescription]) -> None:
    for place, row in enumerate(rows):
        row.place = place
    db.session.flush()
