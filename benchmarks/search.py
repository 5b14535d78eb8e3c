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
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote
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
from app.catalogue.search_words import LAST_LETTER, tags_of, title_of, words_of
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
FILTERED = ("stretch&area=shoulders&area=neck&kind=stretch&position=standing", "stretch")
AREAS = ("shoulders", "neck", "upper back", "lower back", "hips", "knees", "ankles", "arms",
         "wrists", "chest", "thighs", "calves", "core", "feet")  # fmt: skip
THINGS = ("chair", "elastic band", "mat", "wall", "ball", "towel", "step", "dumbbell")
MOVES = ("stretch", "squeeze", "roll", "push-up", "raise", "press", "circle", "bridge", "row",
         "tilt", "curl", "bend", "reach", "lift", "hold", "turn")  # fmt: skip
PARTS = ("shoulder", "neck", "midback", "hip", "knee", "ankle", "arm", "wrist", "chest", "leg")
PLAIN = ("your", "the", "with", "and", "on", "back", "slowly", "arms", "until", "hands", "wall")

_BARE = text(
    "SELECT DISTINCT s.title, e.id FROM search_words w"
    " JOIN search_entries s ON s.number = w.number JOIN exercises e ON e.id = s.exercise_id"
    " WHERE w.word >= :first AND w.word < :last ORDER BY s.title, e.id LIMIT 26"
)
_BARE_LIST = text("SELECT slug, id FROM exercises ORDER BY slug, id LIMIT 26")


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


def fill_catalogue(texts: Iterator[ExerciseText], how_many: int = EXERCISES) -> None:
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


def measure_search(app: Flask, clinic: Clinic) -> list[dict[str, object]]:
    """One row a query: statements, p50 and p95 in milliseconds, and p95 against the goal.

    The last row asks something else each time, so that nothing of it is remembered.
    """
    ours = served("app:create_app()", clinic.environ, "/health")
    ceiling = served("benchmarks.ceiling:create_ceiling()", clinic.environ, "/ceiling")
    with ours as port, ceiling as ceiling_port:
        ports = port, ceiling_port
        rows = [_row(app, clinic, ports, q or "all", [(q, bare)]) for q, bare in QUERIES.items()]
        rows.append(_row(app, clinic, ports, "stretch, filtered", [FILTERED]))
        rows.append(_row(app, clinic, ports, "always another", list(_others())))
    return rows


def _others() -> Iterator[tuple[str, str]]:
    """Two words, one of them misspelt: "shouldre bakori"."""
    chance = random.Random(2)
    for _n in range(ROUNDS):
        part, area = chance.choice(PARTS), chance.choice(AREAS).split()[-1]
        yield f"{part[:-2]}{part[-1]}{part[-2]} {area[: chance.randrange(3, 6)]}", area


def _row(
    app: Flask, clinic: Clinic, ports: tuple[int, int], name: str, asked: list[tuple[str, str]]
) -> dict[str, object]:
    cookie = clinic.therapist_cookie
    paths = [f"/catalogue?q={quote(query, safe='&=')}" for query, _bare in asked]
    page = Page(ports[0], paths[0], cookie)
    page.ask()
    same = Page(ports[1], f"/ceiling?bytes={page.size}", clinic.patient_cookie)
    bare_times: list[float] = []
    for one in (page, same):
        for _ in range(5):
            one.ask()
        one.times.clear()
    for path, (_query, bare) in islice(cycle(zip(paths, asked, strict=True)), ROUNDS):
        page.path = path
        page.ask()
        same.ask()
        bare_times.append(_ask_barely(app, bare))
    bare_p95 = statistics.quantiles(bare_times, n=20)[18]
    count_statements(app, paths[0], cookie)  # fills this process's memory
    return {
        "search": name[:26],
        "statements": count_statements(app, paths[0], cookie),
        "goal ≤": 5,
        "bytes": page.size,
        "p50 ms": round(page.p50, 1),
        "p95 ms": round(page.p95, 1),
        "bare p95": round(bare_p95, 1),
        "ceiling p95": round(same.p95, 1),
        "of both": f"{page.p95 / (bare_p95 + same.p95):.2f}×",
        "goal ≤ ": f"{MOST:.0f}×",
        "of the ceiling, p50": f"{same.p50 / page.p50:.2f}×",
    }


def _ask_barely(app: Flask, beginning: str) -> float:
    """Milliseconds of the query alone: no ranking, no spelling, no counts, no page."""
    began = time.perf_counter()
    with app.app_context(), reading_only():
        if beginning:
            ends = {"first": beginning, "last": beginning + LAST_LETTER}
            db.session.execute(_BARE, ends).all()
        else:
            db.session.execute(_BARE_LIST).all()
    return (time.perf_counter() - began) * 1000


def search_catalogue(
    app: Flask, clinic: Clinic, texts: Iterator[ExerciseText]
) -> list[dict[str, object]]:
    with app.app_context():
        fill_catalogue(texts)
    return measure_search(app, clinic)


def main(source: Iterator[ExerciseText]) -> None:
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        app, clinic = make_clinic(Path(folder))
        print(table(search_catalogue(app, clinic, source)))


if __name__ == "__main__":
    main(read_texts(Path(sys.argv[1])) if len(sys.argv) > 1 else made_texts())
