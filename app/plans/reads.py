"""Reading drafts and sheets: the statements are built once; each page asks one or two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from app.catalogue.models import Exercise, ExerciseRevision
from app.catalogue.rules import ExerciseState, Position
from app.clock import day_of
from app.database import db
from app.patients.models import Patient
from app.plans.checks import Cause
from app.plans.models import (
    EventKind,
    Plan,
    PlanEvent,
    PlanRevision,
    Prescription,
    WarningAnswer,
)
from app.plans.rules import Prescribed
from app.plans.sheet import PlanSheet, Safety, Told, make_items


def find_draft(plan_id: UUID, *, lock: bool = False) -> PlanRevision | None:
    """The plan's draft; with ``lock`` nobody else changes it until this transaction ends."""
    statement = select(PlanRevision).where(
        PlanRevision.plan_id == plan_id, PlanRevision.number.is_(None)
    )
    if lock:
        db.session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update())
    return db.session.scalar(statement.execution_options(populate_existing=lock))


_newest = aliased(ExerciseRevision)
_ROWS = (
    select(Prescription, ExerciseRevision, _newest.id, Exercise.state)
    .join(ExerciseRevision, ExerciseRevision.id == Prescription.exercise_revision_id)
    .join(Exercise, Exercise.id == Prescription.exercise_id)
    .join(
        _newest,
        and_(_newest.exercise_id == Exercise.id, _newest.number == Exercise.current_number),
    )
    .where(Prescription.revision_id == bindparam("revision_id"))
    .order_by(Prescription.place, Prescription.id)
)


def list_rows(revision_id: UUID) -> tuple[tuple[Prescription, Prescribed], ...]:
    """A revision's prescriptions in order, each beside the value the rules work on."""
    return tuple(
        (row, _prescribed(row, pinned, newest_id, is_retired=state != ExerciseState.OFFERED))
        for row, pinned, newest_id, state in db.session.execute(_ROWS, {"revision_id": revision_id})
    )


def _prescribed(
    row: Prescription, pinned: ExerciseRevision, newest_id: UUID, *, is_retired: bool = False
) -> Prescribed:
    return Prescribed(
        id=row.id,
        thread_id=row.thread_id,
        exercise_id=row.exercise_id,
        revision_id=pinned.id,
        current_revision_id=newest_id,
        text=pinned.text,
        position=Position(row.position),
        dose=row.dose,
        start=row.start,
        last_day=row.last_day,
        note=row.note,
        is_retired=is_retired,
    )


def list_answers(plan_id: UUID) -> dict[tuple[UUID, Cause], WarningAnswer]:
    """The newest answer to each (thread, cause) of a plan, without those taken back."""
    answers = db.session.scalars(
        select(WarningAnswer).where(WarningAnswer.plan_id == plan_id).order_by(WarningAnswer.seq)
    )
    newest = {(a.thread_id, Cause(a.cause_key, a.cause_version)): a for a in answers}
    return {key: answer for key, answer in newest.items() if answer.reason}


def find_in_force(plan_id: UUID) -> PlanRevision | None:
    """The approved revision with the greatest number."""
    return db.session.scalar(
        select(PlanRevision)
        .where(PlanRevision.plan_id == plan_id, PlanRevision.number.is_not(None))
        .order_by(PlanRevision.number.desc())
        .limit(1)
    )


last_event = (
    select(func.max(PlanEvent.seq))
    .where(PlanEvent.plan_id == Plan.id, PlanEvent.thread_id.is_(None))
    .correlate(Plan)
    .scalar_subquery()
)
_other = aliased(PlanRevision)
greatest = (
    select(func.max(_other.number))
    .where(_other.plan_id == Plan.id)
    .correlate(Plan)
    .scalar_subquery()
)
_SHEET = (
    select(
        Plan.id,
        Plan.code,
        PlanRevision,
        Prescription,
        ExerciseRevision,
        PlanEvent.kind,
        PlanEvent.day,
    )
    .join(PlanRevision, PlanRevision.plan_id == Plan.id)
    .join(Prescription, Prescription.revision_id == PlanRevision.id)
    .join(ExerciseRevision, ExerciseRevision.id == Prescription.exercise_revision_id)
    .outerjoin(PlanEvent, PlanEvent.seq == last_event)
    .order_by(Plan.created_at, Plan.id, Prescription.place, Prescription.id)
)
_SHEET_OF_PLAN = _SHEET.where(Plan.id == bindparam("plan_id"), PlanRevision.number == greatest)
_SHEET_OF_REVISION = _SHEET.where(
    Plan.id == bindparam("plan_id"), PlanRevision.number == bindparam("number")
)
_SHEETS_OF_PERSON = _SHEET.join(Patient, Patient.id == Plan.patient_id).where(
    Patient.person_id == bindparam("person_id"), PlanRevision.number == greatest
)


@dataclass(frozen=True)
class Moment:
    """When and with which numbers a sheet is read: the clinic's day and today's phones."""

    now: datetime
    zone: ZoneInfo
    safety: Safety

    @property
    def day(self) -> date:
        return day_of(self.now, self.zone)


def read_sheet(plan_id: UUID, moment: Moment) -> PlanSheet | None:
    """What the patient may know of this plan now; None while nothing is approved."""
    rows = db.session.execute(_SHEET_OF_PLAN, {"plan_id": plan_id}).all()
    return next(_sheets(rows, moment), None)


def read_revision_sheet(plan_id: UUID, number: int, moment: Moment) -> PlanSheet | None:
    """What one approved revision says, whether in force or not; for staff."""
    rows = db.session.execute(_SHEET_OF_REVISION, {"plan_id": plan_id, "number": number}).all()
    return next(_sheets(rows, moment), None)


def read_sheets_of(person_id: UUID, moment: Moment) -> tuple[PlanSheet, ...]:
    """The sheets of every plan of the patient whose account this is, ended ones included."""
    rows = db.session.execute(_SHEETS_OF_PERSON, {"person_id": person_id}).all()
    return tuple(_sheets(rows, moment))


_SheetRow = Row[UUID, str, PlanRevision, Prescription, ExerciseRevision, str, date]


def _sheets(rows: Sequence[_SheetRow], moment: Moment) -> Iterator[PlanSheet]:
    for _plan_id, group in groupby(rows, key=lambda row: row[0]):
        found = list(group)
        plan_id, code, revision, _row, _text, kind, day = found[0]
        yield make_sheet(
            plan_id,
            code,
            revision,
            Told.from_data(revision.told or {}),
            tuple(_prescribed(row[3], row[4], row[4].id) for row in found),
            moment,
            ended_on=day if kind == EventKind.ENDED else None,
        )


def make_sheet(
    plan_id: UUID,
    code: str,
    revision: PlanRevision,
    told: Told,
    rows: tuple[Prescribed, ...],
    moment: Moment,
    ended_on: date | None = None,
) -> PlanSheet:
    """The sheet of an approved revision, or of a draft as if it were approved at this moment."""
    return PlanSheet(
        plan_id=plan_id,
        plan_code=code,
        revision=revision.number or 0,
        title=revision.title,
        day=moment.day,
        approved_on=day_of(revision.approved_at or moment.now, moment.zone),
        told=told,
        safety=moment.safety,
        items=make_items(rows, moment.day),
        ended_on=ended_on,
    )
