"""What happens to a plan beside its revisions: it ends, it or one exercise of it is stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.audit.service import Actor
from app.database import db
from app.errors import N_, RuleBroken
from app.plans import reads
from app.plans.handles import PlanHandle
from app.plans.models import EventKind, PlanEvent
from app.plans.records import person_id, record_plan

HOLDS = (None, EventKind.REOPENED)
"""The last event of what is neither ended nor stopped."""


def end_plan(plan: PlanHandle, reason: str, *, by: Actor, now: datetime, today: date) -> None:
    """From today on the patient is told that this plan has ended. Ending twice ends it once."""
    _add(plan, None, EventKind.ENDED, reason, by, now, today)


def stop(
    plan: PlanHandle,
    thread_id: UUID | None,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """From this moment on the patient is told not to do it: a thread, or the whole plan (None).

    Revisions that are approved later do not lift it. Stopping twice stops it once.
    """
    _add(plan, thread_id, EventKind.STOPPED, reason, by, now, today)


def reopen(
    plan: PlanHandle,
    thread_id: UUID | None,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """Take an end or a stop back; what is in force holds again."""
    _add(plan, thread_id, EventKind.REOPENED, reason, by, now, today)


def last_kind(plan_id: UUID, thread_id: UUID | None = None) -> EventKind | None:
    """What happened last to a whole plan, or to one thread of it."""
    about = PlanEvent.thread_id.is_not_distinct_from(thread_id)
    kind = db.session.scalar(
        select(PlanEvent.kind)
        .where(PlanEvent.plan_id == plan_id, about)
        .order_by(PlanEvent.seq.desc())
        .limit(1)
    )
    return EventKind(kind) if kind else None


@dataclass(frozen=True)
class Stop:
    """A stop that holds: since when, whose, and why."""

    day: date
    by: str
    reason: str


_other = aliased(PlanEvent)
_lasts = (
    select(func.max(_other.seq))
    .where(
        _other.plan_id == PlanEvent.plan_id,
        _other.thread_id.is_not_distinct_from(PlanEvent.thread_id),
    )
    .correlate(PlanEvent)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Halts:
    """The stops that hold, by thread and under None that of the whole plan; and whether the plan
    ended or was stopped as a whole."""

    stops: Mapping[UUID | None, Stop]
    is_over: bool


_HALTS = (
    select(PlanEvent.kind, PlanEvent.thread_id, PlanEvent.day, Account.name, PlanEvent.reason)
    .join(Account, Account.id == PlanEvent.by)
    .where(
        PlanEvent.kind != EventKind.REOPENED.value,
        PlanEvent.seq == _lasts,
    )
)
_OF_PLAN = _HALTS.where(PlanEvent.plan_id == bindparam("plan_id"))


def find_halts(plan_id: UUID) -> Halts:
    """In one statement."""
    return read_halts(db.session.execute(_OF_PLAN, {"plan_id": plan_id}))


def halts_of(plan_id: ColumnElement[UUID]) -> Select[*tuple[Any, ...]]:
    """For :func:`read_halts`, beside a row that names the plan."""
    return _HALTS.where(PlanEvent.plan_id == plan_id)


def read_halts(rows: Iterable[Iterable[Any]]) -> Halts:
    found = [tuple(row) for row in rows]
    stops = {
        thread_id: Stop(day, name, reason)
        for kind, thread_id, day, name, reason in found
        if kind == EventKind.STOPPED
    }
    return Halts(stops, any(thread_id is None for _kind, thread_id, *_said in found))


def _add(
    plan: PlanHandle,
    thread_id: UUID | None,
    kind: EventKind,
    reason: str,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    reads.find_draft(plan.id, lock=True)
    in_force = reads.find_in_force(plan.id)
    if in_force is None:
        raise RuleBroken(N_("Nothing of this plan is approved yet, so nothing can be ended."))
    if thread_id and all(row.thread_id != thread_id for row, _ in reads.list_rows(in_force.id)):
        raise RuleBroken(N_("This exercise is not in the plan any more."))
    if not reason.strip():
        raise RuleBroken(N_("Write a reason. The next clinician will read it."), field="reason")
    last = last_kind(plan.id, thread_id)
    if last is kind or (kind is EventKind.REOPENED and last in HOLDS):
        return
    if kind is EventKind.STOPPED and last is EventKind.ENDED:
        raise RuleBroken(N_("This plan has ended already: the patient is told not to do it."))
    db.session.add(
        PlanEvent(
            plan_id=plan.id,
            thread_id=thread_id,
            kind=kind,
            at=now,
            day=today,
            by=person_id(by),
            reason=reason.strip(),
        )
    )
    what = "exercise" if thread_id else "plan"
    record_plan(f"{what}-{kind}", plan.id, plan.patient.id, by, now)
