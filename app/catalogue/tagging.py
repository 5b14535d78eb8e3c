"""One tag put on many exercises at once, or taken off them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.service import Actor
from app.catalogue.models import Exercise
from app.catalogue.rules import ExerciseText, Goal
from app.catalogue.search_index import lock_index
from app.catalogue.search_shelf import tag_key
from app.catalogue.search_words import Facet
from app.catalogue.service import revise_exercise
from app.database import db
from app.errors import N_, RuleBroken

MAX_TAGGED = 200
_PARTS = {Facet.AREA: "body_areas", Facet.EQUIPMENT: "equipment", Facet.GOAL: "goals"}
"""What can be put on many exercises, and the part of the text that holds it."""


@dataclass(frozen=True)
class Tag:
    """A body area, a piece of equipment or a goal. Raises RuleBroken for an unknown goal."""

    facet: Facet
    value: str

    def __post_init__(self) -> None:
        if not tag_key(self.value):
            raise RuleBroken(N_("Write the tag."), field="value")
        if self.facet is Facet.GOAL and tag_key(self.value) not in set(Goal):
            raise RuleBroken(N_("Choose one of the goals in the list."), field="value")

    def on(self, text: ExerciseText) -> ExerciseText:
        """The text with this tag, however it is written there."""
        held: tuple[str, ...] = getattr(text, _PARTS[self.facet])
        if tag_key(self.value) in map(tag_key, held):
            return text
        value = Goal(tag_key(self.value)) if self.facet is Facet.GOAL else self.value
        return self._tagged(text, (*held, value))

    def off(self, text: ExerciseText) -> ExerciseText:
        """The text without it."""
        held: tuple[str, ...] = getattr(text, _PARTS[self.facet])
        kept = tuple(one for one in held if tag_key(one) != tag_key(self.value))
        return self._tagged(text, kept)

    def _tagged(self, text: ExerciseText, values: tuple[str, ...]) -> ExerciseText:
        changes: dict[str, Any] = {_PARTS[self.facet]: values}
        return replace(text, **changes)


@dataclass(frozen=True)
class Tagged:
    """How many exercises have a new revision now and how many were right already; and the
    titles of those that could not be changed."""

    changed: int
    unchanged: int
    refused: tuple[str, ...]


def change_tags(
    ids: Collection[UUID], tag: Tag, *, remove: bool, by: Actor, now: datetime
) -> Tagged:
    """Publish a revision of each of these exercises with the tag, or without it.

    Raises RuleBroken where there are none or too many. One that would be left unfit, as without
    any body area, stays as it is.
    """
    if not 0 < len(ids) <= MAX_TAGGED:
        raise RuleBroken(
            N_("Tick at least one exercise, and at most %(max)s."), field="exercises",
            max=MAX_TAGGED,
        )  # fmt: skip
    lock_index()
    statement = (
        select(Exercise)
        .where(Exercise.id.in_(ids))
        .options(joinedload(Exercise.current, innerjoin=True))
        .order_by(Exercise.id)  # as an approval locks them
        .execution_options(populate_existing=True)
    )
    changed, unchanged, refused = 0, 0, []
    for exercise in db.session.scalars(statement).all():
        standing = exercise.text
        wanted = tag.off(standing) if remove else tag.on(standing)
        if wanted == standing:
            unchanged += 1
            continue
        try:
            revise_exercise(exercise, wanted, based_on=exercise.current_number, by=by, now=now)
            changed += 1
        except RuleBroken:
            refused.append(standing.title)
    return Tagged(changed, unchanged, tuple(sorted(refused)))
