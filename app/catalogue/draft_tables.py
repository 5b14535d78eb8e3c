"""What an admin wrote and somebody else has not yet published."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.models import Exercise
from app.catalogue.rules import MAX_REASON, ExerciseText, Grade, exercise_from_data
from app.database import Base


class DraftState(StrEnum):
    WAITING = "waiting"
    RETURNED = "returned"
    PUBLISHED = "published"
    DROPPED = "dropped"


class ExerciseDraft(Base):
    """A text that waits for another admin.

    ``exercise_id`` is None for a new exercise until it is published, ``based_on`` the number of
    the revision that it changes, ``grade`` what its author says the change is about;
    ``version`` counts its saves.
    """

    __tablename__ = "exercise_drafts"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'returned', 'published', 'dropped')", name="state_known"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    exercise_id: Mapped[UUID | None] = mapped_column(ForeignKey(Exercise.id), index=True)
    based_on: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    grade: Mapped[str] = mapped_column(
        String(10), default=Grade.WORDING, server_default=Grade.WORDING.value
    )
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    saved_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=DraftState.WAITING, index=True)
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)
    remark: Mapped[str] = mapped_column(String(MAX_REASON), default="")

    author: Mapped[Account] = relationship(lazy="raise", foreign_keys=author_id)
    reviewer: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=reviewer_id)

    @property
    def text(self) -> ExerciseText:
        return exercise_from_data(self.data)

    @property
    def is_open(self) -> bool:
        return self.state in (DraftState.WAITING, DraftState.RETURNED)
