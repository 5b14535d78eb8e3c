"""Conditions, pictures, exercises and handouts. What is history is frozen by triggers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.kept_texts import text_of
from app.catalogue.rules import (
    MAX_CODE,
    MAX_REASON,
    ExerciseState,
    ExerciseText,
    Grade,
    HandoutText,
    handout_from_data,
)
from app.database import Base


class Condition(Base):
    """Something true of a patient that matters to exercise. ``slug`` never changes."""

    __tablename__ = "conditions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(80), index=True)


class Picture(Base):
    """A picture by the SHA-256 of its bytes (hex), which the picture store keeps. Never changes.

    ``source`` is the drawing that it is, like ``wall-push-up/1.svg``, or ``upload``; ``alt`` is
    what it shows, as it was described when it came.
    """

    __tablename__ = "pictures"
    __table_args__ = (Index("ix_pictures_source_created_at", "source", "created_at"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    source: Mapped[str] = mapped_column(String(120))
    alt: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)

    @property
    def is_film(self) -> bool:
        """Whether it is the drawing that moves."""
        return self.source.rpartition("/")[2].startswith("film")

    @property
    def scene(self) -> str:
        """The slug of the scene that was drawn; empty for an upload."""
        return self.source.partition("/")[0] if "/" in self.source else ""

    @property
    def frame(self) -> str:
        """The number of the scene's frame; empty for a film or an upload."""
        number = self.source.rpartition("/")[2].removesuffix(".svg")
        return number if number.isdigit() else ""


class ExerciseRevision(Base):
    """The frozen content of an exercise. ``data`` is :func:`rules.to_data` of its text.

    ``grade`` says why it replaced the one before.
    """

    __tablename__ = "exercise_revisions"
    __table_args__ = (UniqueConstraint("exercise_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey("exercises.id"))
    number: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)
    grade: Mapped[str] = mapped_column(
        String(10), default=Grade.WORDING, server_default=Grade.WORDING.value
    )

    @property
    def text(self) -> ExerciseText:
        return text_of(self.id, self.data)


class Exercise(Base):
    """A catalogue entry; ``current_number`` is the number of its newest revision.

    ``state`` is an :class:`rules.ExerciseState`. ``successor_id`` is the exercise to take instead
    of a retired one, or the one that a merged one is now.
    """

    __tablename__ = "exercises"
    __table_args__ = (
        CheckConstraint("state IN ('offered', 'retired', 'merged')", name="state_known"),
        CheckConstraint(
            "state = 'retired' OR (state = 'merged') = (successor_id IS NOT NULL)",
            name="successor_fits",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    current_number: Mapped[int]
    state: Mapped[str] = mapped_column(
        String(10), default=ExerciseState.OFFERED, server_default=ExerciseState.OFFERED.value
    )
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("exercises.id"), index=True)
    created_at: Mapped[datetime]

    current: Mapped[ExerciseRevision] = relationship(
        primaryjoin="and_(Exercise.id == foreign(ExerciseRevision.exercise_id),"
        " Exercise.current_number == foreign(ExerciseRevision.number))",
        viewonly=True,
        uselist=False,
        lazy="raise",
    )

    @property
    def text(self) -> ExerciseText:
        return self.current.text

    @property
    def is_offered(self) -> bool:
        """Whether it may be put into a plan or a handout."""
        return self.state == ExerciseState.OFFERED

    @property
    def is_merged(self) -> bool:
        return self.state == ExerciseState.MERGED


class ExerciseEvent(Base):
    """Append-only: an exercise was retired, brought back (``offered``) or merged, and why."""

    __tablename__ = "exercise_events"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey(Exercise.id), index=True)
    state: Mapped[str] = mapped_column(String(10))
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey(Exercise.id), index=True)
    reason: Mapped[str] = mapped_column(String(MAX_REASON))
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)


class HandoutRevision(Base):
    """The frozen content of a handout."""

    __tablename__ = "handout_revisions"
    __table_args__ = (UniqueConstraint("handout_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    handout_id: Mapped[UUID] = mapped_column(ForeignKey("handouts.id"))
    number: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)

    @property
    def text(self) -> HandoutText:
        return handout_from_data(self.data)


class HandoutCode(Base):
    """A code that a handout has or had: it leads there for ever, and to no other handout."""

    __tablename__ = "handout_codes"

    code: Mapped[str] = mapped_column(String(MAX_CODE), primary_key=True)
    handout_id: Mapped[UUID] = mapped_column(ForeignKey("handouts.id"), index=True)
    given_at: Mapped[datetime]
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)


class Handout(Base):
    """A coded set of exercises. ``code`` is the one that it has now, as rules.normal_code gives it.

    ``version`` counts every change of it: of its text, its code and its readers.
    """

    __tablename__ = "handouts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(MAX_CODE), unique=True)
    current_number: Mapped[int]
    is_public: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]

    codes: Mapped[list[HandoutCode]] = relationship(lazy="raise", order_by=HandoutCode.given_at)
    current: Mapped[HandoutRevision] = relationship(
        primaryjoin="and_(Handout.id == foreign(HandoutRevision.handout_id),"
        " Handout.current_number == foreign(HandoutRevision.number))",
        viewonly=True,
        uselist=False,
        lazy="raise",
    )

    @property
    def text(self) -> HandoutText:
        return self.current.text
