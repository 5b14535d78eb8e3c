"""The catalogue's verbs and reads: exercises, handouts and conditions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.service import About, Actor, record
from app.catalogue.caution_table import keep_cautions
from app.catalogue.checks import check_code, check_exercise, check_handout
from app.catalogue.models import (
    Condition,
    Exercise,
    ExerciseRevision,
    Handout,
    HandoutCode,
    HandoutRevision,
)
from app.catalogue.revisions import EXERCISES, HANDOUTS, insert_unique
from app.catalogue.rules import (
    MAX_PHRASE,
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

MERGED = N_("This exercise was merged into another one. Change that one instead.")
CODE_TAKEN = N_("Choose another code. This one is taken.")

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
    check_publishable(text)
    lock_index()
    for candidate in [slug] if slug else _slugs(text.title):
        if id and (there := find_exercise(id)):
            first = EXERCISES.find(there, 1)
            if first and first.text == text:
                return there
            id = None  # the same form with another text: an entry of its own
        exercise = Exercise(id=id or uuid4(), slug=candidate)
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
    check_publishable(text)
    lock_index()
    db.session.refresh(exercise, ["state"])
    if exercise.is_merged:
        raise RuleBroken(MERGED)
    before = exercise.current_number
    revision = EXERCISES.revise(exercise, text, based_on=based_on, by=by, now=now, grade=grade)
    if exercise.current_number != before and exercise.is_offered:
        index_exercise(exercise, text)
        keep_cautions(revision)
    return revision


def find_exercise(exercise_id: UUID) -> Exercise | None:
    return db.session.scalar(
        select(Exercise).where(Exercise.id == exercise_id).options(_WITH_EXERCISE)
    )


def list_exercises_by_slug(slugs: Sequence[str]) -> list[Exercise]:
    """The exercises with these slugs, in this order; what is no slug of ours is left out.

    A merged one is the one that it is now, and none is there twice.
    """
    found = _find_by_slug(slugs)
    return list(dict.fromkeys(found[slug] for slug in slugs if slug in found))


def find_exercises_by_slug(slugs: Collection[str]) -> dict[str, Exercise]:
    """By slug, the exercises as they are: merged ones, too."""
    possible = [slug for slug in slugs if _SLUG.fullmatch(slug)]
    statement = select(Exercise).where(Exercise.slug.in_(possible)).options(_WITH_EXERCISE)
    return {exercise.slug: exercise for exercise in db.session.scalars(statement)}


def find_staying(exercises: Iterable[Exercise]) -> dict[UUID, Exercise]:
    """For each exercise by its id: itself, or what it is after all mergers."""
    asked = {exercise.id: exercise for exercise in exercises}
    known = dict(asked)
    while missing := {e.successor_id for e in known.values() if e.is_merged} - known.keys():
        statement = select(Exercise).where(Exercise.id.in_(missing)).options(_WITH_EXERCISE)
        known |= {exercise.id: exercise for exercise in db.session.scalars(statement)}

    def last(exercise: Exercise) -> Exercise:
        while exercise.is_merged and exercise.successor_id:
            exercise = known[exercise.successor_id]
        return exercise

    return {id: last(exercise) for id, exercise in asked.items()}


def publish_handout(
    code: str,
    text: HandoutText,
    *,
    by: Actor,
    now: datetime,
    is_public: bool = True,
    id: UUID | None = None,
) -> Handout:
    """A new handout with revision 1. Raises RuleBroken for a taken code or an unfit text.

    The same ``id`` with the same text again (a second click) gives the handout that is there.
    """
    text = _settled(text)
    code = normal_code(code)
    check_code(code)
    for _attempt in range(2):
        if id and (there := db.session.get(Handout, id)):
            first = HANDOUTS.find(there, 1)
            if first and first.text == text:
                return there
            id = None  # the same form with another text: a handout of its own
        given = HandoutCode(code=code, given_at=now, given_by=by.id)
        handout = Handout(id=id or uuid4(), code=code, is_public=is_public, codes=[given])
        if HANDOUTS.publish_first(handout, text, by=by, now=now):
            return handout
    raise RuleBroken(CODE_TAKEN, field="code")


def revise_handout(
    handout: Handout, text: HandoutText, *, based_on: int, by: Actor, now: datetime
) -> HandoutRevision:
    """Publish the next revision (see :meth:`Shelf.revise`)."""
    before, kept = handout.current_number, handout.text.exercises
    text = _settled(text, kept={*kept, *(one.slug for one in list_exercises_by_slug(kept))})
    revision = HANDOUTS.revise(handout, text, based_on=based_on, by=by, now=now)
    if handout.current_number != before:
        handout.version = Handout.version + 1  # by the database: somebody may have added one
    return revision


def find_handout(code: str) -> Handout | None:
    """The handout that has this code, or had it, however it was typed."""
    return db.session.scalar(
        select(Handout)
        .join(HandoutCode, HandoutCode.handout_id == Handout.id)
        .where(HandoutCode.code == normal_code(code))
        .options(_WITH_HANDOUT)
    )


def list_handouts(most: int = MAX_LISTED) -> list[Handout]:
    """Handouts by code."""
    statement = select(Handout).options(_WITH_HANDOUT).order_by(Handout.code).limit(most)
    return list(db.session.scalars(statement))


def condition_names() -> dict[str, str]:
    """Slug -> name of all conditions, in the order of the names."""
    return {condition.slug: condition.name for condition in list_conditions()}


def list_conditions() -> list[Condition]:
    """All conditions by name."""
    statement = select(Condition).order_by(Condition.name_key, Condition.id).limit(MAX_LISTED)
    return list(db.session.scalars(statement))


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


def check_publishable(text: ExerciseText) -> None:
    """Refuse (RuleBroken) an unfit text, and one that warns of a condition that nobody knows."""
    check_exercise(text)
    known = {condition.slug for condition in list_conditions()} if text.cautions else set()
    for place, caution in enumerate(text.cautions):
        if caution.condition not in known:
            raise RuleBroken(
                N_("Choose a condition from the list."), field=f"cautions-{place}-condition"
            )


def _settled(text: HandoutText, kept: Collection[str] = ()) -> HandoutText:
    """``text``, checked, with what merged exercises are now.

    A retired exercise may stay where it was before (``kept``), and is not put in anew.
    """
    check_handout(text)
    found = _find_by_slug(text.exercises)
    if found.keys() < set(text.exercises):
        raise RuleBroken(N_("An exercise on the list is not in the catalogue."), field="words")
    for slug, exercise in found.items():
        if not exercise.is_offered and slug not in kept:
            raise RuleBroken(
                N_("%(title)s is retired. Choose another exercise."),
                field="words",
                title=exercise.text.title,
            )
    slugs = dict.fromkeys(found[slug].slug for slug in text.exercises)
    return replace(text, exercises=tuple(slugs))


def _find_by_slug(slugs: Collection[str]) -> dict[str, Exercise]:
    """By each slug that there is: its exercise, or what that was merged into."""
    found = find_exercises_by_slug(slugs)
    staying = find_staying(found.values())
    return {slug: staying[exercise.id] for slug, exercise in found.items()}


def _slugs(title: str) -> Iterator[str]:
    """``wall-push-up``, ``wall-push-up-2`` and so on, and one that nobody has by chance."""
    base = re.sub(r"[^a-z0-9]+", "-", search_key(title))[:MAX_SLUG].strip("-") or "new"
    yield base
    yield from (f"{base}-{number}" for number in range(2, 10))
    yield f"{base}-{uuid4().hex[:12]}"
