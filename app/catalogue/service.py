"""The catalogue's verbs and reads: exercises, handouts and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.service import About, Actor, record
from app.catalogue.caution_table import keep_cautions
from app.catalogue.checks import check_exercise, check_handout
from app.catalogue.models import (
    Condition,
    Exercise,
    ExerciseRevision,
    Handout,
    HandoutRevision,
)
from app.catalogue.revisions import EXERCISES, HANDOUTS, insert_unique
from app.catalogue.rules import (
    MAX_PHRASE,
    MAX_TITLE,
    ExerciseText,
    Grade,
    HandoutText,
    normal_code,
)
from app.catalogue.search_index import index_exercise, lock_index
from app.database import db
from app.errors import N_, RuleBroken
from app.text import search_key

MAX_SLUG = 60
MAX_LISTED = 500
"""Conditions and handouts are few; a clinic that has more than this needs another page."""

_SLUG = re.compile(r"[a-z0-9-]{1,80}")
_WITH_EXERCISE = joinedload(Exercise.current, innerjoin=True)
_WITH_HANDOUT = joinedload(Handout.current, innerjoin=True)


def publish_exercise(
    slug: str | None, text: ExerciseText, *, by: Actor, now: datetime, id: UUID | None = None
) -> Exercise:
    """A new entry with revision 1. ``slug`` None makes one of the title.

    The same ``id`` with the same text again (a second click) gives the entry that is there.
    Raises RuleBroken for a text that may not be published and for a given slug that is taken.
    """
    _check_exercise(text)
    lock_index()
    for candidate in [slug] if slug else _slugs(text.title):
        if id and (there := find_exercise(id)):
            first = EXERCISES.find(there, 1)
            if first and first.text == text:
                return there
            id = None  # the same form with another text: an entry of its own
        exercise = Exercise(id=id or uuid4(), slug=candidate, title_key=_title_key(text))
        if EXERCISES.publish_first(exercise, text, by=by, now=now):
            index_exercise(exercise, text)
            keep_cautions(exercise.current)
            return exercise
    raise RuleBroken(N_("This short name is taken."), field="slug")


def revise_exercise(
    exercise: Exercise,
    text: ExerciseText,
    *,
    based_on: int,
    by: Actor,
    now: datetime,
    grade: Grade = Grade.WORDING,
) -> ExerciseRevision:
    """Publish the next revision (see :meth:`Shelf.revise`); plans keep the one that they have.

    Their therapists are told of the new one, of ``grade`` safety first.
    """
    _check_exercise(text)
    lock_index()
    before = exercise.current_number
    revision = EXERCISES.revise(exercise, text, based_on=based_on, by=by, now=now, grade=grade)
    if exercise.current_number != before:
        exercise.title_key = _title_key(text)
        index_exercise(exercise, text)
        keep_cautions(revision)
    return revision


def find_exercise(exercise_id: UUID) -> Exercise | None:
    return db.session.scalar(
        select(Exercise).where(Exercise.id == exercise_id).options(_WITH_EXERCISE)
    )


def list_exercises_by_slug(slugs: Sequence[str]) -> list[Exercise]:
    """The exercises with these slugs, in this order; what is no slug of ours is left out."""
    possible = [slug for slug in slugs if _SLUG.fullmatch(slug)]
    statement = select(Exercise).where(Exercise.slug.in_(possible)).options(_WITH_EXERCISE)
    found = {exercise.slug: exercise for exercise in db.session.scalars(statement)}
    return [found[slug] for slug in slugs if slug in found]


def publish_handout(code: str, text: HandoutText, *, by: Actor, now: datetime) -> Handout:
    """A new handout with revision 1. Raises RuleBroken for a taken code or an unfit text."""
    _check_handout(text)
    handout = Handout(id=uuid4(), code=normal_code(code))
    if not handout.code or not HANDOUTS.publish_first(handout, text, by=by, now=now):
        raise RuleBroken(N_("Choose another code. This one is taken."), field="code")
    return handout


def revise_handout(
    handout: Handout, text: HandoutText, *, based_on: int, by: Actor, now: datetime
) -> HandoutRevision:
    """Publish the next revision (see :meth:`Shelf.revise`)."""
    _check_handout(text)
    return HANDOUTS.revise(handout, text, based_on=based_on, by=by, now=now)


def find_handout(code: str) -> Handout | None:
    """The handout with this code, however it was typed."""
    return db.session.scalar(
        select(Handout).where(Handout.code == normal_code(code)).options(_WITH_HANDOUT)
    )


def list_handouts() -> list[Handout]:
    """All handouts by code."""
    statement = select(Handout).options(_WITH_HANDOUT).order_by(Handout.code).limit(MAX_LISTED)
    return list(db.session.scalars(statement))


def list_conditions() -> list[Condition]:
    """All conditions by name."""
    statement = select(Condition).order_by(Condition.name_key, Condition.id).limit(MAX_LISTED)
    return list(db.session.scalars(statement))


def find_condition(id: UUID) -> Condition | None:
    return db.session.get(Condition, id)


def add_condition(
    name: str, *, by: Actor, now: datetime, slug: str | None = None, id: UUID | None = None
) -> Condition:
    """A new condition; the same ``id`` and name again gives the one that is there.

    Raises RuleBroken for a name that is empty, too long or on the list already.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_PHRASE:
        raise RuleBroken(N_("Enter a name of at most %(max)s characters."), field="name",
                         max=MAX_PHRASE)  # fmt: skip
    key = search_key(name)[:MAX_PHRASE]
    for candidate in [slug] if slug else _slugs(name):
        taken = db.session.scalar(select(Condition).where(Condition.name_key == key))
        if taken and taken.id == id:
            return taken
        condition = Condition(id=id or uuid4(), slug=candidate, name=name, name_key=key)
        if taken is None and insert_unique(condition):
            record("add-condition", About("condition", condition.id), by=by, now=now)
            return condition
    raise RuleBroken(N_("This condition is on the list already."), field="name")


def _check_exercise(text: ExerciseText) -> None:
    check_exercise(text)
    known = {condition.slug for condition in list_conditions()} if text.cautions else set()
    for place, caution in enumerate(text.cautions):
        if caution.condition not in known:
            raise RuleBroken(
                N_("Choose a condition from the list."), field=f"cautions-{place}-condition"
            )


def _check_handout(text: HandoutText) -> None:
    check_handout(text)
    if len(list_exercises_by_slug(text.exercises)) < len(text.exercises):
        raise RuleBroken(N_("An exercise on the list is not in the catalogue."), field="words")


def _title_key(text: ExerciseText) -> str:
    return search_key(text.title)[:MAX_TITLE]


def _slugs(title: str) -> Iterator[str]:
    """``wall-push-up``, ``wall-push-up-2`` and so on, and one that nobody has by chance."""
    base = re.sub(r"[^a-z0-9]+", "-", search_key(title))[:MAX_SLUG].strip("-") or "new"
    yield base
    yield from (f"{base}-{number}" for number in range(2, 10))
    yield f"{base}-{uuid4().hex[:12]}"
