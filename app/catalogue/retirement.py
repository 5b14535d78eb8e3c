"""Exercises that are offered no more: retire, bring back, merge, and what is known about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import Exercise, ExerciseEvent
from app.catalogue.rules import MAX_REASON, ExerciseState
from app.catalogue.search_index import forget_exercise, index_exercise, lock_index
from app.catalogue.service import MERGED, find_staying
from app.database import db
from app.errors import N_, RuleBroken

NOT_OFFERED = N_("Choose an exercise that is in the catalogue.")


@dataclass(frozen=True)
class Leaving:
    """Why an exercise is offered no more; ``successor`` is what is to be taken instead now."""

    reason: str
    at: datetime
    by: str
    successor: Exercise | None


def retire_exercise(
    exercise: Exercise, successor: Exercise | None, reason: str, *, by: Actor, now: datetime
) -> None:
    """Offer it no more. Plans and handouts that have it keep it.

    The same again (a second click) changes nothing. Raises RuleBroken without a reason, for a
    successor that is not offered, and where it is retired or merged already.
    """
    successor_id = successor.id if successor else None
    _lock(exercise, successor)
    if exercise.state == ExerciseState.RETIRED and exercise.successor_id == successor_id:
        return
    if not exercise.is_offered:
        raise RuleBroken(N_("This exercise is retired already."))
    _leave(exercise, ExerciseState.RETIRED, successor, reason, by, now)


def bring_back_exercise(exercise: Exercise, *, by: Actor, now: datetime) -> None:
    """Offer a retired exercise again. Raises RuleBroken for a merged one."""
    _lock(exercise)
    if exercise.is_merged:
        raise RuleBroken(MERGED)
    if exercise.is_offered:
        return
    exercise.state, exercise.successor_id = ExerciseState.OFFERED, None
    _note(exercise, "", by, now)
    index_exercise(exercise, exercise.text)


def merge_exercise(
    exercise: Exercise, into: Exercise, reason: str, *, by: Actor, now: datetime
) -> None:
    """Let ``into`` stand for ``exercise`` from now on and for ever.

    Its address and its place in handouts lead to ``into``; plans keep the text that they have.
    The same again changes nothing. Raises RuleBroken without a reason, and for an exercise that
    is not offered: so nothing is ever merged, over any number of steps, into itself.
    """
    _lock(exercise, into)
    if exercise.is_merged and exercise.successor_id == into.id:
        return
    if exercise.is_merged:
        raise RuleBroken(MERGED)
    _leave(exercise, ExerciseState.MERGED, into, reason, by, now)


def find_leaving(exercise: Exercise) -> Leaving | None:
    """Why it is offered no more; None while it is."""
    if exercise.is_offered:
        return None
    event, name = db.session.execute(
        select(ExerciseEvent, Account.name)
        .outerjoin(Account, Account.id == ExerciseEvent.by)
        .where(ExerciseEvent.exercise_id == exercise.id)
        .order_by(ExerciseEvent.seq.desc())
        .limit(1)
    ).one()
    return Leaving(event.reason, event.at, name or "", _successor(exercise))


def list_merged_into(exercise: Exercise) -> Sequence[Exercise]:
    """All that it stands for after mergers, over any number of steps."""
    found: list[Exercise] = []
    step = [exercise.id]
    while step:
        statement = (
            select(Exercise)
            .where(Exercise.successor_id.in_(step), Exercise.state == ExerciseState.MERGED)
            .options(joinedload(Exercise.current, innerjoin=True))
            .order_by(Exercise.slug)
        )
        merged = list(db.session.scalars(statement))
        found += merged
        step = [one.id for one in merged]
    return found


def _successor(exercise: Exercise) -> Exercise | None:
    if exercise.successor_id is None:
        return None
    statement = (
        select(Exercise)
        .where(Exercise.id == exercise.successor_id)
        .options(joinedload(Exercise.current, innerjoin=True))
    )
    found = db.session.scalars(statement).one()
    return find_staying([found])[found.id]


def _lock(*exercises: Exercise | None) -> None:
    """One at a time, and what was read before is read again."""
    lock_index()
    for exercise in filter(None, exercises):
        db.session.refresh(exercise, ["state", "successor_id"], with_for_update=True)


def _leave(
    exercise: Exercise,
    state: ExerciseState,
    successor: Exercise | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    if not 0 < len(reason) <= MAX_REASON:
        raise RuleBroken(
            N_("Write a reason of at most %(max)s characters."), field="reason", max=MAX_REASON
        )
    if successor and (successor.id == exercise.id or not successor.is_offered):
        raise RuleBroken(NOT_OFFERED, field="other")
    exercise.state = state
    exercise.successor_id = successor.id if successor else None
    _note(exercise, reason, by, now)
    forget_exercise(exercise)


def _note(exercise: Exercise, reason: str, by: Actor, now: datetime) -> None:
    db.session.add(
        ExerciseEvent(
            exercise_id=exercise.id,
            state=exercise.state,
            successor_id=exercise.successor_id,
            reason=reason,
            at=now,
            by=by.id,
        )
    )
    db.session.flush()
    verbs = {
        ExerciseState.OFFERED: "bring-back-exercise",
        ExerciseState.RETIRED: "retire-exercise",
        ExerciseState.MERGED: "merge-exercise",
    }
    about = About("exercise", exercise.id)
    record(verbs[ExerciseState(exercise.state)], about, by=by, now=now, reason=reason)
