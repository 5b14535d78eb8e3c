"""Templates of plans, of one's own or the clinic's: exercises and doses, and no pinned text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
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
from app.plans.models import Plan, PlanRevision, Prescription
from app.plans.records import person_id, record_plan
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
    _add_rows(draft, template, range(template.count), today)
    return plan


@dataclass(frozen=True)
class Offer:
    """A template as somebody may choose from it: the number of each row that is offered still."""

    template: PlanTemplate
    titles: Mapping[int, str]


def list_offers(person_id: UUID) -> list[Offer]:
    """The templates that this therapist may use, without exercises that are gone."""
    found = list_templates(person_id)
    exercises = _exercises_of(found)
    offers = [
        Offer(
            one,
            {
                number: exercises[id].text.title
                for number, id in enumerate(map(_exercise_id, one.data))
                if id in exercises
            },
        )
        for one in found
    ]
    return [offer for offer in offers if offer.titles]


def add_to_draft(
    plan: PlanHandle,
    template: PlanTemplate,
    chosen: Collection[int],
    *,
    save_key: UUID,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """Put these rows of the template below the draft's own, pinned to their newest texts.

    The same ``save_key`` again is a double click and adds nothing.
    """
    draft = service.the_draft(plan)
    if draft.save_key == save_key:
        return
    if not chosen:
        raise RuleBroken(N_("Choose at least one exercise."), field="rows")
    there = len(reads.list_rows(draft.id))
    if there + len(chosen) > rules.MAX_ROWS:
        raise RuleBroken(N_("A plan holds at most %(most)s exercises."), most=rules.MAX_ROWS)
    _add_rows(draft, template, chosen, max(draft.start_on or today, today), there)
    draft.version, draft.save_key, draft.saved_at = draft.version + 1, save_key, now
    record_plan("add-template", plan.id, plan.patient.id, by, now)


def _add_rows(
    draft: PlanRevision,
    template: PlanTemplate,
    chosen: Collection[int],
    first_day: date,
    place: int = 0,
) -> None:
    exercises = _exercises_of([template])
    for number, packed in enumerate(template.data):
        exercise = exercises.get(_exercise_id(packed))
        if number in chosen and exercise:
            row = rows.row_for(draft, exercise, place)
            for column in DOSE_COLUMNS:
                setattr(row, column, packed[column])
            start = _start(packed["days_after"], first_day)
            row.start = row.start if start == Start.unset() else start
            db.session.add(row)
            place += 1
    db.session.flush()


def _exercises_of(templates: Iterable[PlanTemplate]) -> dict[UUID, Exercise]:
    """What the catalogue still offers of them."""
    ids = {_exercise_id(packed) for one in templates for packed in one.data}
    found = db.session.scalars(
        select(Exercise)
        .where(Exercise.id.in_(ids))
        .options(joinedload(Exercise.current, innerjoin=True))
    )
    return {exercise.id: exercise for exercise in found if exercise.is_offered}


def _exercise_id(packed: Mapping[str, Any]) -> UUID:
    return UUID(packed["exercise_id"])


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
