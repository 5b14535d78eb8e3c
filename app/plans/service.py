"""A plan's draft: start, open, save, discard. Its rows: rows.py. Approval and end: approval.py."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.audit.service import Actor
from app.catalogue.models import Handout
from app.catalogue.rules import CODE_ALPHABET
from app.catalogue.service import list_exercises_by_slug
from app.database import db
from app.errors import N_, Conflict, RuleBroken
from app.plans import reads, rows, rules
from app.plans.checks import Cause
from app.plans.handles import PatientHandle, PlanHandle
from app.plans.models import Plan, PlanRevision, Prescription, WarningAnswer
from app.plans.records import person_id, record_plan
from app.plans.review import carried_into, review_draft
from app.plans.rules import Defaults, RowValues, Start

NO_DRAFT = N_("This plan has no draft any more. It was approved or discarded.")


@dataclass(frozen=True)
class Reason:
    """What a clinician typed at one warning, and the version of the cause that they saw."""

    prescription_id: UUID
    cause: Cause
    text: str


@dataclass(frozen=True)
class DraftValues:
    """All that one save of the builder says.

    ``save_key`` names the form that was sent and what stood in it, ``draft_id`` the draft that it
    was opened on (None: the one that there is).
    """

    title: str
    defaults: Defaults
    rows: tuple[RowValues, ...]
    reasons: tuple[Reason, ...]
    based_on: int
    save_key: UUID | None = None
    draft_id: UUID | None = None
    review_on: date | None = None


class AlreadySaved(Exception):
    """This very form was saved before: a double click, to be answered like the first."""


def start_plan(
    patient: PatientHandle,
    title: str,
    *,
    by: Actor,
    now: datetime,
    plan_id: UUID | None = None,
    handout: Handout | None = None,
) -> Plan:
    """A new plan with an empty draft, or with the exercises of ``handout`` at their usual dose.

    The same ``plan_id`` with the same words is a double click and gives the plan that is there;
    with others, or taken by somebody else's plan, it is left alone and the plan gets its own.
    """
    plan = Plan(
        id=plan_id or uuid4(),
        patient_id=patient.id,
        code=_new_code(),
        created_by=person_id(by),
        created_at=now,
    )
    title = _checked_title(title)
    try:
        with db.session.begin_nested():
            db.session.add(plan)
    except IntegrityError:
        twin = _find_twin(plan_id, patient, title, handout)
        return twin or start_plan(patient, title, by=by, now=now, handout=handout)
    draft = _new_draft(plan.id, title, by=by, now=now)
    if handout:
        draft.handout_id = handout.id
        listed = list_exercises_by_slug(handout.text.exercises)
        for place, exercise in enumerate(one for one in listed if one.is_offered):
            db.session.add(rows.row_for(draft, exercise, place))
    db.session.flush()
    record_plan("start-plan", plan.id, patient.id, by, now)
    return plan


def _find_twin(
    plan_id: UUID | None, patient: PatientHandle, title: str, handout: Handout | None
) -> Plan | None:
    """The plan that the same form made before."""
    return db.session.scalar(
        select(Plan)
        .join(PlanRevision, PlanRevision.plan_id == Plan.id)
        .where(
            Plan.id == plan_id,
            Plan.patient_id == patient.id,
            PlanRevision.title == title,
            PlanRevision.handout_id == (handout.id if handout else None),
        )
        .limit(1)
    )


def open_draft(plan: PlanHandle, *, by: Actor, now: datetime) -> PlanRevision:
    """The plan's draft; if there is none, a copy of what is in force, thread by thread."""
    if draft := reads.find_draft(plan.id, lock=True):
        return draft
    source = reads.find_in_force(plan.id)
    if source is None:
        raise RuleBroken(N_("This plan has nothing to change yet."))
    draft = _new_draft(plan.id, source.title, by=by, now=now)
    draft.handout_id = source.handout_id
    draft.frequency = source.frequency
    draft.review_on = source.review_on
    for old, _value in reads.list_rows(source.id):
        db.session.add(rows.copy_of(old, draft))
    db.session.flush()
    record_plan("open-draft", plan.id, plan.patient.id, by, now)
    return draft


def discard_draft(plan: PlanHandle, *, by: Actor, now: datetime) -> None:
    """Throw the draft away; what was approved stays."""
    draft = the_draft(plan)
    db.session.execute(delete(Prescription).where(Prescription.revision_id == draft.id))
    db.session.delete(draft)
    record_plan("discard-draft", plan.id, plan.patient.id, by, now)


