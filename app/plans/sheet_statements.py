"""What a sheet is made of, in one statement: as it stands, and as it stood at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.orm import aliased

from app.catalogue.models import ExerciseRevision
from app.patients.models import Patient
from app.plans.models import Plan, PlanEvent, PlanRevision, Prescription

SheetRow = Row[*tuple[Any, ...]]
"""A prescription's columns and its text; those of its plan and revision; last events of both.

``text`` is JSON that nobody has read yet: mostly the process keeps what it says. ``told`` is, too,
because it stands in each row, and is read once.
"""

SheetSelect = Select[*tuple[Any, ...]]
UNTIL: BindParameter[datetime] = bindparam("until")
PLAN_ID: BindParameter[UUID] = bindparam("plan_id")


def greatest_number(until: ColumnElement[datetime] | None = None) -> ScalarSelect[int | None]:
    """The number of the revision in force of the plan around it (at ``until``)."""
    other = aliased(PlanRevision)
    found = select(func.max(other.number)).where(other.plan_id == Plan.id)
    if until is not None:
        found = found.where(other.approved_at <= until)
    return found.correlate(Plan).scalar_subquery()


def last_event(
    thread: ColumnElement[UUID] | None = None, until: ColumnElement[datetime] | None = None
) -> ScalarSelect[int | None]:
    """The number of the last event of the plan around it, or of one thread of it."""
    other = aliased(PlanEvent)
    about = other.thread_id.is_(None) if thread is None else other.thread_id == thread
    found = select(func.max(other.seq)).where(other.plan_id == Plan.id, about)
    if until is not None:
        found = found.where(other.at <= until)
    return found.correlate(Plan, Prescription).scalar_subquery()


@dataclass(frozen=True)
class SheetStatements:
    """Sheets of one plan, of one of its revisions, of all plans of one person."""

    of_plan: SheetSelect
    of_revision: SheetSelect
    of_person: SheetSelect


def _build(until: ColumnElement[datetime] | None) -> SheetStatements:
    of_plan, of_thread = aliased(PlanEvent), aliased(PlanEvent)
    thread = Prescription.thread_id.expression
    sheet = (
        select(
            Plan.id.label("plan_id"),
            Plan.code,
            PlanRevision.number,
            PlanRevision.title,
            PlanRevision.approved_at,
            PlanRevision.review_on,
            cast(PlanRevision.told, Text).label("told"),
            *Prescription.__table__.columns,
            cast(ExerciseRevision.data, Text).label("text"),
            of_plan.kind.label("plan_event"),
            of_plan.day.label("plan_event_on"),
            of_thread.kind.label("thread_event"),
            of_thread.day.label("thread_event_on"),
        )
        .select_from(Plan)
        .join(PlanRevision, PlanRevision.plan_id == Plan.id)
        .join(Prescription, Prescription.revision_id == PlanRevision.id)
        .join(ExerciseRevision, ExerciseRevision.id == Prescription.exercise_revision_id)
        .outerjoin(of_plan, of_plan.seq == last_event(until=until))
        .outerjoin(of_thread, of_thread.seq == last_event(thread, until))
        .order_by(Plan.created_at, Plan.id, Prescription.place, Prescription.id)
    )
    in_force = sheet.where(PlanRevision.number == greatest_number(until))
    return SheetStatements(
        of_plan=in_force.where(Plan.id == PLAN_ID),
        of_revision=sheet.where(Plan.id == PLAN_ID, PlanRevision.number == bindparam("number")),
        of_person=in_force.join(Patient, Patient.id == Plan.patient_id).where(
            Patient.person_id == bindparam("person_id")
        ),
    )


NOW = _build(None)
"""No event is left out by a clock: what was stopped is stopped, whatever the time is said to be."""

THEN = _build(UNTIL)
