"""The catalogue's search with ten thousand exercises, beside a bare query and the ceiling page.

Run alone, ``python -m benchmarks.search [file.json]`` takes the exercises' names, instructions,
muscles and equipment from the file (a list of objects with these keys), over and over; without
one it makes words up.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert, select, text, update

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
from app.catalogue.search_words import LAST_LETTER, split_words, tags_of, title_of, words_of
from app.clock import now
from app.database import db, reading_only
from benchmarks.clinic import Clinic, make_clinic, table
from benchmarks.measure import Page, served
from benchmarks.pages import count_statements

EXERCISES = 10_000
ROUNDS = 60
MOST = 3.0
QUERIES = {
    # what is typed: the beginning by which a bare query finds it
    "": "",
    "shoulder": "shoulder",
    "shou": "shou",
    "sholder": "shoulder",
    "standing sholder strech": "shoulder",
    "pushup": "push",
    "mid back": "midback",
    "with the arms on the wall": "wall",
    "s": "s",
    "zzzzzz": "zzzzzz",
    "x" * 200: "x" * 40,
}
FILTERED = "?q=stretch&area=shoulders&area=neck&kind=stretch&position=standing"
AREAS = ("shoulders", "neck", "upper back", "lower back", "hips", "knees", "ankles", "arms",
         "wrists", "chest", "thighs", "calves", "core", "feet")  # fmt: skip
THINGS = ("chair", "elastic band", "mat", "wall", "ball", "towel", "step", "dumbbell")
MOVES = ("stretch", "squeeze", "roll", "push-up", "raise", "press", "circle", "bridge", "row",
         "tilt", "curl", "bend", "reach", "lift", "hold", "turn")  # fmt: skip
PARTS = ("shoulder", "neck", "midback", "hip", "knee", "ankle", "arm", "wrist", "chest", "leg")
PLAIN = ("your", "the", "with", "and", "on", "back", "slowly", "arms", "until", "hands", "wall")

_BARE = text(
    "SELECT DISTINCT e.title_key, e.id FROM search_words w"
    " JOIN search_entries s ON s.number = w.number JOIN exercises e ON e.id = s.exercise_id"
    " WHERE w.word >= :first AND w.word < :last ORDER BY e.title_key, e.id LIMIT 26"
)


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
            title=f"{position.capitalize()} {chance.choice(PARTS)} {moves[0]} {rare[number % 2000]}",
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


def fill_catalogue(texts: Iterator[ExerciseText]) -> None:
    """Add them, many rows at a time; what publishing one by one leaves behind is the same."""
    instant = now()
    first = (
        db.session.scalar(select(SearchEntry.number).order_by(SearchEntry.number.desc())) or 0
    ) + 1
    exercises, revisions, entries, words = [], [], [], []
    for number, one in enumerate(islice(texts, EXERCISES), start=first):
        id = uuid4()
        title = title_of(one)
        exercises.append({"id": id, "slug": f"bench-{number}", "current_number": 1,
                          "title_key": title[:120], "created_at": instant})  # fmt: skip
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


def measure_search(app: Flask, clinic: Clinic) -> list[dict[str, object]]:
    """One row a query: statements, p50 and p95 in milliseconds, and p95 against the goal."""
    cookie = clinic.therapist_cookie
    rows: list[dict[str, object]] = []
    ours = served("app:create_app()", clinic.environ, "/health")
    ceiling = served("benchmarks.ceiling:create_ceiling()", clinic.environ, "/ceiling")
    with ours as port, ceiling as ceiling_port:
        for query, bare in QUERIES.items():
            path = f"/catalogue?q={quote_plus(query)}"
            rows.append(_row(app, query, bare, path, cookie, port, ceiling_port, clinic))
        path = f"/catalogue{FILTERED}"
        rows.append(
            _row(app, "stretch, filtered", "stretch", path, cookie, port, ceiling_port, clinic)
        )
    return rows


def _row(
    app: Flask, name: str, bare: str, path: str, cookie: str,
    port: int, ceiling_port: int, clinic: Clinic,
) -> dict[str, object]:  # fmt: skip
    page = Page(port, path, cookie)
    page.ask()
    same = Page(ceiling_port, f"/ceiling?bytes={page.size}", clinic.patient_cookie)
    bare_times: list[float] = []
    for one in (page, same):
        for _ in range(5):
            one.ask()
        one.times.clear()
    for _ in range(ROUNDS):
        page.ask()
        same.ask()
        bare_times.append(_ask_barely(app, bare))
    bare_p95 = statistics.quantiles(bare_times, n=20)[18]
    count_statements(app, path, cookie)  # fills this process's memory
    return {
        "search": f"{name[:26] or 'all'}",
        "statements": count_statements(app, path, cookie),
        "goal ≤": 5,
        "bytes": page.size,
        "p50 ms": round(page.p50, 1),
        "p95 ms": round(page.p95, 1),
        "bare p95": round(bare_p95, 1),
        "ceiling p95": round(same.p95, 1),
        "of both": f"{page.p95 / (bare_p95 + same.p95):.2f}×",
        "goal ≤ ": f"{MOST:.0f}×",
        "of the ceiling p50": f"{same.p50 / page.p50:.2f}×",
    }


def _ask_barely(app: Flask, beginning: str) -> float:
    began = time.perf_counter()
    with app.app_context(), reading_only():
        letters = "".join(split_words(beginning))
        db.session.execute(_BARE, {"first": letters, "last": letters + LAST_LETTER}).all()
    return (time.perf_counter() - began) * 1000


def run(folder: Path, texts: Iterator[ExerciseText]) -> list[dict[str, object]]:
    app, clinic = make_clinic(folder)
    with app.app_context():
        fill_catalogue(texts)
    return measure_search(app, clinic)


if __name__ == "__main__":
    source = read_texts(Path(sys.argv[1])) if len(sys.argv) > 1 else made_texts()
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as kept:
        print(table(run(Path(kept), source)))
