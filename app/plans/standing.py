"""How it stands with patients' plans: what a list asks of each plan, and its filters."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.patients.models import Patient
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.plans.rules import StartState
from app.plans.sheet_statements import greatest_number

Found = TypeVar("Found")


class Standing(StrEnum):
    """What may be the case with a patient's plans; several may be at once."""

    DRAFT = "draft"
    IN_FORCE = "in-force"
    NOTHING_APPROVED = "nothing-approved"
    WITHHELD = "withheld"
    STOPPED = "stopped"
    REVIEW = "review"
    NO_PLAN = "no-plan"


_draft = aliased(PlanRevision)
HAS_DRAFT = exists().where(_draft.plan_id == Plan.id, _draft.number.is_(None))
# A plan whose only draft was discarded has no revision at all: for a list it is no plan.
_has_revision = exists().where(_draft.plan_id == Plan.id)
NEWEST = greatest_number()
LAST_EVENT = (
    select(PlanEvent.kind)
    .where(PlanEvent.plan_id == Plan.id, PlanEvent.thread_id.is_(None))
    .order_by(PlanEvent.seq.desc())
    .limit(1)
    .correlate(Plan)
    .scalar_subquery()
)
_is_open = func.coalesce(LAST_EVENT, EventKind.REOPENED.value) == EventKind.REOPENED.value
_is_stopped = func.coalesce(LAST_EVENT, "") == EventKind.STOPPED.value


def _of_revision_in_force(column: InstrumentedAttribute[Found]) -> ScalarSelect[Found]:
    return (
        select(column)
        .where(PlanRevision.plan_id == Plan.id, PlanRevision.number.is_not(None))
        .order_by(PlanRevision.number.desc())
        .limit(1)
        .correlate(Plan)
        .scalar_subquery()
    )


REVIEW_ON = _of_revision_in_force(PlanRevision.review_on)
WITHHELD = (
    select(func.count(Prescription.id))
    .where(
        Prescription.revision_id == _of_revision_in_force(PlanRevision.id),
        Prescription.start_state == StartState.WITHHELD.value,
    )
    .correlate(Plan)
    .scalar_subquery()
)


def patients_with(standing: Standing, today: date) -> ColumnElement[bool]:
    """Whether a patient (of the statement around it) stands so."""
    match standing:
        case Standing.DRAFT:
            return _plans().where(HAS_DRAFT).exists()
        case Standing.IN_FORCE:
            return _plans().where(NEWEST.is_not(None), _is_open).exists()
        case Standing.NOTHING_APPROVED:
            approved = _plans().where(NEWEST.is_not(None)).exists()
            return _plans().where(HAS_DRAFT).exists() & ~approved
        case Standing.WITHHELD:
            # A count, because PostgreSQL would turn EXISTS into a join over every plan there is.
            waiting = _plans().where(_is_open, WITHHELD > 0)
            return waiting.with_only_columns(func.count(Plan.id)).scalar_subquery() > 0
        case Standing.STOPPED:
            return _plans().where(_is_stopped).exists()
        case Standing.REVIEW:
            due = _plans().where(_is_open, today > REVIEW_ON)
            return due.with_only_columns(func.count(Plan.id)).scalar_subquery() > 0
        case Standing.NO_PLAN:
            return ~_plans().where(_has_revision).exists()


def _plans() -> Select[UUID]:
    return select(Plan.id).where(Plan.patient_id == Patient.id).correlate(Patient)
