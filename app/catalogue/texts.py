"""The texts of exercise revisions. A revision never changes, so a process remembers its text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask import current_app
from sqlalchemy import bindparam, select

from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import ExerciseText, exercise_from_data
from app.database import db

MOST_REMEMBERED = 1000
"""Texts, five kilobytes each."""

_EXTENSION = "homestretch_texts"
_DATA = select(ExerciseRevision.id, ExerciseRevision.data).where(
    ExerciseRevision.id.in_(bindparam("ids", expanding=True))
)


def find_texts(revision_ids: Iterable[UUID]) -> Mapping[UUID, ExerciseText]:
    """The text of each of these revisions. One statement, if any: for those not known yet.

    What else a page shows of an exercise (its newest revision, whether it is retired) does change,
    and is asked of the database each time.
    """
    wanted = frozenset(revision_ids)
    known = _known()
    new = [id for id in wanted if id not in known]
    if len(known) + len(new) > MOST_REMEMBERED:
        known.clear()
        new = list(wanted)
    if new:
        found = db.session.execute(_DATA, {"ids": new})
        known.update((id, exercise_from_data(data)) for id, data in found)
    return {id: known[id] for id in wanted}


def text_of(revision: ExerciseRevision) -> ExerciseText:
    """The text of a revision that is loaded."""
    known = _known()
    if revision.id not in known:
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        known[revision.id] = revision.text
    return known[revision.id]


def _known() -> dict[UUID, ExerciseText]:
    known: dict[UUID, ExerciseText] = current_app.extensions.setdefault(_EXTENSION, {})
    return known