def save_draft(plan: PlanHandle, values: DraftValues, *, by: Actor, now: datetime) -> PlanRevision:
    """Keep what the builder's form says; rows that it does not name stay as they are.

    Raises Conflict when somebody saved after this form was opened, and AlreadySaved when this
    form itself was.
    """
    draft = the_draft(plan)
    if values.save_key is not None and draft.save_key == values.save_key:
        if draft.version != values.based_on + 1:
            raise Conflict(draft)
        raise AlreadySaved
    if draft.version != values.based_on or values.draft_id not in (None, draft.id):
        raise Conflict(draft)
    before = Defaults(draft.frequency, draft.start_on)
    carried = carried_into(plan.id)
    typed = {row.id: row for row in values.rows}
    threads = set()
    for row, old in reads.list_rows(draft.id):
        if new := typed.get(row.id):
            stays = new.start == old.start and rules.is_carried(old, carried)
            # A later dose of a thread has a day of its own, which no default can know.
            keeps = stays or row.thread_id in threads
            rows.write_row(row, rules.fill_row(new, before, values.defaults, keeps_start=keeps))
        threads.add(row.thread_id)
    _close_threads(draft)
    draft.title = _checked_title(values.title)
    draft.frequency, draft.start_on = values.defaults.frequency, values.defaults.start
    draft.review_on = values.review_on
    draft.version, draft.save_key, draft.saved_at = draft.version + 1, values.save_key, now
    db.session.flush()
    _answer_warnings(plan, draft, values.reasons, by, now)
    record_plan("save-draft", plan.id, plan.patient.id, by, now)
    return draft


def release(
    plan: PlanHandle, thread_id: UUID, day: date, *, by: Actor, now: datetime
) -> PlanRevision:
    """Give a withheld exercise a start date in the draft (opened for it), ready to approve.

    One that has its date already keeps it: the second click of a double click.
    """
    draft = open_draft(plan, by=by, now=now)
    found = [row for row, _value in reads.list_rows(draft.id) if row.thread_id == thread_id]
    if not found:
        raise RuleBroken(N_("This exercise is not in the plan any more."))
    withheld = [row for row in found if row.start == Start.withheld()]
    if not withheld:
        return draft
    for row in withheld:
        row.start = Start.on(day)
    draft.version += 1
    db.session.flush()
    record_plan("release-prescription", plan.id, plan.patient.id, by, now)
    return draft


def the_draft(plan: PlanHandle) -> PlanRevision:
    """The draft, locked until this transaction ends. Raises RuleBroken where there is none."""
    draft = reads.find_draft(plan.id, lock=True)
    if draft is None:
        raise RuleBroken(NO_DRAFT)
    return draft


def _close_threads(draft: PlanRevision) -> None:
    """What is replaced from a day on holds until the day before, unless somebody said otherwise."""
    threads: dict[UUID, list[Prescription]] = {}
    for row, _value in reads.list_rows(draft.id):
        threads.setdefault(row.thread_id, []).append(row)
    for doses in threads.values():
        ends = rules.last_days([(row.id, row.start, row.last_day) for row in doses])
        for row in doses:
            row.last_day = ends.get(row.id, row.last_day)


def _answer_warnings(
    plan: PlanHandle,
    draft: PlanRevision,
    reasons: Sequence[Reason],
    by: Actor,
    now: datetime,
) -> None:
    """Keep each new reason for a warning as it stands now; an emptied one takes it back.

    A reason that was written for another version of the cause holds only if it was written in
    this very form, beside the change: what stood there before has to be looked at again.
    """
    typed = {(r.prescription_id, r.cause.key): r for r in reasons}
    review = review_draft(plan, draft)

    def standing(thread_id: UUID, cause: Cause) -> str:
        answer = review.answers.get((thread_id, cause))
        return answer.reason if answer else ""

    for warning in review.warnings:
        given = typed.get((warning.prescription_id, warning.cause.key))
        if given is None or given.text == standing(warning.thread_id, given.cause):
            continue
        reason = given.text
        if reason == standing(warning.thread_id, warning.cause):
            continue
        db.session.add(
            WarningAnswer(
                plan_id=plan.id,
                thread_id=warning.thread_id,
                cause_key=warning.cause.key,
                cause_version=warning.cause.version,
                reason=reason,
                by=person_id(by),
                at=now,
            )
        )
        record_plan("answer-warning", plan.id, plan.patient.id, by, now)
    db.session.flush()


def _new_draft(plan_id: UUID, title: str, *, by: Actor, now: datetime) -> PlanRevision:
    draft = PlanRevision(
        id=uuid4(),
        plan_id=plan_id,
        title=title,
        weekdays=0,
        version=1,
        created_by=person_id(by),
        created_at=now,
        saved_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not 0 < len(title) <= rules.MAX_TITLE:
        raise RuleBroken(N_("Give the plan a title."), field="title")
    return title


def _new_code() -> str:
    """Six signs of an unambiguous alphabet: 887 million codes, each of them for one plan."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(6))
        if not db.session.scalar(select(Plan.id).where(Plan.code == code)):
            return code
