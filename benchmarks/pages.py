"""The pages people wait for most, each beside a ceiling page of the same bytes."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import event

from app.database import db
from benchmarks.clinic import Clinic
from benchmarks.crowd import make_crowd
from benchmarks.exercises import fill_catalogue, made_texts
from benchmarks.measure import Page, compare, served

GOALS = {
    "Plan": (3, 0.8),
    "Today": (3, 0.8),
    "Builder": (5, 0.7),
    "Patients": (5, 0.7),
    "Patients with plans": (5, 0.7),
    "Catalogue": (5, 0.7),
    "Search": (5, 0.7),
}
"""Statements at the most, and the ratio to the ceiling at the least."""

CATALOGUE = 1_000
"""Exercises that are there before the catalogue's pages are asked for."""
CROWD = 1_000
"""Patients of a clinic whose therapist treats 300: a third of them archived, most with a plan."""


def measure_pages(app: Flask, clinic: Clinic, folder: Path) -> list[dict[str, object]]:
    """One row a page: statements, bytes, p50 and p95 in milliseconds, ratio to the ceiling."""
    pages = {
        "Plan": (clinic.plan_path, clinic.patient_cookie),
        "Today": ("/today", clinic.patient_cookie),
        "Builder": (clinic.draft_path, clinic.therapist_cookie),
        "Patients": ("/patients", clinic.therapist_cookie),
        "Catalogue": ("/catalogue", clinic.therapist_cookie),
        "Search": ("/catalogue?q=shoulder", clinic.therapist_cookie),
    }
    rows: list[dict[str, object]] = []
    ours = served("app:create_app()", clinic.environ, "/health")
    ceiling = served("benchmarks.ceiling:create_ceiling()", clinic.environ, "/ceiling")
    with ours as port, ceiling as ceiling_port:
        for name, (path, cookie) in pages.items():
            if name == "Catalogue":
                with app.app_context():
                    fill_catalogue(made_texts(), CATALOGUE)
            statements = count_statements(app, path, cookie)
            rows.append(_row(name, Page(port, path, cookie), ceiling_port, clinic, statements))
        rows.append(_measure_crowded_list(ceiling_port, clinic, folder))
    return rows


def _measure_crowded_list(ceiling_port: int, clinic: Clinic, folder: Path) -> dict[str, object]:
    """The patient list again, of a therapist whose patients have plans."""
    app, crowd = make_crowd(f"sqlite:///{folder}/crowd.db", folder, CROWD)
    environ = {**clinic.environ, "HOMESTRETCH_DATABASE_URL": f"sqlite:///{folder}/crowd.db"}
    cookie = crowd.cookies["therapist"]
    statements = count_statements(app, "/patients", cookie)
    with served("app:create_app()", environ, "/health") as port:
        page = Page(port, "/patients", cookie)
        return _row("Patients with plans", page, ceiling_port, clinic, statements)


def _row(
    name: str, page: Page, ceiling_port: int, clinic: Clinic, statements: int
) -> dict[str, object]:
    page.ask()
    same = Page(ceiling_port, f"/ceiling?bytes={page.size}", clinic.patient_cookie)
    ratio = compare(page, same)
    most, least = GOALS[name]
    return {
        "page": name,
        "statements": statements,
        "goal ≤": most,
        "bytes": page.size,
        "p50 ms": round(page.p50, 1),
        "p95 ms": round(page.p95, 1),
        "ceiling p50 ms": round(same.p50, 1),
        "of the ceiling": f"{ratio:.2f}×",
        "goal ≥": f"{least:.2f}×",
    }


def count_statements(app: Flask, path: str, cookie: str) -> int:
    """How many statements the page asks of the database, asked again within a minute.

    The first time, once a minute or a quarter of an hour, it also notes that the session is in use
    and that somebody looked.
    """
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    browser, headers = app.test_client(use_cookies=False), {"Cookie": cookie}
    browser.get(path, headers=headers)
    event.listen(engine, "before_cursor_execute", note)
    try:
        browser.get(path, headers=headers)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
