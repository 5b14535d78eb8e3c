"""Reading drafts and sheets: the statements are built once; each page asks one or two of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.catalogue.kept_texts import text_of
from app.catalogue.models import Exercise, ExerciseRevision
from app.catalogue.rules import ExerciseState, ExerciseText, Grade, Position
from app.catalogue.texts import find_texts
from app.clock import day_of
from app.database import db, read_rows
from app.patients.models import Patient
from app.plans.checks import Cause
from app.plans.models import (
    EventKind,
    Plan,
    PlanRevision,
    Prescription,
    WarningAnswer,
    dose_of,
    start_of,
)
from app.plans.rules import Prescribed
from app.plans.sheet import NO_STOPS, PlanSheet, Safety, Told, make_items
from app.plans.sheet_statements import NOW, THEN, SheetRow, greatest_number


def find_draft(plan_id: UUID, *, lock: bool = False) -> PlanRevision | None:
    """The plan's draft; with ``lock`` nobody else changes it until this transaction ends.

    Nor does anybody note a condition of its patient meanwhile: an approval has to know of it (and
    has its plan watched, migration 0015). The patient comes first, as wherever both are locked.
    """
    statement = select(PlanRevision).where(
        PlanRevision.plan_id == plan_id, PlanRevision.number.is_(None)
    )
    if lock:
        this = select(Plan.id).where(Plan.id == plan_id)
        whose = this.join(Patient, Patient.id == Plan.patient_id)
        db.session.execute(whose.with_for_update(read=True, of=Patient))
        db.session.execute(this.with_for_update())
    return db.session.scalar(statement.execution_options(populate_existing=lock))


_newest, _later = aliased(ExerciseRevision), aliased(ExerciseRevision)
changed_for_safety = (
    exists()
    .where(
        _later.exercise_id == ExerciseRevision.exercise_id,
        _later.number > ExerciseRevision.number,
        _later.grade == Grade.SAFETY.value,
    )
    .correlate(ExerciseRevision)
)
_IN_CATALOGUE = (
    _newest.id.label("newest_id"),
    Exercise.state.label("state"),
    changed_for_safety.label("for_safety"),
)
_ROWS = (
    select(Prescription, *_IN_CATALOGUE)
    .join(ExerciseRevision, ExerciseRevision.id == Prescription.exercise_revision_id)
    .join(Exercise, Exercise.id == Prescription.exercise_id)
    .join(
        _newest,
        and_(_newest.exercise_id == Exercise.id, _newest.number == Exercise.current_number),
    )
    .order_by(Prescription.place, Prescription.id)
)
COLUMNS = _ROWS.with_only_columns(*Prescription.__table__.columns, *_IN_CATALOGUE)
"""Prescriptions and what the catalogue says of them now; for :func:`prescribed`."""

_ROWS_OF_REVISION = _ROWS.where(Prescription.revision_id == bindparam("revision_id"))
_ROWS_IN_FORCE = (
    _ROWS.join(PlanRevision, PlanRevision.id == Prescription.revision_id)
    .join(Plan, Plan.id == PlanRevision.plan_id)
    .where(Plan.id == bindparam("plan_id"), PlanRevision.number == greatest_number())
)
Rows = tuple[tuple[Prescription, Prescribed], ...]
"""Prescriptions in order, each beside the value the rules work on."""


def list_rows(revision_id: UUID) -> Rows:
    """Of one revision."""
    return _rows(db.session.execute(_ROWS_OF_REVISION, {"revision_id": revision_id}).all())


def list_rows_in_force(plan_id: UUID) -> Rows:
    """Of the approved revision with the greatest number; none where nothing is approved."""
    return _rows(db.session.execute(_ROWS_IN_FORCE, {"plan_id": plan_id}).all())


def _rows(found: Sequence[Row[*tuple[Any, ...]]]) -> Rows:
    rows = [row.Prescription for row in found]
    return tuple(zip(rows, _beside_catalogue(rows, found), strict=True))


def prescribed(found: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Prescribed, ...]:
    """What COLUMNS found, as the rules see it."""
    return _beside_catalogue(found, found)


def _beside_catalogue(
    rows: Sequence[Prescription | Row[*tuple[Any, ...]]],
    in_catalogue: Sequence[Row[*tuple[Any, ...]]],
) -> tuple[Prescribed, ...]:
    texts = find_texts(row.exercise_revision_id for row in rows)
    return tuple(
        _prescribed(
            row,
            texts[row.exercise_revision_id],
            now.newest_id,
            is_retired=now.state != ExerciseState.OFFERED,
            for_safety=now.for_safety,
        )
        for row, now in zip(rows, in_catalogue, strict=True)
    )


def _prescribed(
    row: Prescription | Row[*tuple[Any, ...]],
    text: ExerciseText,
    newest_id: UUID | None = None,
    *,
    is_retired: bool = False,
    for_safety: bool = False,
) -> Prescribed:
    return Prescribed(
        id=row.id,
        thread_id=row.thread_id,
        exercise_id=row.exercise_id,
        revision_id=row.exercise_revision_id,
        current_revision_id=newest_id or row.exercise_revision_id,
        text=text,
        position=Position(row.position),
        dose=dose_of(row),
        start=start_of(row),
        last_day=row.last_day,
        note=row.note,
        is_retired=is_retired,
        changed_for_safety=for_safety,
    )


@dataclass(frozen=True)
class Answer:
    """A clinician's written reason at a warning."""

    seq: int
    reason: str
    by: str
    at: datetime


