"""All that is prescribed for a patient: in one draft, and in what was approved last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, or_

from app.database import read_rows
from app.plans.checks import Elsewhere
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.plans.reads import COLUMNS, prescribed
from app.plans.rules import Prescribed
from app.plans.sheet_statements import greatest_number, last_event

_is_newest = PlanRevision.number == greatest_number()
_OF_PATIENT = (
    COLUMNS.join(PlanRevision, PlanRevision.id == Prescription.revision_id)
    .join(Plan, Plan.id == PlanRevision.plan_id)
    .outerjoin(PlanEvent, PlanEvent.seq == last_event())
    .where(
        Plan.patient_id == bindparam("patient_id"),
        or_(_is_newest, PlanRevision.id == bindparam("draft_id")),
    )
    .add_columns(
        PlanRevision.id.label("plan_revision_id"),
        PlanRevision.plan_id,
        PlanRevision.title,
        _is_newest.label("is_newest"),
        PlanEvent.kind,
    )
)


@dataclass(frozen=True)
class Approved:
    """What was approved last for a patient: in this plan, whatever became of it, and in the others
    that hold."""

    here: tuple[Prescribed, ...]
    elsewhere: tuple[Elsewhere, ...]


def list_approved(plan_id: UUID, patient_id: UUID) -> Approved:
    """In one statement."""
    return list_with_draft(plan_id, patient_id, None)[1]


def list_with_draft(
    plan_id: UUID, patient_id: UUID, draft_id: UUID | None
) -> tuple[tuple[Prescribed, ...], Approved]:
    """The rows of one revision of the plan in their order, and what was approved; in one statement.

    The revision is a draft, or was one until a moment ago.
    """
    asked: Mapping[str, object] = {"patient_id": patient_id, "draft_id": draft_id}
    found = read_rows(_OF_PATIENT, asked)
    values = prescribed(found)
    approved = [(row, value) for row, value in zip(found, values, strict=True) if row.is_newest]
    approved.sort(key=lambda pair: pair[1].id)
    return (
        tuple(v for row, v in zip(found, values, strict=True) if row.plan_revision_id == draft_id),
        Approved(
            tuple(value for row, value in approved if row.plan_id == plan_id),
            tuple(
                Elsewhere(row.plan_id, value, row.title)
                for row, value in approved
                if row.plan_id != plan_id and row.kind in (None, EventKind.REOPENED)
            ),
        ),
    )
