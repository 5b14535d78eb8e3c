"""A plan in force, looked at again: what speaks against it now, and a clinician's answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.audit.service import Actor
from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import ExerciseText
from app.database import db
from app.errors import N_, RuleBroken
from app.patients.service import find_conditions
from app.plans import reads, rows, service
from app.plans.checks import PlanWarning, find_warnings
from app.plans.events import Halts
from app.plans.handles import PlanHandle
from app.plans.models import PlanRevision, WarningAnswer
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


def list_matters(plan: PlanHandle, today: date, halts: Halts) -> tuple[Matter, ...]:
    """All that speaks against the revision in force, open ones first."""
    if halts.is_over:
        return ()
    said = tuple(
        value
        for _row, value in reads.list_rows_in_force(plan.id)
        if value.thread_id not in halts.stops and not (value.last_day and value.last_day < today)
    )
    has_cautions = any(value.text.cautions for value in said)
    conditions = find_conditions(plan.patient.id) if has_cautions else {}
    warnings = find_warnings(said, conditions, plan.patient.name)
    answers = reads.list_answers(plan.id) if warnings else {}
    by_id = {row.id: row for row in said}
    newer = _newer_texts(row for row in said if row.is_superseded)
    matters = (
        Matter(
            warning,
            by_id[warning.prescription_id],
            answers.get((warning.thread_id, warning.cause)),
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


def _newer_texts(said: Iterable[Prescribed]) -> dict[UUID, ExerciseText]:
    ids = {row.current_revision_id for row in said}
    if not ids:
        return {}
    found = db.session.scalars(select(ExerciseRevision).where(ExerciseRevision.id.in_(ids)))
    return {revision.id: revision.text for revision in found}
