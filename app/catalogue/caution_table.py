"""Which revision of an exercise speaks against which condition, where a database can look it up."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import MAX_SENTENCE
from app.database import Base, db


class ExerciseCaution(Base):
    """A caution of an exercise revision, copied from its text; ``condition`` is a slug."""

    __tablename__ = "exercise_cautions"

    exercise_revision_id: Mapped[UUID] = mapped_column(
        ForeignKey(ExerciseRevision.id), primary_key=True
    )
    condition: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    level: Mapped[str] = mapped_column(String(20))
    sentence: Mapped[str] = mapped_column(String(MAX_SENTENCE))


def keep_cautions(revision: ExerciseRevision) -> None:
    """Copy what a new revision warns of."""
    rows = [
        {
            "exercise_revision_id": revision.id,
            "condition": caution.condition,
            "level": caution.level.value,
            "sentence": caution.sentence,
        }
        for caution in revision.text.cautions
    ]
    if rows:
        db.session.execute(insert(ExerciseCaution), rows)
