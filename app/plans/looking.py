"""A plan in force, looked at again: what speaks against it now, and a clinician's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from app.audit.service import Actor
from app.catalogue.rules import ExerciseText
from app.catalogue.texts import find_texts
from app.database import db
from app.errors import N_, RuleBroken
from app.listed import listed
from app.patients.models import Patient
from app.plans import reads, rows, service
from app.plans.checks import PlanWarning, find_warnings
from app.plans.events import Halts, halts_of, read_halts
from app.plans.handles import PlanHandle
from app.plans.models import Plan, PlanRevision, WarningAnswer
from app.plans.on_record import ANSWERS, CONDITIONS, read_conditions
from app.plans.reads import read_answers
from app.plans.records import person_id, record_plan
from app.plans.rules import Prescribed


@dataclass(frozen=True)
class Matter:
    """A warning about what is in force, its answer if there is one, and the newer text."""

    warning: PlanWarning
    row: Prescribed
    answer: reads.Answer | None
    newest: ExerciseText | None

    @property
    def name(self) -> str:
        """What a form calls it."""
        return f"{self.row.id}:{self.warning.cause.key}"


@dataclass(frozen=True)
class Beside:
    """What staff are told beside the sheet: draft, ends and stops, conditions (slug -> name) and
    answers."""

    draft: PlanRevision | None
    halts: Halts
    conditions: Mapping[str, str]
    answers: reads.Answers


NOTHING_BESIDE = Beside(None, Halts({}, is_over=False), {}, {})

_BESIDE = (
    select(PlanRevision, listed(halts_of(Plan.id.expression), Plan), CONDITIONS, ANSWERS)
    .select_from(Plan)
    .join(Patient, Patient.id == Plan.patient_id)
    .outerjoin(PlanRevision, and_(PlanRevision.plan_id == Plan.id, PlanRevision.number.is_(None)))
    .where(Plan.id == bindparam("plan_id"))
)


def find_beside(plan_id: UUID) -> Beside:
    """In one statement."""
    row = db.session.execute(_BESIDE, {"plan_id": plan_id}).one()
    draft, halts, conditions, answers = row
    return Beside(draft, read_halts(halts), read_conditions(conditions), read_answers(answers))


def list_matters(plan: PlanHandle, today: date, beside: Beside) -> tuple[Matter, ...]:
    """All that speaks against the revision in force, open ones first."""
    halts = beside.halts
    if halts.is_over:
        return ()
    said = tuple(
        value
        for _row, value in reads.list_rows_in_force(plan.id)
        if value.thread_id not in halts.stops and not (value.last_day and value.last_day < today)
    )
    warnings = find_warnings(said, beside.conditions, plan.patient.name)
    by_id = {row.id: row for row in said}
    newer = find_texts(row.current_revision_id for row in said if row.is_superseded)
    matters = (
        Matter(
            warning,
            by_id[warning.prescription_id],
            beside.answers.get((warning.thread_id, warning.cause)),
            newer.get(by_id[warning.prescription_id].current_revision_id)
            if warning.cause.key == "text"
            else None,
        )
        for warning in warnings
    )
    return tuple(sorted(matters, key=lambda matter: matter.answer is not None))


def leave_as_it_is(
    plan: PlanHandle, matter: Matter, version: str, reason: str, *, by: Actor, now: datetime
) -> None:
    """A written reason why what is in force stays right. The same again is kept once.

    ``version``: of the cause that the clinician saw.
    """
    if version != matter.warning.cause.version:
        raise RuleBroken(N_("This changed while you were reading. Look at it again."))
    if not reason.strip():
        raise RuleBroken(N_("Write a reason. The next clinician will read it."), field="reason")
    reads.find_draft(plan.id, lock=True)
    if matter.answer and matter.answer.reason == reason:
        return
    db.session.add(
        WarningAnswer(
            plan_id=plan.id,
            thread_id=matter.warning.thread_id,
            cause_key=matter.warning.cause.key,
            cause_version=matter.warning.cause.version,
            reason=reason,
            by=person_id(by),
            at=now,
        )
    )
    record_plan("answer-warning", plan.id, plan.patient.id, by, now)
    db.session.flush()


def take_over_in_draft(
    plan: PlanHandle, thread_id: UUID, *, by: Actor, now: datetime
) -> PlanRevision:
    """Open the draft and pin the thread to its newest text there, to be approved."""
    draft = service.open_draft(plan, by=by, now=now)
    found = [value for _row, value in reads.list_rows(draft.id) if value.thread_id == thread_id]
    if not found:
        raise RuleBroken(N_("This exercise is not in the draft any more."))
    stale = [value for value in found if value.is_superseded]
    for value in stale:
        rows.take_over_text(plan, draft, value.id, by=by, now=now)
    if stale:
        draft.version += 1
        db.session.flush()
    return draft
