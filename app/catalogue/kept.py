"""The catalogue's lists: exercises with their texts, and their rows, which are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import current_app, get_template_attribute
from markupsafe import Markup
from sqlalchemy import bindparam, select

from app.catalogue import words
from app.catalogue.kept_texts import kept_text, text_of
from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import ExerciseText
from app.database import read_rows
from app.language import language

MOST_ROWS = 1000
"""Some two kilobytes each."""
AT_ONCE = 6
"""So many rows are seen without scrolling: their pictures are loaded at once."""

_ROWS = "homestretch_exercise_rows"
_BY_ID = select(ExerciseRevision.id, ExerciseRevision.data).where(
    ExerciseRevision.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class Listed:
    """An exercise in a list, with its newest text."""

    id: UUID
    revision_id: UUID
    text: ExerciseText


def texts_of(revision_ids: Collection[UUID]) -> dict[UUID, ExerciseText]:
    """The texts of these revisions, by id. One statement for all that are not kept, if any."""
    found = {id: text for id in revision_ids if (text := kept_text(id))}
    if missing := [id for id in revision_ids if id not in found]:
        found |= {id: text_of(id, data) for id, data in read_rows(_BY_ID, {"ids": missing})}
    return found


def exercise_rows(exercises: Sequence[Listed]) -> list[Markup]:
    """A row of the catalogue for each, in the reader's language."""
    kept: dict[tuple[UUID, bool, str], Markup] = current_app.extensions.setdefault(_ROWS, {})
    if len(kept) > MOST_ROWS:
        kept.clear()
    rows = []
    for place, exercise in enumerate(exercises, start=1):
        key = exercise.revision_id, place > AT_ONCE, language()
        if key not in kept:
            draw = get_template_attribute("catalogue/_exercise.html", "exercise_row")
            kept[key] = draw(exercise, words, lazy=place > AT_ONCE)
        rows.append(kept[key])
    return rows
