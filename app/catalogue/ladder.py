"""Which exercise is the next harder or easier one: links that an admin sets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    String,
    and_,
    bindparam,
    delete,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import Exercise, ExerciseRevision
from app.database import Base, db
from app.errors import N_, RuleBroken

MOST_LINKS = 10


class ExerciseLink(Base):
    """``harder`` is a step on from ``easier``."""

    __tablename__ = "exercise_links"

    easier_id: Mapped[UUID] = mapped_column(ForeignKey(Exercise.id), primary_key=True)
    harder_id: Mapped[UUID] = mapped_column(ForeignKey(Exercise.id), primary_key=True, index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)


@dataclass(frozen=True)
class Rung:
    """A linked exercise: its id and title."""

    id: UUID
    title: str


@dataclass(frozen=True)
class Ladder:
    """What is easier and what is harder than one exercise, by title."""

    easier: tuple[Rung, ...] = ()
    harder: tuple[Rung, ...] = ()


NO_LADDER = Ladder()


def link_exercises(easier: Exercise, harder: Exercise, *, by: Actor, now: datetime) -> None:
    """Say that ``harder`` is a step on from ``easier``; twice says it once."""
    if easier.id == harder.id:
        raise RuleBroken(N_("An exercise cannot be harder than itself."))
    db.session.execute(  # of two at once, in either direction, one waits
        select(Exercise.id)
        .where(Exercise.id.in_((easier.id, harder.id)))
        .order_by(Exercise.id)
        .with_for_update()
    )
    if db.session.get(ExerciseLink, (harder.id, easier.id)):
        raise RuleBroken(N_("It is linked the other way round. Remove that link first."))
    if db.session.get(ExerciseLink, (easier.id, harder.id)):
        return
    for exercise in (easier, harder):
        ladder = find_ladders([exercise.id]).get(exercise.id, NO_LADDER)
        if len(ladder.easier) + len(ladder.harder) >= MOST_LINKS:
            raise RuleBroken(N_("Link at most %(most)s exercises."), most=MOST_LINKS)
    link = ExerciseLink(easier_id=easier.id, harder_id=harder.id, made_at=now, made_by=by.id)
    db.session.add(link)
    db.session.flush()
    record("link-exercises", About("exercise", easier.id), by=by, now=now)


def unlink_exercises(one: Exercise, other_id: UUID, *, by: Actor, now: datetime) -> None:
    """Take back a link in either direction; a link that is not there is no error."""
    link = ExerciseLink
    pair = or_(
        and_(link.easier_id == one.id, link.harder_id == other_id),
        and_(link.easier_id == other_id, link.harder_id == one.id),
    )
    gone = db.session.scalars(delete(link).where(pair).returning(link.easier_id)).all()
    if gone:
        record("unlink-exercises", About("exercise", one.id), by=by, now=now)


_title: ColumnElement[str] = type_coerce(ExerciseRevision.data["title"].as_string(), String)
LINKS = (
    select(Exercise.slug, Exercise.id, _title, ExerciseLink.easier_id, ExerciseLink.harder_id)
    .join(
        ExerciseLink,
        or_(Exercise.id == ExerciseLink.easier_id, Exercise.id == ExerciseLink.harder_id),
    )
    .join(Exercise.current)
)
"""Both ends of each link, for :func:`read_ladders`."""


def is_linked(exercise_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Of LINKS, those of one exercise. Not "in": of that, PostgreSQL would read every link."""
    return or_(ExerciseLink.easier_id == exercise_id, ExerciseLink.harder_id == exercise_id)


_ids: BindParameter[UUID] = bindparam("ids", expanding=True)
_LINKS_OF = LINKS.where(or_(ExerciseLink.easier_id.in_(_ids), ExerciseLink.harder_id.in_(_ids)))


def find_ladders(exercise_ids: Collection[UUID]) -> dict[UUID, Ladder]:
    """The ladder of each of these exercises that has one, in one statement."""
    found = read_ladders(db.session.execute(_LINKS_OF, {"ids": list(exercise_ids)}))
    return {exercise_id: found[exercise_id] for exercise_id in exercise_ids if exercise_id in found}


def read_ladders(rows: Iterable[Iterable[Any]]) -> dict[UUID, Ladder]:
    """The ladder of each exercise that these links name; a link that comes twice counts once."""
    found: dict[UUID, Ladder] = {}
    for _slug, exercise_id, name, easier_id, harder_id in sorted({tuple(row) for row in rows}):
        rung = Rung(exercise_id, name)
        if exercise_id == harder_id:
            other = found.get(easier_id, NO_LADDER)
            found[easier_id] = Ladder(other.easier, (*other.harder, rung))
        else:
            other = found.get(harder_id, NO_LADDER)
            found[harder_id] = Ladder((*other.easier, rung), other.harder)
    return found
