"""How many plans have an exercise: counts, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from app.database import db
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.plans.sheet_statements import greatest_number, last_event


@dataclass(frozen=True)
class PlanUse:
    """Plans whose approved revision in force has the exercise, and drafts that have it."""

    in_force: int
    drafts: int


_holding = (
    select(func.count(Plan.id.distinct()))
    .join(PlanRevision, PlanRevision.plan_id == Plan.id)
    .join(Prescription, Prescription.revision_id == PlanRevision.id)
    .outerjoin(PlanEvent, PlanEvent.seq == last_event())
    .where(Prescription.exercise_id.in_(bindparam("ids", expanding=True)))
)
_is_open = or_(PlanEvent.kind.is_(None), PlanEvent.kind == EventKind.REOPENED.value)
_COUNTS = select(
    _holding.where(PlanRevision.number == greatest_number(), _is_open).scalar_subquery(),
    _holding.where(PlanRevision.number.is_(None)).scalar_subquery(),
)


def count_use(exercise_ids: Sequence[UUID]) -> PlanUse:
    """The plans with any of these exercises, ended ones left out, in one statement."""
    return PlanUse(*db.session.execute(_COUNTS, {"ids": exercise_ids}).one())
