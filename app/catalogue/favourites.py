"""A therapist's favourite exercises."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import Exercise
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
    elif len(list_favourites(account_id)) >= MOST_FAVOURITES:
        raise RuleBroken(N_("Keep at most %(most)s favourites."), most=MOST_FAVOURITES)
    else:
        db.session.add(Favourite(account_id=account_id, exercise_id=exercise.id, since=now))
    db.session.flush()
    action = "add-favourite" if wanted else "remove-favourite"
    record(action, About("exercise", exercise.id), by=by, now=now)


_FAVOURITES = (
    select(Exercise)
    .join(Favourite, Favourite.exercise_id == Exercise.id)
    .where(Favourite.account_id == bindparam("account_id"))
    .options(joinedload(Exercise.current, innerjoin=True))
    .order_by(Exercise.slug, Exercise.id)
    .limit(MOST_FAVOURITES)
)


def list_favourites(account_id: UUID) -> list[Exercise]:
    """Somebody's favourites by title."""
    return list(db.session.scalars(_FAVOURITES, {"account_id": account_id}))


def is_favourite(account_id: UUID, exercise_id: UUID) -> bool:
    return db.session.get(Favourite, (account_id, exercise_id)) is not None
