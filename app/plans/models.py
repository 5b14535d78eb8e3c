"""Plans, their revisions and prescriptions. What is approved is frozen by database triggers."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Row, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.models import Exercise, ExerciseRevision, Handout
from app.catalogue.rules import Span
from app.database import Base
from app.patients.models import Patient
from app.plans.rules import (
    MAX_NOTE,
    MAX_REASON,
    MAX_TITLE,
    Dose,
    Frequency,
    Side,
    Start,
    StartState,
)


class Plan(Base):
    """All that one patient is to do at home under one title. ``code`` is for life."""

    __tablename__ = "plans"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    created_at: Mapped[datetime]

    patient: Mapped[Patient] = relationship(lazy="raise")


class PlanRevision(Base):
    """A draft (``number`` is None) or an approved revision, which never changes again.

    The one in force is the plan's greatest number. ``version`` counts the saves of a draft,
    and ``save_key`` names the form that was saved last, so that a double click saves once.
    ``told`` holds the texts and names that approval copied (see :class:`sheet.Told`);
    ``review_on`` is the day on which the therapist looks at the plan again;
    ``removed`` the row that was removed last from a draft (see :mod:`removed`).
    """

    __tablename__ = "plan_revisions"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index(
            "uq_plan_revisions_draft",
            "plan_id",
            unique=True,
            sqlite_where=text("number IS NULL"),
            postgresql_where=text("number IS NULL"),
        ),
        CheckConstraint(
            "(number IS NULL) = (approved_at IS NULL) AND (number IS NULL) = (approved_by IS NULL)"
            " AND (number IS NULL) = (told IS NULL)",
            name="approved_whole",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(Plan.id), index=True)
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    handout_id: Mapped[UUID | None] = mapped_column(ForeignKey(Handout.id), index=True)
    times_per_day: Mapped[int | None]
    days_per_week: Mapped[int | None]
    weekdays: Mapped[int] = mapped_column(default=0)
    start_on: Mapped[date | None]
    review_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    save_key: Mapped[UUID | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)
    approved_at: Mapped[datetime | None]
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    removed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    plan: Mapped[Plan] = relationship(lazy="raise")
    prescriptions: Mapped[list[Prescription]] = relationship(
        lazy="raise", order_by="Prescription.place", back_populates="revision"
    )

    @property
    def frequency(self) -> Frequency:
        return Frequency(self.times_per_day, self.days_per_week, unpack_weekdays(self.weekdays))

    @frequency.setter
    def frequency(self, value: Frequency) -> None:
        self.times_per_day, self.days_per_week = value.times_per_day, value.days_per_week
        self.weekdays = pack_weekdays(value.weekdays)


class WatchedPlan(Base):
    """A plan in which something may have to be looked at: every one that is flagged is here.

    The database's triggers write it (migration 0015), when a text that it holds is superseded, a
    condition of its patient is noted, or it is approved; the last forgets it where it is clean. So
    what a therapist should look at is found among a few plans, and not among all.
    """

    __tablename__ = "watched_plans"

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)


class Prescription(Base):
    """One exercise revision in a plan revision with its dose and start. ``place`` is its order."""

    __tablename__ = "prescriptions"
    __table_args__ = (
        Index("ix_prescriptions_revision_id_place", "revision_id", "place"),
        CheckConstraint("(start_state = 'dated') = (start_on IS NOT NULL)", name="start_whole"),
        CheckConstraint("start_state IN ('unset', 'withheld', 'dated')", name="start_known"),
        CheckConstraint("repetitions_low <= repetitions_high", name="repetitions_ordered"),
        CheckConstraint("hold_low <= hold_high", name="hold_ordered"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey(PlanRevision.id))
    thread_id: Mapped[UUID] = mapped_column(index=True)
    place: Mapped[int]
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey(Exercise.id), index=True)
    exercise_revision_id: Mapped[UUID] = mapped_column(ForeignKey(ExerciseRevision.id), index=True)
    position: Mapped[str] = mapped_column(String(20))
    repetitions_low: Mapped[int | None]
    repetitions_high: Mapped[int | None]
    hold_low: Mapped[int | None]
    hold_high: Mapped[int | None]
    sets: Mapped[int] = mapped_column(default=1)
    rest: Mapped[int | None]
    times_per_day: Mapped[int | None]
    days_per_week: Mapped[int | None]
    weekdays: Mapped[int] = mapped_column(default=0)
    side: Mapped[str] = mapped_column(String(10), default=Side.BOTH)
    load: Mapped[str] = mapped_column(String(60), default="")
    start_state: Mapped[str] = mapped_column(String(10), default=StartState.UNSET)
    start_on: Mapped[date | None]
    last_day: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(MAX_NOTE), default="")

    revision: Mapped[PlanRevision] = relationship(lazy="raise", back_populates="prescriptions")

    @property
    def dose(self) -> Dose:
        return dose_of(self)

    @dose.setter
    def dose(self, value: Dose) -> None:
        self.repetitions_low, self.repetitions_high = _ends(value.repetitions)
        self.hold_low, self.hold_high = _ends(value.hold)
        self.sets, self.rest, self.side, self.load = value.sets, value.rest, value.side, value.load
        self.times_per_day = value.frequency.times_per_day
        self.days_per_week = value.frequency.days_per_week
        self.weekdays = pack_weekdays(value.frequency.weekdays)

    @property
    def start(self) -> Start:
        return start_of(self)

    @start.setter
    def start(self, value: Start) -> None:
        self.start_state, self.start_on = value.state, value.day


def dose_of(row: Prescription | Row[*tuple[Any, ...]]) -> Dose:
    """The dose of a prescription, or of its columns."""
    return Dose(
        repetitions=_span(row.repetitions_low, row.repetitions_high),
        hold=_span(row.hold_low, row.hold_high),
        sets=row.sets,
        rest=row.rest,
        frequency=Frequency(row.times_per_day, row.days_per_week, unpack_weekdays(row.weekdays)),
        side=Side(row.side),
        load=row.load,
    )


def start_of(row: Prescription | Row[*tuple[Any, ...]]) -> Start:
    """The same of the start."""
    return Start(StartState(row.start_state), row.start_on)


class EventKind(StrEnum):
    """What happened. Reopened takes back what came before it: an end or a stop."""

    ENDED = "ended"
    STOPPED = "stopped"
    REOPENED = "reopened"


class PlanEvent(Base):
    """Append-only: what happened to a whole plan, or to one thread of it.

    What stands with either is its last event. A new revision takes back neither end nor stop.
    """

    __tablename__ = "plan_events"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(Plan.id), index=True)
    thread_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    day: Mapped[date]
    by: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    reason: Mapped[str] = mapped_column(String(MAX_REASON))


class WarningAnswer(Base):
    """Append-only: a clinician's reason why a thread is right in spite of one cause."""

    __tablename__ = "warning_answers"
    __table_args__ = (Index("ix_warning_answers_plan_id_thread_id", "plan_id", "thread_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(Plan.id))
    thread_id: Mapped[UUID]
    cause_key: Mapped[str] = mapped_column(String(80))
    cause_version: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(String(MAX_REASON))
    by: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    at: Mapped[datetime]


class ApprovalAnswer(Base):
    """The answers that an approval relied on."""

    __tablename__ = "approval_answers"

    revision_id: Mapped[UUID] = mapped_column(ForeignKey(PlanRevision.id), primary_key=True)
    answer_seq: Mapped[int] = mapped_column(
        ForeignKey(WarningAnswer.seq), primary_key=True, index=True
    )


def pack_weekdays(days: tuple[int, ...]) -> int:
    """Weekdays as bits, Monday the lowest; 0 leaves the days to the patient."""
    return sum(1 << day for day in set(days))


def unpack_weekdays(bits: int) -> tuple[int, ...]:
    return tuple(day for day in range(7) if bits >> day & 1)


def _span(low: int | None, high: int | None) -> Span | None:
    return None if low is None or high is None else Span(low, high)


def _ends(span: Span | None) -> tuple[int | None, int | None]:
    return (span.low, span.high) if span else (None, None)
