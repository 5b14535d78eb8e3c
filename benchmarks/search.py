"""The catalogue's search with ten thousand exercises, beside a bare query and the ceiling page.

Run alone, ``python -m benchmarks.search [file.json]`` takes the exercises' names, instructions,
muscles and equipment from the file (a list of objects with these keys), over and over; without
one it makes words up.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from sqlalchemy import text

from app.catalogue.rules import ExerciseText
from app.catalogue.search_words import LAST_LETTER
from app.database import db, reading_only
from benchmarks.clinic import Clinic, make_clinic, table
from benchmarks.exercises import AREAS, PARTS, fill_catalogue, made_texts, read_texts
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
_BARE = text(
    "SELECT DISTINCT s.title, e.id FROM search_words w"
    " JOIN search_entries s ON s.number = w.number JOIN exercises e ON e.id = s.exercise_id"
    " WHERE w.word >= :first AND w.word < :last ORDER BY s.title, e.id LIMIT 26"
)
_BARE_LIST = text("SELECT slug, id FROM exercises ORDER BY slug, id LIMIT 26")


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
        fill_catalogue(texts, EXERCISES)
    return measure_search(app, clinic)


def main(source: Iterator[ExerciseText]) -> None:
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        app, clinic = make_clinic(Path(folder))
        print(table(search_catalogue(app, clinic, source)))


if __name__ == "__main__":
    main(read_texts(Path(sys.argv[1])) if len(sys.argv) > 1 else made_texts())