Answers = Mapping[tuple[UUID, Cause], Answer]
"""The reason that stands at each (thread, cause)."""


_ANSWERS = select(
    WarningAnswer.seq,
    WarningAnswer.thread_id,
    WarningAnswer.cause_key,
    WarningAnswer.cause_version,
    WarningAnswer.reason,
    Account.name,
    WarningAnswer.at,
).join(Account, Account.id == WarningAnswer.by)


def answers_of(plan_id: ColumnElement[UUID]) -> Select[*tuple[Any, ...]]:
    """For :func:`read_answers`, beside a row that names the plan."""
    return _ANSWERS.where(WarningAnswer.plan_id == plan_id)


def read_answers(rows: Iterable[Iterable[Any]]) -> Answers:
    """The newest answer to each (thread, cause), without those taken back."""
    newest = {
        (thread_id, Cause(key, version)): Answer(seq, reason, name, at)
        for seq, thread_id, key, version, reason, name, at in sorted(map(tuple, rows))
    }
    return {key: answer for key, answer in newest.items() if answer.reason}


def find_in_force(plan_id: UUID) -> PlanRevision | None:
    """The approved revision with the greatest number."""
    return db.session.scalar(
        select(PlanRevision)
        .where(PlanRevision.plan_id == plan_id, PlanRevision.number.is_not(None))
        .order_by(PlanRevision.number.desc())
        .limit(1)
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
    rows = read_rows(NOW.of_plan, {"plan_id": plan_id})
    return next(_sheets(rows, moment), None)


def read_sheet_then(plan_id: UUID, moment: Moment) -> PlanSheet | None:
    """What the patient could know of this plan at ``moment``, whatever came after it."""
    rows = read_rows(THEN.of_plan, {"plan_id": plan_id, "until": moment.now})
    return next(_sheets(rows, moment), None)


def read_revision_sheet(plan_id: UUID, number: int, moment: Moment) -> PlanSheet | None:
    """What one approved revision says, whether in force or not, stopped or not; for staff."""
    found = read_rows(NOW.of_revision, {"plan_id": plan_id, "number": number})
    return next(_sheets(found, moment, as_approved=True), None)


def read_sheets_of(person_id: UUID, moment: Moment) -> tuple[PlanSheet, ...]:
    """The sheets of every plan of the patient whose account this is, ended ones included."""
    rows = read_rows(NOW.of_person, {"person_id": person_id})
    return tuple(_sheets(rows, moment))


def _sheets(
    rows: Sequence[SheetRow], moment: Moment, *, as_approved: bool = False
) -> Iterator[PlanSheet]:
    for plan_id, group in groupby(rows, key=attrgetter("plan_id")):
        found = list(group)
        first = found[0]
        stopped = (row for row in found if row.thread_event == EventKind.STOPPED)
        yield make_sheet(
            plan_id,
            first.code,
            first,
            Told.from_data(json.loads(first.told)),
            tuple(_prescribed(row, text_of(row.exercise_revision_id, row.text)) for row in found),
            moment,
            ended_on=first.plan_event_on if first.plan_event == EventKind.ENDED else None,
            stopped_on=first.plan_event_on if first.plan_event == EventKind.STOPPED else None,
            stops={row.thread_id: row.thread_event_on for row in stopped},
            as_approved=as_approved,
        )


def make_sheet(
    plan_id: UUID,
    code: str,
    revision: PlanRevision | SheetRow,
    told: Told,
    rows: tuple[Prescribed, ...],
    moment: Moment,
    *,
    ended_on: date | None = None,
    stopped_on: date | None = None,
    stops: Mapping[UUID, date] = NO_STOPS,
    as_approved: bool = False,
) -> PlanSheet:
    """The sheet of an approved revision, or of a draft as if it were approved at this moment.

    ``stops``: thread -> the day on which it was stopped; ``as_approved`` shows it all the same.
    """
    return PlanSheet(
        plan_id=plan_id,
        plan_code=code,
        revision=revision.number or 0,
        title=revision.title,
        day=moment.day,
        approved_on=day_of(revision.approved_at or moment.now, moment.zone),
        told=told,
        safety=moment.safety,
        items=make_items(rows, moment.day, NO_STOPS if as_approved else stops),
        review_on=revision.review_on,
        ended_on=ended_on,
        stopped_on=stopped_on,
        has_stops=bool(stops),
    )
