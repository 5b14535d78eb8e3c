"""The caseload in a clinic of 1,000 patients and in one of 100,000: what growth costs.

Run alone: ``python -m benchmarks.caseload``, or with ``sqlite`` or ``postgresql`` behind it. Every
therapist treats 300 patients, a third of them archived; the one who asks has the same people and
plans in both clinics. Both are asked in turn for the same pages, so that a noisy machine troubles
both alike. The slowest statement of a page is found by asking each of them again, alone.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.database import db, reading_only
from benchmarks.clinic import table
from benchmarks.crowd import Crowd, make_crowd
from tests.postgres import postgres_server

FEW, MANY = 1_000, 100_000
ROUNDS = 60
WARM_UP = 12
"""PostgreSQL plans a statement anew the first ten times that a connection asks it."""
AGAIN = 15
GOAL = 1.4
MOST_MS = 5.0
DATABASES = ("sqlite", "postgresql")

PAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    # name: who asks, address, the form where one is sent
    "list": ("therapist", "/patients", {}),
    "list, later page": ("therapist", "/patients?after={late}", {}),
    "draft to finish": ("therapist", "/patients?show=draft", {}),
    "withheld starts": ("therapist", "/patients?show=withheld", {}),
    "no plan": ("therapist", "/patients?show=no-plan", {}),
    "archived": ("therapist", "/patients?show=archived", {}),
    "search, one letter": ("therapist", "/patients", {"words": "m"}),
    "search, two words": ("therapist", "/patients", {"words": "ma ro"}),
    "search, birth date": ("therapist", "/patients", {"words": "{born}"}),
    "search, misspelt": ("therapist", "/patients", {"words": "qqxmarvelo"}),
    "record": ("therapist", "/patients/{patient}", {}),
    "all care teams": ("admin", "/people/care-teams", {}),
    "all, later page": ("admin", "/people/care-teams?after={late}", {}),
    "all, archived": ("admin", "/people/care-teams?show=archived", {}),
    "all, one letter": ("admin", "/people/care-teams", {"words": "m"}),
    "all, two words": ("admin", "/people/care-teams", {"words": "{name}"}),
    "all, nobody": ("admin", "/people/care-teams", {"words": "qqx"}),
}


@dataclass
class Clinic:
    """One clinic; ``times`` are the milliseconds of each answer by page."""

    app: Flask
    crowd: Crowd
    client: FlaskClient
    times: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, name: str) -> str:
        """Gives the page."""
        who, path, form = PAGES[name]
        crowd = self.crowd
        path = path.format(late=crowd.late, patient=crowd.patient)
        born = f"{crowd.born.day}.{crowd.born.month}.{crowd.born.year}"
        form = {box: words.format(name=crowd.name, born=born) for box, words in form.items()}
        headers = {"Cookie": crowd.cookies[who]}
        began = time.perf_counter()
        send = self.client.post if form else self.client.get
        answer = send(path, data=form, headers=headers) if form else send(path, headers=headers)
        self.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return answer.text

    def p50(self, name: str) -> float:
        return statistics.median(self.times[name])

    def p95(self, name: str) -> float:
        return statistics.quantiles(self.times[name], n=20)[18]

    def statements(self, name: str) -> list[tuple[str, Any]]:
        """What the page asks of the database, with the values."""
        seen: list[tuple[str, Any]] = []

        def note(
            _connection: object, _cursor: object, statement: str, values: Any, *_rest: object
        ) -> None:
            seen.append((statement, values))

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            self.ask(name)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return seen

    def slowest(self, statements: list[tuple[str, Any]]) -> float:
        """Milliseconds of the one that takes longest, until its last row is read."""
        reads = (one for one in statements if not one[0].startswith(("UPDATE", "INSERT")))
        return max(self._milliseconds(*one) for one in reads)

    def _milliseconds(self, statement: str, values: Any) -> float:
        times = []
        with self.app.app_context(), reading_only(), db.engine.connect() as connection:
            for _ in range(AGAIN):
                began = time.perf_counter()
                connection.exec_driver_sql(statement, values).fetchall()
                times.append((time.perf_counter() - began) * 1000)
        return min(times)  # what else the machine does can only add to it


def measure_caseload(databases: tuple[str, ...] = DATABASES) -> dict[str, list[dict[str, object]]]:
    """Rows by database: statements in both clinics, medians, 95th percentiles, their ratio."""
    found = {}
    for database in databases:
        with ExitStack() as stack:
            urls = stack.enter_context(_urls(database))
            few, many = (_open(stack, next(urls), number) for number in (FEW, MANY))
            found[database] = [_compare(name, few, many) for name in PAGES]
    return found


def _compare(name: str, few: Clinic, many: Clinic) -> dict[str, object]:
    pages = [_warm(clinic, name) for clinic in (few, many)]
    if PAGES[name][0] == "therapist" and len(pages[0]) != len(pages[1]):
        raise RuntimeError(f"{name}: the two pages do not say the same")
    statements = few.statements(name), many.statements(name)
    for clinic in (few, many):
        clinic.times.clear()
    for _ in range(ROUNDS):
        few.ask(name)
        many.ask(name)
    return {
        "page": name,
        "statements": " / ".join(str(len(some)) for some in statements),
        "p50 ms": f"{few.p50(name):.1f} / {many.p50(name):.1f}",
        "p95 ms": f"{few.p95(name):.1f} / {many.p95(name):.1f}",
        "p50": f"{many.p50(name) / few.p50(name):.2f}×",
        "p95": f"{many.p95(name) / few.p95(name):.2f}×",
        "goal ≤": f"{GOAL:.2f}×",
        "slowest, ms": f"{few.slowest(statements[0]):.1f} / {many.slowest(statements[1]):.1f}",
        "goal ≤ ": f"{MOST_MS:.0f}",
    }


def _warm(clinic: Clinic, name: str) -> str:
    return [clinic.ask(name) for _ in range(WARM_UP)][-1]


def _open(stack: ExitStack, url: str, patients: int) -> Clinic:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homestretch-bench-")))
    app, crowd = make_crowd(url or f"sqlite:///{folder}/clinic.sqlite3", folder, patients)
    return Clinic(app, crowd, app.test_client(use_cookies=False))


@contextmanager
def _urls(database: str) -> Iterator[Iterator[str]]:
    """Addresses of new databases; an empty one leaves it to the clinic's own folder."""
    if database == "sqlite":
        yield iter(("", ""))
        return
    with postgres_server() as server:
        yield (server.create_database() for _ in range(2))


if __name__ == "__main__":
    for database, rows in measure_caseload(tuple(sys.argv[1:]) or DATABASES).items():
        print(f"\n{database}: {FEW:,} / {MANY:,} patients\n{table(rows)}", flush=True)
