"""Templates of plans, of one's own or the clinic's: exercises and doses, and no pinned text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import Exercise
from app.database import Base, db
from app.errors import N_, RuleBroken
from app.plans import reads, rows, rules, service
from app.plans.handles import PatientHandle, PlanHandle
from app.plans.models import Plan, Prescription
from app.plans.records import person_id
from app.plans.rules import Start, StartState
from app.text import search_key

MOST_TEMPLATES = 200
DOSE_COLUMNS = (
    "position", "repetitions_low", "repetitions_high", "hold_low", "hold_high", "sets", "rest",
    "times_per_day", "days_per_week", "weekdays", "side", "load", "note",
)  # fmt: skip
WITHHELD = -1
"""In place of the days after the first start."""


class PlanTemplate(Base):
    """``owner_id`` None: the clinic's. ``data`` is a list of rows (see :func:`_pack`)."""

    __tablename__ = "plan_templates"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)
    title: Mapped[str] = mapped_column(String(rules.MAX_TITLE))
    title_key: Mapped[str] = mapped_column(String(rules.MAX_TITLE))
    data: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_by: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    @property
    def count(self) -> int:
        return len(self.data)


def save_template(
    plan: PlanHandle,
    threads: Collection[UUID],
    title: str,
    *,
    for_clinic: bool,
    template_id: UUID,
    by: Actor,
    now: datetime,
) -> PlanTemplate:
    """Keep these threads of the plan as a template; the same id again gives the one that is there.

    Taken from the draft where there is one, else from what is in force.
    """
    title = " ".join(title.split())
    if not 0 < len(title) <= rules.MAX_TITLE:
        raise RuleBroken(N_("Give the template a title."), field="title")
    chosen = [row for row in list_source(plan) if row.thread_id in threads]
    if not chosen:
        raise RuleBroken(N_("Choose at least one exercise."), field="threads")
    owner = None if for_clinic else person_id(by)
    there = db.session.get(PlanTemplate, template_id)
    if there and there.made_by == person_id(by):
        return there
    first = min((row.start_on for row in chosen if row.start_on), default=None)
    template = PlanTemplate(
        id=uuid4() if there else template_id,
        owner_id=owner,
        title=title,
        title_key=search_key(title)[: rules.MAX_TITLE],
        data=[_pack(row, first) for row in chosen],
        made_by=person_id(by),
        made_at=now,
    )
    db.session.add(template)
    db.session.flush()
    record("save-template", About("template", template.id), by=by, now=now)
    return template


def list_source(plan: PlanHandle) -> list[Prescription]:
    """What a template of this plan would be made from: the first dose of each thread."""
    revision = reads.find_draft(plan.id) or reads.find_in_force(plan.id)
    first: dict[UUID, Prescription] = {}
    for row, _value in reads.list_rows(revision.id) if revision else ():
        first.setdefault(row.thread_id, row)
    return list(first.values())


def list_templates(person_id: UUID) -> list[PlanTemplate]:
    """This therapist's own and the clinic's, by title."""
    mine = or_(PlanTemplate.owner_id == person_id, PlanTemplate.owner_id.is_(None))
    return list(
        db.session.scalars(
            select(PlanTemplate)
            .where(mine, PlanTemplate.retired_at.is_(None))
            .order_by(PlanTemplate.title_key, PlanTemplate.id)
            .limit(MOST_TEMPLATES)
        )
    )


def find_template(template_id: UUID, person_id: UUID) -> PlanTemplate | None:
    """A template that this therapist may use."""
    found = db.session.get(PlanTemplate, template_id)
    if found is None or found.retired_at or found.owner_id not in (None, person_id):
        return None
    return found


def retire_template(template: PlanTemplate, *, by: Actor, now: datetime) -> None:
    """Offer it no more. Only whoever made it may; plans made from it stay as they are."""
    if template.made_by != person_id(by):
        raise RuleBroken(N_("Only the therapist who made this template may remove it."))
    if template.retired_at is None:
        template.retired_at = now
        db.session.flush()
        record("retire-template", About("template", template.id), by=by, now=now)


def start_from_template(
    patient: PatientHandle,
    template: PlanTemplate,
    *,
    plan_id: UUID,
    by: Actor,
    now: datetime,
    today: date,
) -> Plan:
    """A new plan with the template's exercises, pinned to their newest texts."""
    plan = service.start_plan(patient, template.title, by=by, now=now, plan_id=plan_id)
    draft = reads.find_draft(plan.id)
    if draft is None or reads.list_rows(draft.id):
        return plan  # the second of a double click
    ids = {UUID(packed["exercise_id"]) for packed in template.data}
    exercises = {
        exercise.id: exercise
        for exercise in db.session.scalars(
            select(Exercise)
            .where(Exercise.id.in_(ids))
            .options(joinedload(Exercise.current, innerjoin=True))
        )
    }
    for place, packed in enumerate(template.data):
        exercise = exercises.get(UUID(packed["exercise_id"]))
        if exercise and exercise.is_offered:
            row = rows.row_for(draft, exercise, place)
            for column in DOSE_COLUMNS:
                setattr(row, column, packed[column])
            row.start = _start(packed["days_after"], today)
            db.session.add(row)
    db.session.flush()
    return plan


def _pack(row: Prescription, first: date | None) -> dict[str, Any]:
    """A row without its text: an exercise, a dose, and how long after the first it starts."""
    packed = {column: getattr(row, column) for column in DOSE_COLUMNS}
    days = (row.start_on - first).days if row.start_on and first else 0
    after = WITHHELD if row.start_state == StartState.WITHHELD else days
    return {**packed, "exercise_id": str(row.exercise_id), "days_after": after}


def _start(days_after: int, today: date) -> Start:
    """What starts first follows the plan's own start date, so its start is not set yet."""
    if days_after == WITHHELD:
        return Start.withheld()
    return Start.on(today + timedelta(days=days_after)) if days_after else Start.unset()
