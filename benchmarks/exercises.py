"""Exercises without end, and a catalogue that is filled with them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from app.catalogue.models import Exercise, ExerciseRevision
from app.catalogue.rules import (
    DoseRange,
    ExerciseText,
    Kind,
    Position,
    Span,
    Step,
    Variant,
    to_data,
)
from app.catalogue.search_tables import SearchEntry, SearchState, SearchWord
from app.catalogue.search_words import tags_of, title_of, words_of
from app.clock import now
from app.database import db

AREAS = ("shoulders", "neck", "upper back", "lower back", "hips", "knees", "ankles", "arms",
         "wrists", "chest", "thighs", "calves", "core", "feet")  # fmt: skip
THINGS = ("chair", "elastic band", "mat", "wall", "ball", "towel", "step", "dumbbell")
MOVES = ("stretch", "squeeze", "roll", "push-up", "raise", "press", "circle", "bridge", "row",
         "tilt", "curl", "bend", "reach", "lift", "hold", "turn")  # fmt: skip
PARTS = ("shoulder", "neck", "midback", "hip", "knee", "ankle", "arm", "wrist", "chest", "leg")
PLAIN = ("your", "the", "with", "and", "on", "back", "slowly", "arms", "until", "hands", "wall")


def made_texts() -> Iterator[ExerciseText]:
    """Exercises without end, of real and of made up words."""
    chance = random.Random(1)
    rare = ["".join(chance.choices(("ba", "ko", "ri", "tem", "lu", "san", "fe"), k=3 + n % 2))
            for n in range(2000)]  # fmt: skip
    for number in count():
        position = chance.choice(tuple(Position))
        moves = chance.sample(MOVES, 2)
        steps = [
            Step(
                " ".join(
                    (*chance.sample(PLAIN, 8), *chance.sample(PARTS, 2), *chance.sample(rare, 3))
                )
            )
            for _n in range(3)
        ]
        yield ExerciseText(
            title=f"{position} {chance.choice(PARTS)} {moves[0]} {rare[number % 2000]}".title(),
            kind=chance.choice(tuple(Kind)),
            purpose=f"Helps your {chance.choice(PARTS)} to {moves[1]}.",
            body_areas=tuple(chance.sample(AREAS, 2)),
            variants=(Variant(position, tuple(steps)),),
            dose=DoseRange(Span(8, 12), hold=Span(15, 30)),
            equipment=tuple(chance.sample(THINGS, chance.randrange(3))),
        )


def read_texts(path: Path) -> Iterator[ExerciseText]:
    """The exercises of a file, again and again, each time under another name."""
    given: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    plain = next(made_texts())
    for around in count(1):
        for one in given:
            yield replace(
                plain,
                title=f"{one['name']} {around}",
                body_areas=tuple(one["primaryMuscles"]),
                equipment=(one["equipment"],) if one["equipment"] else (),
                variants=(
                    Variant(Position.STANDING, tuple(Step(s) for s in one["instructions"][:12])),
                ),
            )


def fill_catalogue(texts: Iterator[ExerciseText], how_many: int) -> None:
    """Add them, many rows at a time; what publishing one by one leaves behind is the same."""
    instant = now()
    first = (
        db.session.scalar(select(SearchEntry.number).order_by(SearchEntry.number.desc())) or 0
    ) + 1
    exercises, revisions, entries, words = [], [], [], []
    for number, one in enumerate(islice(texts, how_many), start=first):
        id = uuid4()
        title = title_of(one)
        exercises.append({"id": id, "slug": f"bench-{number}", "current_number": 1,
                          "created_at": instant})  # fmt: skip
        revisions.append({"id": uuid4(), "exercise_id": id, "number": 1, "data": to_data(one),
                          "published_at": instant})  # fmt: skip
        entries.append({"number": number, "exercise_id": id, "title": title, "tags": tags_of(one)})
        words += [
            {"word": word, "number": number, "place": int(place)}
            for word, place in words_of(one).items()
        ]
    for model, rows in ((Exercise, exercises), (ExerciseRevision, revisions),
                        (SearchEntry, entries), (SearchWord, words)):  # fmt: skip
        db.session.execute(insert(model), rows)
    db.session.execute(update(SearchState).values(version=uuid4()))
    db.session.commit()
