"""A clinician's yes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.audit.service import Actor
from app.catalogue.models import Handout
from app.database import db
from app.errors import Conflict
from app.plans import reads
from app.plans.checks import check_can_approve
from app.plans.events import find_halts
from app.plans.handles import PlanHandle
from app.plans.models import ApprovalAnswer, PlanRevision
from app.plans.reads import Moment
from app.plans.records import person_id, record_plan
from app.plans.review import Review, review_draft
from app.plans.service import the_draft
from app.plans.sheet import PlanSheet, Told
from app.plans.standard_texts import FOLLOW_UP, INTRODUCTION, STOP_RULE


@dataclass(frozen=True)
class Clinic:
    """What approval copies of the clinic's settings."""

    name: str
    phone: str
    emergency_number: str


def approve_revision(
    plan: PlanHandle,
    draft_id: UUID,
    *,
    based_on: int,
    clinic: Clinic,
    by: Actor,
    now: datetime,
    today: date,
) -> PlanRevision:
    """Freeze the draft as the plan's next revision.

    Raises NotApprovable with every reason against it, and Conflict when the draft is another one,
    or was saved, since the clinician looked at it.
    """
    draft = the_draft(plan)
    if draft.id != draft_id or draft.version != based_on:
        raise Conflict(draft)
    review = review_draft(plan, draft)
    check_can_approve(
        review.rows,
        today=today,
        carried=review.carried,
        warnings=review.warnings,
        answered=review.answers.keys(),
        review_on=draft.review_on,
    )
    _keep_answers(plan, review)
    told = _told(plan, draft, clinic, by)
    number = db.session.scalar(
        select(func.coalesce(func.max(PlanRevision.number), 0)).where(
            PlanRevision.plan_id == plan.id
        )
    )
    draft.number = (number or 0) + 1
    draft.approved_by, draft.approved_at, draft.told = person_id(by), now, asdict(told)
    draft.removed = None
    db.session.flush()
    record_plan("approve-revision", plan.id, plan.patient.id, by, now)
    return draft


def find_approved(plan: PlanHandle, revision_id: UUID) -> PlanRevision | None:
    """The revision of this plan that a draft became, by the id it had as a draft."""
    found = db.session.get(PlanRevision, revision_id)
    return found if found and found.plan_id == plan.id and found.number else None


def preview_sheet(
    plan: PlanHandle, draft: PlanRevision, clinic: Clinic, by: Actor, moment: Moment
) -> PlanSheet:
    """The draft as the patient would see it if it were approved at this moment."""
    rows = tuple(value for _row, value in reads.list_rows(draft.id))
    halts = find_halts(plan.id)
    stops = {thread: stop.day for thread, stop in halts.stops.items() if thread}
    told = _told(plan, draft, clinic, by)
    return reads.make_sheet(plan.id, plan.code, draft, told, rows, moment, stops=stops)


def _keep_answers(plan: PlanHandle, review: Review) -> None:
    """Note which answers this approval relied on, while the revision still takes rows."""
    for warning in review.warnings:
        answer = review.answers[warning.thread_id, warning.cause]
        db.session.merge(ApprovalAnswer(revision_id=review.draft.id, answer_seq=answer.seq))
    db.session.flush()


def _told(plan: PlanHandle, draft: PlanRevision, clinic: Clinic, by: Actor) -> Told:
    handout = None
    if draft.handout_id:
        handout = db.session.scalar(
            select(Handout)
            .where(Handout.id == draft.handout_id)
            .options(joinedload(Handout.current))
        )
    text = handout.text if handout else None
    return Told(
        clinic_name=clinic.name,
        clinic_phone=clinic.phone,
        emergency_number=clinic.emergency_number,
        stop_rule=STOP_RULE,
        patient_name=plan.patient.name,
        therapist_name=db.session.get_one(Account, person_id(by)).name,
        introduction=text.introduction if text else INTRODUCTION,
        follow_up=text.follow_up if text else FOLLOW_UP,
        learn_more=text.learn_more if text else (),
        owner=text.owner if text else (),
        handout_code=handout.code if handout and handout.is_public else "",
    )
