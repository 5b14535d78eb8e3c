"""How it stands with patients' plans: a list's filters, and what a list says of each patient."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.database import read_rows
from app.patients.models import Patient
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.plans.rules import StartState

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
_has_draft = exists().where(_draft.plan_id == Plan.id, _draft.number.is_(None))
# A plan whose only draft was discarded has no revision at all: for a list it is no plan.
_has_revision = exists().where(_draft.plan_id == Plan.id)
_newest = (
    select(func.max(PlanRevision.number))
    .where(PlanRevision.plan_id == Plan.id)
    .correlate(Plan)
    .scalar_subquery()
)
_last_event = (
    select(PlanEvent.kind)
    .where(PlanEvent.plan_id == Plan.id, PlanEvent.thread_id.is_(None))
    .order_by(PlanEvent.seq.desc())
    .limit(1)
    .correlate(Plan)
    .scalar_subquery()
)
_is_open = func.coalesce(_last_event, EventKind.REOPENED.value) == EventKind.REOPENED.value
_is_stopped = func.coalesce(_last_event, "") == EventKind.STOPPED.value


def _of_revision_in_force(column: InstrumentedAttribute[Found]) -> ScalarSelect[Found]:
    return (
        select(column)
        .where(PlanRevision.plan_id == Plan.id, PlanRevision.number.is_not(None))
        .order_by(PlanRevision.number.desc())
        .limit(1)
        .correlate(Plan)
        .scalar_subquery()
    )


_review_on = _of_revision_in_force(PlanRevision.review_on)
_withheld = (
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
            return _plans().where(_has_draft).exists()
        case Standing.IN_FORCE:
            return _plans().where(_newest.is_not(None), _is_open).exists()
        case Standing.NOTHING_APPROVED:
            approved = _plans().where(_newest.is_not(None)).exists()
            return _plans().where(_has_draft).exists() & ~approved
        case Standing.WITHHELD:
            # A count, because PostgreSQL would turn EXISTS into a join over every plan there is.
            waiting = _plans().where(_is_open, _withheld > 0)
            return waiting.with_only_columns(func.count(Plan.id)).scalar_subquery() > 0
        case Standing.STOPPED:
            return _plans().where(_is_stopped).exists()
        case Standing.REVIEW:
            due = _plans().where(_is_open, _review_on < today)
            return due.with_only_columns(func.count(Plan.id)).scalar_subquery() > 0
        case Standing.NO_PLAN:
            return ~_plans().where(_has_revision).exists()


def _plans() -> Select[UUID]:
    return select(Plan.id).where(Plan.patient_id == Patient.id).correlate(Patient)


@dataclass(frozen=True)
class Plans:
    """A patient's plans in numbers; ``withheld`` counts exercises in force without a start,
    ``to_review`` plans whose review date has passed."""

    drafts: int = 0
    in_force: int = 0
    ended: int = 0
    stopped: int = 0
    withheld: int = 0
    to_review: int = 0


NO_PLANS = Plans()


_COUNTS = select(
    Plan.patient_id,
    _has_draft.label("draft"),
    _newest.is_not(None).label("approved"),
    _last_event.label("last_event"),
    _withheld.label("withheld"),
    _review_on.label("review_on"),
).where(Plan.patient_id.in_(bindparam("patient_ids", expanding=True)))


def count_plans(patient_ids: Collection[UUID], today: date) -> dict[UUID, Plans]:
    """For each patient that has a plan, in one statement."""
    rows = read_rows(_COUNTS, {"patient_ids": list(patient_ids)})
    found: dict[UUID, Plans] = {}
    for row in rows:
        so_far = found.get(row.patient_id, NO_PLANS)
        is_open = row.last_event not in (EventKind.ENDED, EventKind.STOPPED)
        in_force = bool(row.approved and is_open)
        found[row.patient_id] = Plans(
            drafts=so_far.drafts + bool(row.draft),
            in_force=so_far.in_force + in_force,
            ended=so_far.ended + (row.last_event == EventKind.ENDED),
            stopped=so_far.stopped + (row.last_event == EventKind.STOPPED),
            withheld=so_far.withheld + (row.withheld if in_force else 0),
            to_review=so_far.to_review + bool(in_force and row.review_on and row.review_on < today),
        )
    return found
