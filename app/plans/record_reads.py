"""The clinical record of a plan: who wrote, approved, answered, stopped; each thread as a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account
from app.catalogue.models import ExerciseRevision
from app.database import db
from app.plans.models import Plan, PlanEvent, PlanRevision, Prescription, WarningAnswer
from app.plans.reads import list_rows
from app.plans.record_entries import Entry, What
from app.plans.rules import Dose, Prescribed, Start

MOST_ENTRIES = 500


def list_entries(plan_id: UUID, since: datetime | None = None) -> tuple[Entry, ...]:
    """All that happened to a plan (from ``since`` on), the newest first."""
    titles = _titles(plan_id)
    entries = [*_made(plan_id), *_events(plan_id, titles), *_answers(plan_id, titles)]
    kept = (entry for entry in entries if since is None or entry.at >= since)
    return tuple(sorted(kept, key=_order, reverse=True))[:MOST_ENTRIES]


def _order(entry: Entry) -> tuple[datetime, int, int]:
    """By instant; what one click did is told in the order in which it did it."""
    return entry.at, list(What).index(entry.what), entry.number or 0


def _made(plan_id: UUID) -> Iterator[Entry]:
    started = db.session.execute(
        select(Plan.created_at, Account.name)
        .join(Account, Account.id == Plan.created_by)
        .where(Plan.id == plan_id)
    ).one()
    yield Entry(started.created_at, started.name, What.STARTED)
    approved = db.session.execute(
        select(PlanRevision.approved_at, Account.name, PlanRevision.number)
        .join(Account, Account.id == PlanRevision.approved_by)
        .where(PlanRevision.plan_id == plan_id, PlanRevision.number.is_not(None))
    )
    for at, name, number in approved:
        if at:
            yield Entry(at, name, What.APPROVED, number=number)


def _events(plan_id: UUID, titles: dict[UUID, str]) -> Iterator[Entry]:
    rows = db.session.execute(
        select(PlanEvent, Account.name)
        .join(Account, Account.id == PlanEvent.by)
        .where(PlanEvent.plan_id == plan_id)
    )
    for event, name in rows:
        title = titles.get(event.thread_id, "") if event.thread_id else ""
        yield Entry(event.at, name, What(event.kind), title, event.reason)


def _answers(plan_id: UUID, titles: dict[UUID, str]) -> Iterator[Entry]:
    rows = db.session.execute(
        select(WarningAnswer, Account.name)
        .join(Account, Account.id == WarningAnswer.by)
        .where(WarningAnswer.plan_id == plan_id)
    )
    for answer, name in rows:
        what = What.ANSWERED if answer.reason else What.TAKEN_BACK
        yield Entry(answer.at, name, what, titles.get(answer.thread_id, ""), answer.reason)


def _titles(plan_id: UUID) -> dict[UUID, str]:
    """Thread -> what its exercise is called in the newest revision that has it."""
    rows = db.session.execute(
        select(Prescription.thread_id, ExerciseRevision)
        .join(PlanRevision, PlanRevision.id == Prescription.revision_id)
        .join(ExerciseRevision, ExerciseRevision.id == Prescription.exercise_revision_id)
        .where(PlanRevision.plan_id == plan_id)
        .order_by(PlanRevision.number.is_(None), PlanRevision.number, Prescription.place)
    )
    return {thread_id: revision.text.title for thread_id, revision in rows}


@dataclass(frozen=True)
class Line:
    """What one approved revision said of a thread: only where it said something new."""

    number: int
    approved_at: datetime
    title: str
    dose: Dose
    start: Start
    last_day: date | None


@dataclass(frozen=True)
class Thread:
    """One exercise through all approved revisions; ``left`` is the one that left it out."""

    id: UUID
    lines: tuple[Line, ...]
    left: int | None


def list_threads(plan_id: UUID) -> tuple[Thread, ...]:
    """Every thread that was ever approved, in the order in which they came."""
    revisions = list_approved(plan_id)
    lines: dict[UUID, list[Line]] = {}
    last_seen: dict[UUID, int] = {}
    for number, approved_at, rows in revisions:
        for row in rows:
            said = Line(number, approved_at, row.text.title, row.dose, row.start, row.last_day)
            before = lines.setdefault(row.thread_id, [])
            if not any(_same(said, old) for old in before):
                before.append(said)
            last_seen[row.thread_id] = number
    newest = revisions[-1][0] if revisions else 0
    return tuple(
        Thread(id, tuple(said), last_seen[id] + 1 if last_seen[id] < newest else None)
        for id, said in lines.items()
    )


def list_approved(plan_id: UUID) -> list[tuple[int, datetime, tuple[Prescribed, ...]]]:
    """(number, instant of approval, rows) of every approved revision, the oldest first."""
    revisions = db.session.scalars(
        select(PlanRevision)
        .where(PlanRevision.plan_id == plan_id, PlanRevision.number.is_not(None))
        .order_by(PlanRevision.number)
    )
    return [
        (
            revision.number or 0,
            revision.approved_at or revision.created_at,
            tuple(value for _row, value in list_rows(revision.id)),
        )
        for revision in revisions
    ]


def _same(one: Line, other: Line) -> bool:
    return (one.title, one.dose, one.start, one.last_day) == (
        other.title, other.dose, other.start, other.last_day,
    )  # fmt: skip
