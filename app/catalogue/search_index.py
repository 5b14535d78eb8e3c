"""Keeping the search's tables with the exercises, in the transaction that changes those."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from app.catalogue.models import Exercise
from app.catalogue.rules import ExerciseText
from app.catalogue.search_tables import SearchEntry, SearchState, SearchWord
from app.catalogue.search_words import tags_of, title_of, words_of
from app.database import db


def lock_index() -> None:
    """Let one at a time change what can be found: call it before any exercise is locked.

    Everybody locks this row first, so no two wait for each other.
    """
    db.session.execute(select(SearchState.id).with_for_update())


def index_exercise(exercise: Exercise, text: ExerciseText) -> None:
    """Let the exercise be found by ``text`` and by nothing else."""
    number = _number_of(exercise)
    values = {"title": title_of(text), "tags": tags_of(text)}
    if number is None:
        entry = insert(SearchEntry).values(exercise_id=exercise.id, **values)
        number = db.session.scalars(entry.returning(SearchEntry.number)).one()
    else:
        db.session.execute(update(SearchEntry).where(SearchEntry.number == number).values(**values))
        db.session.execute(delete(SearchWord).where(SearchWord.number == number))
    rows = [
        {"word": word, "number": number, "place": int(place)}
        for word, place in words_of(text).items()
    ]
    db.session.execute(insert(SearchWord), rows)
    _note_change()


def forget_exercise(exercise: Exercise) -> None:
    """Let the exercise, retired or merged into another one, be found no more."""
    if (number := _number_of(exercise)) is not None:
        db.session.execute(delete(SearchWord).where(SearchWord.number == number))
        db.session.execute(delete(SearchEntry).where(SearchEntry.number == number))
        _note_change()


def _number_of(exercise: Exercise) -> int | None:
    return db.session.scalar(
        select(SearchEntry.number).where(SearchEntry.exercise_id == exercise.id)
    )


def _note_change() -> None:
    # Not a count: a number that was rolled back would come again, with other contents.
    db.session.execute(update(SearchState).values(version=uuid4()))
