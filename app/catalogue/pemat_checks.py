"""The PEMAT-P checklist of a published revision: append-only, the newest counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import ExerciseRevision
from app.catalogue.pemat import Mark, Marks, Score, check_marks, score_of
from app.database import Base, db


class PematCheck(Base):
    """How somebody marked one revision of an exercise; ``marks``: item number -> mark."""

    __tablename__ = "pemat_checks"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    exercise_revision_id: Mapped[UUID] = mapped_column(ForeignKey(ExerciseRevision.id), index=True)
    marks: Mapped[dict[str, str]] = mapped_column(JSON)
    by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)
    at: Mapped[datetime]

    @property
    def values(self) -> Marks:
        return {int(number): Mark(mark) for number, mark in self.marks.items()}

    @property
    def score(self) -> Score:
        return score_of(self.values)


def keep_check(revision: ExerciseRevision, marks: Marks, *, by: Actor, now: datetime) -> None:
    """Keep a checklist that is complete; the same marks again are kept once."""
    check_marks(marks)
    last = find_check(revision.id)
    if last and last.values == marks:
        return
    db.session.add(
        PematCheck(
            exercise_revision_id=revision.id,
            marks={str(number): mark.value for number, mark in marks.items()},
            by=by.id,
            at=now,
        )
    )
    db.session.flush()
    record("check-exercise-text", About("exercise", revision.exercise_id), by=by, now=now)


def find_check(revision_id: UUID) -> PematCheck | None:
    """The newest checklist of this revision."""
    return db.session.scalar(
        select(PematCheck)
        .where(PematCheck.exercise_revision_id == revision_id)
        .order_by(PematCheck.seq.desc())
        .limit(1)
    )
