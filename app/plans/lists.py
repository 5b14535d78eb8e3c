"""A patient's plans and a plan's revisions, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Row, func, select

from app.accounts.models import Account
from app.database import db
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision
from app.plans.sheet_statements import greatest_number, last_event


@dataclass(frozen=True)
class PlanSummary:
    """One line of a patient's record: what stands with a plan."""

    id: UUID
    code: str
    title: str
    in_force: int | None
    approved_at: datetime | None
    approved_by: str | None
    has_draft: bool
    ended_on: date | None
    stopped_on: date | None
    review_on: date | None

    @property
    def is_over(self) -> bool:
        return self.ended_on is not None or self.stopped_on is not None


def list_plans_of_patient(patient_id: UUID) -> tuple[PlanSummary, ...]:
    """A patient's plans, the newest first, in one statement."""
    rows = db.session.execute(
        select(Plan.id, Plan.code, PlanRevision, Account.name, PlanEvent.kind, PlanEvent.day)
        .join(PlanRevision, PlanRevision.plan_id == Plan.id)
        .outerjoin(Account, Account.id == PlanRevision.approved_by)
        .outerjoin(PlanEvent, PlanEvent.seq == last_event())
        .where(Plan.patient_id == patient_id)
        .where((PlanRevision.number == greatest_number()) | PlanRevision.number.is_(None))
        .order_by(Plan.created_at.desc(), Plan.id, PlanRevision.number)
    ).all()
    return tuple(_summary(list(group)) for _id, group in groupby(rows, key=lambda row: row[0]))


def _summary(rows: list[Row[UUID, str, PlanRevision, str, str, date]]) -> PlanSummary:
    approved = next((row for row in rows if row[2].number is not None), None)
    first = approved or rows[0]
    return PlanSummary(
        id=first[0],
        code=first[1],
        title=first[2].title,
        in_force=first[2].number,
        approved_at=first[2].approved_at,
        approved_by=first[3] if approved else None,
        has_draft=any(row[2].number is None for row in rows),
        ended_on=first[5] if first[4] == EventKind.ENDED else None,
        stopped_on=first[5] if first[4] == EventKind.STOPPED else None,
        review_on=first[2].review_on if approved else None,
    )


@dataclass(frozen=True)
class RevisionLine:
    """One line of a plan's revision list; ``number`` is None for the draft."""

    number: int | None
    at: datetime
    by: str


def list_revisions(plan_id: UUID) -> tuple[RevisionLine, ...]:
    """Every revision of a plan, the draft first, then the newest."""
    author = func.coalesce(PlanRevision.approved_by, PlanRevision.created_by)
    rows = db.session.execute(
        select(PlanRevision.number, PlanRevision.approved_at, PlanRevision.saved_at, Account.name)
        .join(Account, Account.id == author)
        .where(PlanRevision.plan_id == plan_id)
    )
    lines = [
        RevisionLine(number, approved or saved, name) for number, approved, saved, name in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.number or 1 << 30, reverse=True))
