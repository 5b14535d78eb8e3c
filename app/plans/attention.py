"""Plans in force that somebody should look at: their text was superseded, or a condition came.

Worked out whenever it is asked, so a condition that was added a moment ago is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.catalogue.caution_table import ExerciseCaution
from app.catalogue.models import Condition, Exercise, ExerciseRevision
from app.catalogue.rules import Grade, Level
from app.database import db
from app.patients.models import CareTeamMember, Patient, PatientCondition
from app.plans.checks import Cause, condition_cause, text_cause
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.plans.reads import changed_for_safety, list_answers
from app.plans.sheet_statements import greatest_number

AT_ONCE = 2000
"""So many are read in one go; those that are answered are among them, so it goes on to the end."""

URGENT = (Grade.SAFETY.value, Level.CONTRAINDICATION.value)
"""What stands on top until it is answered."""


@dataclass(frozen=True)
class Flag:
    """One exercise of a plan in force that nobody has answered for."""

    patient_id: UUID
    patient_name: str
    plan_id: UUID
    plan_title: str
    exercise: str
    weight: str
    condition: str

    @property
    def is_urgent(self) -> bool:
        return self.weight in URGENT


@dataclass(frozen=True)
class FlaggedPlan:
    """A plan with all that is to be looked at in it."""

    patient_id: UUID
    patient_name: str
    plan_id: UUID
    plan_title: str
    flags: tuple[Flag, ...]

    @property
    def is_urgent(self) -> bool:
        return any(flag.is_urgent for flag in self.flags)


def list_flagged_plans(therapist_id: UUID, today: date) -> tuple[FlaggedPlan, ...]:
    """The plans of this therapist's patients in treatment, what is urgent first."""
    found = _open(_OF_THERAPIST, {"therapist_id": therapist_id, "today": today})
    return _grouped(flag for flag, _row in found)


@dataclass(frozen=True)
class Unanswered:
    """How many plans of a therapist's patients hold an older text of an exercise."""

    exercise_id: UUID
    exercise: str
    weight: str
    therapist: str
    plans: int

    @property
    def is_urgent(self) -> bool:
        return self.weight in URGENT


def count_unanswered(today: date) -> tuple[Unanswered, ...]:
    """For whoever keeps the catalogue: by exercise and therapist, and no patient's name."""
    names: dict[UUID, list[str]] = {}
    found = list(_open(_OF_CLINIC, {"today": today}))
    team = (
        select(CareTeamMember.patient_id, Account.name)
        .join(Account, Account.id == CareTeamMember.therapist_id)
        .where(CareTeamMember.patient_id.in_({flag.patient_id for flag, _row in found}))
        .order_by(Account.name_key)
    )
    for patient_id, name in db.session.execute(team):
        names.setdefault(patient_id, []).append(name)
    counts: dict[tuple[UUID, str], set[UUID]] = {}
    said: dict[UUID, Flag] = {}
    for flag, row in found:
        if row.exercise_id not in said or flag.is_urgent:
            said[row.exercise_id] = flag
        for name in names.get(flag.patient_id, [""]):
            counts.setdefault((row.exercise_id, name), set()).add(flag.plan_id)
    lines = (
        Unanswered(exercise_id, said[exercise_id].exercise, said[exercise_id].weight, name,
                   len(plans))
        for (exercise_id, name), plans in counts.items()
    )  # fmt: skip
    return tuple(sorted(lines, key=lambda one: (not one.is_urgent, one.exercise, one.therapist)))


def _grouped(flags: Iterable[Flag]) -> tuple[FlaggedPlan, ...]:
    by_plan = sorted(flags, key=lambda flag: (flag.plan_id, not flag.is_urgent, flag.exercise))
    plans = []
    for _plan_id, group in groupby(by_plan, key=lambda flag: flag.plan_id):
        some = tuple(dict.fromkeys(group))
        one = some[0]
        plans.append(
            FlaggedPlan(one.patient_id, one.patient_name, one.plan_id, one.plan_title, some)
        )
    return tuple(sorted(plans, key=lambda plan: (not plan.is_urgent, plan.patient_name)))


def _open(statement: Select[Any], values: Mapping[str, object]) -> Iterable[tuple[Flag, Any]]:
    """What is flagged and has no answer, with the row that says so."""
    for skip in count(0, AT_ONCE):
        rows = db.session.execute(statement, {**values, "most": AT_ONCE, "skip": skip}).all()
        answers = list_answers(*{row.plan_id for row in rows}) if rows else {}
        for row in rows:
            if (row.thread_id, _cause(row)) not in answers:
                yield _flag(row), row
        if len(rows) < AT_ONCE:
            return


