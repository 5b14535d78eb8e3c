"""What attention.py asks of the database: built once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
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
from app.patients.models import CareTeamMember, Patient, PatientCondition
from app.plans.checks import CONDITION, HEX_DIGITS, TEXT
from app.plans.models import (
    EventKind,
    Plan,
    PlanEvent,
    PlanRevision,
    Prescription,
    WarningAnswer,
    WatchedPlan,
)
from app.plans.reads import changed_for_safety
from app.plans.sheet_statements import greatest_number

URGENT = (Grade.SAFETY.value, Level.CONTRAINDICATION.value)
"""What stands on top until it is answered."""


_ONE: ColumnElement[int] = literal_column("1")


def _word(ours: str) -> ColumnElement[str]:
    """A word of ours as a part of the statement: as values they are thirty, at each look."""
    return literal_column(f"'{ours}'", String())


def _in_force(*, watched: bool) -> Any:
    """What was approved last in each plan, or in each that is watched, and is not over."""
    # A watched plan is reached from its patient alone, so that no database begins with all plans.
    patient_id = WatchedPlan.patient_id if watched else Plan.patient_id
    found = select(
        Plan.id.label("plan_id"),
        patient_id,
        PlanRevision.title.label("plan_title"),
        Prescription.thread_id,
        Prescription.exercise_id,
        Prescription.exercise_revision_id,
    )
    if watched:
        found = found.select_from(WatchedPlan).join(Plan, Plan.id == WatchedPlan.plan_id)
    else:
        found = found.select_from(Plan)
    return (
        found.join(
            PlanRevision,
            and_(PlanRevision.plan_id == Plan.id, PlanRevision.number == greatest_number()),
        )
        .join(Prescription, Prescription.revision_id == PlanRevision.id)
        .where(or_(Prescription.last_day.is_(None), Prescription.last_day >= bindparam("today")))
    )


_newest = aliased(ExerciseRevision)


def _superseded(held: CTE) -> Select[Any]:
    """Those whose exercise has a newer text."""
    for_safety = select(_word(Grade.SAFETY)).where(changed_for_safety).scalar_subquery()
    return (
        _flags_of(
            held,
            newest_id=_newest.id.expression,
            cause_key=_word(TEXT),
            cause_version=_hex(_newest.id.expression),
            weight=func.coalesce(for_safety, _word(Grade.WORDING)),
            condition=_word(""),
            condition_name=_word(""),
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
            cause_key=_word(CONDITION) + ExerciseCaution.condition,
            cause_version=func.substr(_hex(held.c.exercise_id), _ONE, HEX_DIGITS)
            + " "
            + ExerciseCaution.level
            + ":"
            + ExerciseCaution.sentence,
            weight=ExerciseCaution.level.expression,
            condition=ExerciseCaution.condition.expression,
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


def _hex(id: ColumnElement[UUID]) -> ColumnElement[str]:
    """As a cause writes it, however the database shows an id."""
    return func.replace(cast(id, String), _word("-"), _word(""))


def _urgent_first(*parts: Select[Any]) -> Any:
    """What is flagged and unanswered, in the order of attention.Flag: of patients in treatment,
    without plans that ended or were stopped, and without stopped threads."""
    found = union_all(*parts).subquery()
    urgency = case(*((found.c.weight == urgent, 0) for urgent in URGENT), else_=1)
    each = (Patient.name, found.c.plan_id, found.c.thread_id, found.c.condition)
    return (
        select(
            found.c.patient_id,
            Patient.name,
            found.c.plan_id,
            found.c.plan_title,
            found.c.exercise,
            found.c.weight,
            found.c.condition_name,
        )
        .join(Patient, Patient.id == found.c.patient_id)
        .where(Patient.archived_at.is_(None), *_stands(found), _has_no_answer(found))
        .order_by(urgency, *each)
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )


def _has_no_answer(found: Subquery) -> ColumnElement[bool]:
    """Whether nobody gave a reason at this cause, or it was taken back."""
    answer = (
        select(WarningAnswer.reason)
        .where(
            WarningAnswer.plan_id == found.c.plan_id,
            WarningAnswer.thread_id == found.c.thread_id,
            WarningAnswer.cause_key == found.c.cause_key,
            WarningAnswer.cause_version == found.c.cause_version,
        )
        .order_by(WarningAnswer.seq.desc())
        .limit(_ONE)
        .scalar_subquery()
    )
    return func.coalesce(answer, _word("")) == _word("")


def _stands(found: Subquery) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _goes_on(found.c.plan_id), _goes_on(found.c.plan_id, found.c.thread_id)


def _goes_on(
    plan_id: ColumnElement[UUID], thread_id: ColumnElement[UUID] | None = None
) -> ColumnElement[bool]:
    """Whether a plan, or one thread of it, was neither ended nor stopped."""
    about = PlanEvent.thread_id.is_(None) if thread_id is None else PlanEvent.thread_id == thread_id
    last = select(PlanEvent.kind).where(PlanEvent.plan_id == plan_id, about)
    last_kind = last.order_by(PlanEvent.seq.desc()).limit(_ONE).scalar_subquery()
    return func.coalesce(last_kind, _word(EventKind.REOPENED)) == _word(EventKind.REOPENED)


def of_therapist(*, watched: bool) -> Select[UUID, str, UUID, str, str, str, str]:
    """What is flagged of a therapist's patients in treatment; the same, whether it is looked for
    among the watched plans or among all."""
    patient_id = WatchedPlan.patient_id if watched else Plan.patient_id
    # Both databases read a table that is named twice once, and first: so it stays one caseload.
    mine = (
        _in_force(watched=watched)
        .join(CareTeamMember, CareTeamMember.patient_id == patient_id)
        .where(CareTeamMember.therapist_id == bindparam("therapist_id"))
        .cte("mine")
    )
    flagged: Select[UUID, str, UUID, str, str, str, str] = _urgent_first(
        _superseded(mine), _ruled_out(mine)
    )
    return flagged


OF_THERAPIST = of_therapist(watched=True)


def of_clinic(*, watched: bool) -> Select[UUID, str, int, int]:
    """Superseded texts of the whole clinic that nobody answered for: newest text, therapist,
    whether one of them changed for safety, plans."""
    found = _superseded(_in_force(watched=watched).cte("everybodys")).subquery()
    return (
        select(
            found.c.newest_id,
            Account.name,
            func.max(case((found.c.weight == Grade.SAFETY.value, 1), else_=0)),
            func.count(found.c.plan_id.distinct()),
        )
        .outerjoin(CareTeamMember, CareTeamMember.patient_id == found.c.patient_id)
        .outerjoin(Account, Account.id == CareTeamMember.therapist_id)
        .where(*_stands(found), _has_no_answer(found))
        .group_by(found.c.newest_id, Account.id, Account.name)
    )


COUNTS = of_clinic(watched=True)
