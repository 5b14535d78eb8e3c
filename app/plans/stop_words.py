"""What every page of a patient says of what was stopped."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from app.catalogue.models import ExerciseRevision
from app.database import db
from app.patients.models import Patient
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.plans.sheet_statements import greatest_number, last_event
from app.plans.words import short_day
from app.policy import Person

_of_plan, _later = aliased(PlanEvent), aliased(PlanEvent)
_STOPS = (
    select(PlanEvent.plan_id, PlanEvent.thread_id, PlanEvent.day, PlanRevision, ExerciseRevision)
    .join(Plan, Plan.id == PlanEvent.plan_id)
    .join(Patient, Patient.id == Plan.patient_id)
    .join(
        PlanRevision,
        and_(PlanRevision.plan_id == Plan.id, PlanRevision.number == greatest_number()),
    )
    .outerjoin(
        Prescription,
        and_(
            Prescription.revision_id == PlanRevision.id,
            Prescription.thread_id == PlanEvent.thread_id,
        ),
    )
    .outerjoin(ExerciseRevision, ExerciseRevision.id == Prescription.exercise_revision_id)
    .outerjoin(_of_plan, _of_plan.seq == last_event())
    .where(
        Patient.person_id == bindparam("person_id"),
        PlanEvent.kind == EventKind.STOPPED.value,
        PlanEvent.seq
        == select(func.max(_later.seq))
        .where(
            _later.plan_id == PlanEvent.plan_id,
            _later.thread_id.is_not_distinct_from(PlanEvent.thread_id),
        )
        .correlate(PlanEvent)
        .scalar_subquery(),
        # What is said of a whole plan that ended or was stopped says enough.
        PlanEvent.thread_id.is_(None)
        | (func.coalesce(_of_plan.kind, EventKind.REOPENED.value) == EventKind.REOPENED.value),
    )
    .order_by(PlanEvent.seq, Prescription.place)
)


def stop_words(person: Person) -> list[str]:
    """A sentence for each plan and each exercise of this patient that is stopped now."""
    said: dict[tuple[UUID, UUID | None], str] = {}
    rows = db.session.execute(_STOPS, {"person_id": person.id})
    for plan_id, thread_id, day, revision, text in rows:
        if thread_id and text is None:
            continue  # it is in the plan no more
        what = text.text.title if thread_id else revision.title
        said.setdefault(
            (plan_id, thread_id),
            _("%(what)s was stopped on %(day)s. Do not do it any more.",
              what=what, day=short_day(day)),
        )  # fmt: skip
    return list(said.values())
