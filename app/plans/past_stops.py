"""Exercises of a patient that somebody stopped: whoever prescribes one again says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.database import db
from app.errors import N_
from app.plans.checks import Cause, Elsewhere, PlanWarning
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.plans.patient_rows import list_approved
from app.plans.rules import Prescribed


@dataclass(frozen=True)
class PastStop:
    """A stop that nobody took back: of ``thread_id``, or of the whole plan (None).

    ``exercise_ids``: all that the thread was in an approved revision, whatever a clock said when.
    """

    seq: int
    plan_id: UUID
    plan_title: str
    thread_id: UUID | None
    exercise_ids: frozenset[UUID]
    day: date
    by: str
    reason: str

    def speaks_against(self, row: Prescribed, plan_id: UUID) -> bool:
        """Whether ``row`` of a draft of the plan begins anew what was stopped.

        What goes on in its own thread does not: no approval lifts its stop. A whole plan that was
        stopped speaks against no single exercise; to ask for each of them would teach people to
        answer without reading.
        """
        is_its_own = self.plan_id == plan_id and self.thread_id == row.thread_id
        return row.exercise_id in self.exercise_ids and not is_its_own


def stop_warnings(
    rows: Iterable[Prescribed], plan_id: UUID, stops: Sequence[PastStop]
) -> Iterable[PlanWarning]:
    """One for each row that begins anew what was stopped, in the words of the last stop."""
    for row in rows:
        found = [stop for stop in stops if stop.speaks_against(row, plan_id)]
        if not found:
            continue
        last = found[-1]
        sentence = N_("%(by)s stopped this exercise on %(day)s: %(reason)s")
        if last.plan_id != plan_id:
            sentence = N_("%(by)s stopped this exercise in another plan, %(plan)s, on %(day)s: "
                          "%(reason)s")  # fmt: skip
        seqs = " ".join(str(stop.seq) for stop in found[-20:])
        yield PlanWarning(
            row.thread_id,
            row.id,
            Cause("stopped", f"{row.exercise_id.hex[:8]} {seqs}"),
            sentence,
            {"by": last.by, "day": last.day, "plan": last.plan_title, "reason": last.reason},
        )


_later, _newer, _told = aliased(PlanEvent), aliased(PlanRevision), aliased(PlanRevision)
_STOPS = (
    select(
        PlanEvent.seq,
        PlanEvent.plan_id,
        PlanEvent.thread_id,
        PlanEvent.day,
        PlanEvent.reason,
        PlanRevision.title,
        Account.name,
        Prescription.exercise_id,
    )
    .join(Plan, Plan.id == PlanEvent.plan_id)
    .join(Account, Account.id == PlanEvent.by)
    .join(
        PlanRevision,
        and_(
            PlanRevision.plan_id == Plan.id,
            PlanRevision.number
            == select(func.max(_newer.number))
            .where(_newer.plan_id == PlanEvent.plan_id)
            .correlate(PlanEvent)
            .scalar_subquery(),
        ),
    )
    .outerjoin(_told, and_(_told.plan_id == Plan.id, _told.number.is_not(None)))
    .outerjoin(
        Prescription,
        and_(Prescription.revision_id == _told.id, Prescription.thread_id == PlanEvent.thread_id),
    )
    .where(
        PlanEvent.kind == EventKind.STOPPED.value,
        ~exists()
        .where(
            _later.plan_id == PlanEvent.plan_id,
            _later.thread_id.is_not_distinct_from(PlanEvent.thread_id),
            _later.seq > PlanEvent.seq,
            _later.kind == EventKind.REOPENED.value,
        )
        .correlate(PlanEvent),
    )
)
_OF_PATIENT = _STOPS.where(Plan.patient_id == bindparam("patient_id"))


def list_past_stops(patient_id: UUID) -> tuple[PastStop, ...]:
    """Of all plans of the patient, in force or not, the latest last."""
    return read_past_stops(db.session.execute(_OF_PATIENT, {"patient_id": patient_id}))


def past_stops_of(patient_id: ColumnElement[UUID]) -> Select[*tuple[Any, ...]]:
    """For :func:`read_past_stops`, beside a row that names the patient."""
    return _STOPS.where(Plan.patient_id == patient_id)


def read_past_stops(rows: Iterable[Iterable[Any]]) -> tuple[PastStop, ...]:
    """A row for each stop, and for each revision and dose of its thread."""
    found = sorted((tuple(row) for row in rows), key=itemgetter(0))
    return tuple(_stop(list(group)) for _seq, group in groupby(found, itemgetter(0)))


def goes_on_elsewhere(
    plan_id: UUID, patient_id: UUID, thread_id: UUID | None, today: date
) -> tuple[Elsewhere, ...]:
    """The thread's exercise in other plans that hold: a stop of the one says nothing there."""
    approved = list_approved(plan_id, patient_id)
    exercises = {row.exercise_id for row in approved.here if row.thread_id == thread_id}
    stopped = {(stop.plan_id, stop.thread_id) for stop in list_past_stops(patient_id)}
    threads = {
        (other.plan_id, other.row.thread_id): other
        for other in approved.elsewhere
        if other.row.exercise_id in exercises
        and not (other.row.last_day and other.row.last_day < today)
    }
    return tuple(other for thread, other in threads.items() if thread not in stopped)


def _stop(rows: Sequence[tuple[Any, ...]]) -> PastStop:
    seq, plan_id, thread_id, day, reason, title, name, _exercise_id = rows[0]
    exercise_ids = frozenset(row[-1] for row in rows if row[-1])
    return PastStop(seq, plan_id, title, thread_id, exercise_ids, day, name, reason)
