"""A therapist's favourite exercises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import Exercise, ExerciseRevision
from app.catalogue.texts import Listed, find_texts
from app.database import Base, db
from app.errors import N_, RuleBroken

MOST_FAVOURITES = 50


class Favourite(Base):
    """An exercise that somebody wants at hand."""

    __tablename__ = "favourites"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey(Exercise.id), primary_key=True, index=True)
    since: Mapped[datetime]


def set_favourite(
    account_id: UUID, exercise: Exercise, wanted: bool, *, by: Actor, now: datetime
) -> None:
    """Put an exercise among somebody's favourites, or take it out; twice does it once."""
    # Of two at once for the same person one waits.
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    there = db.session.get(Favourite, (account_id, exercise.id))
    if wanted == (there is not None):
        return
    if there is not None:
        db.session.delete(there)
    elif (db.session.scalar(_COUNT, {"account_id": account_id}) or 0) >= MOST_FAVOURITES:
        raise RuleBroken(N_("Keep at most %(most)s favourites."), most=MOST_FAVOURITES)
    else:
        db.session.add(Favourite(account_id=account_id, exercise_id=exercise.id, since=now))
    db.session.flush()
    action = "add-favourite" if wanted else "remove-favourite"
    record(action, About("exercise", exercise.id), by=by, now=now)


_COUNT = (
    select(func.count())
    .select_from(Favourite)
    .where(Favourite.account_id == bindparam("account_id"))
)
FAVOURITES = (
    select(Exercise.slug, Exercise.id, ExerciseRevision.id)
    .join(Favourite, Favourite.exercise_id == Exercise.id)
    .join(Exercise.current)
    .where(Favourite.account_id == bindparam("account_id"))
)
"""Of ``account_id``, for :func:`read_favourites`."""


def read_favourites(rows: Iterable[Iterable[Any]]) -> tuple[Listed, ...]:
    """What FAVOURITES found, by title."""
    found = sorted(tuple(row) for row in rows)
    texts = find_texts(revision_id for _slug, _id, revision_id in found)
    return tuple(Listed(id, revision_id, texts[revision_id]) for _slug, id, revision_id in found)


def is_favourite(account_id: UUID, exercise_id: UUID) -> bool:
    return db.session.get(Favourite, (account_id, exercise_id)) is not None