def _flag(row: Any) -> Flag:
    return Flag(
        row.patient_id,
        row.patient_name,
        row.plan_id,
        row.plan_title,
        row.exercise,
        row.weight,
        row.condition_name,
    )


def _cause(row: Any) -> Cause:
    if row.condition:
        return condition_cause(row.exercise_id, row.condition, row.weight, row.sentence)
    return text_cause(row.newest_id)


def _in_force() -> Any:
    """What was approved last in each plan and is not over."""
    return (
        select(
            Plan.id.label("plan_id"),
            Patient.id.label("patient_id"),
            Patient.name.label("patient_name"),
            PlanRevision.title.label("plan_title"),
            Prescription.thread_id,
            Prescription.exercise_id,
            Prescription.exercise_revision_id,
        )
        .join(Plan, Plan.patient_id == Patient.id)
        .join(
            PlanRevision,
            and_(PlanRevision.plan_id == Plan.id, PlanRevision.number == greatest_number()),
        )
        .join(Prescription, Prescription.revision_id == PlanRevision.id)
        .where(or_(Prescription.last_day.is_(None), Prescription.last_day >= bindparam("today")))
    )


_newest = aliased(ExerciseRevision)


def _superseded(held: CTE) -> Select[Any]:
    """Those whose exercise has a newer text."""
    for_safety = select(literal(Grade.SAFETY.value)).where(changed_for_safety).scalar_subquery()
    return (
        _flags_of(
            held,
            newest_id=_newest.id.expression,
            weight=func.coalesce(for_safety, Grade.WORDING.value),
            condition=literal(""),
            sentence=literal(""),
            condition_name=literal(""),
        )
        .join(Exercise, Exercise.id == held.c.exercise_id)
        .join(
            _newest,
            and_(_newest.exercise_id == Exercise.id, _newest.number == Exercise.current_number),
        )
        .where(Exercise.current_number != ExerciseRevision.number)
    )


def _ruled_out(held: CTE) -> Select[Any]:
    """Those whose text speaks against something that is true of the patient."""
    return (
        _flags_of(
            held,
            newest_id=null(),
            weight=ExerciseCaution.level.expression,
            condition=ExerciseCaution.condition.expression,
            sentence=ExerciseCaution.sentence.expression,
            condition_name=Condition.name.expression,
        )
        .join(ExerciseCaution, ExerciseCaution.exercise_revision_id == ExerciseRevision.id)
        .join(Condition, Condition.slug == ExerciseCaution.condition)
        .join(
            PatientCondition,
            and_(
                PatientCondition.condition_id == Condition.id,
                PatientCondition.patient_id == held.c.patient_id,
                PatientCondition.ended_at.is_(None),
            ),
        )
    )


def _flags_of(held: CTE, **said: ColumnElement[Any]) -> Select[Any]:
    title = type_coerce(ExerciseRevision.data["title"].as_string(), String)
    return select(
        held, title.label("exercise"), *(column.label(name) for name, column in said.items())
    ).join(ExerciseRevision, ExerciseRevision.id == held.c.exercise_revision_id)


def _urgent_first(*parts: Select[Any]) -> Select[Any]:
    """What is flagged, without plans that ended or were stopped, and without stopped threads."""
    found = union_all(*parts).subquery()
    urgency = case((found.c.weight.in_(URGENT), 0), else_=1)
    each = (found.c.patient_name, found.c.plan_id, found.c.thread_id, found.c.condition)
    return (
        select(found)
        .where(_goes_on(found.c.plan_id), _goes_on(found.c.plan_id, found.c.thread_id))
        .order_by(urgency, *each)
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )


def _goes_on(
    plan_id: ColumnElement[UUID], thread_id: ColumnElement[UUID] | None = None
) -> ColumnElement[bool]:
    """Whether a plan, or one thread of it, was neither ended nor stopped."""
    about = PlanEvent.thread_id.is_(None) if thread_id is None else PlanEvent.thread_id == thread_id
    last = select(PlanEvent.kind).where(PlanEvent.plan_id == plan_id, about)
    last_kind = last.order_by(PlanEvent.seq.desc()).limit(1).scalar_subquery()
    return func.coalesce(last_kind, EventKind.REOPENED.value) == EventKind.REOPENED.value


# Both databases read a table that is named twice once, and first: so it stays one caseload.
_mine = (
    _in_force()
    .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
    .where(CareTeamMember.therapist_id == bindparam("therapist_id"), Patient.archived_at.is_(None))
    .cte("mine")
)
_OF_THERAPIST = _urgent_first(_superseded(_mine), _ruled_out(_mine))
_OF_CLINIC = _urgent_first(_superseded(_in_force().cte("everybodys")))
