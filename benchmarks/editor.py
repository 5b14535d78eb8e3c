"""What one move in the pose editor costs: the whole request, from the form to the page.

Run alone: ``python -m benchmarks.editor``.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.sessions import open_session
from app.catalogue.drawings import SCENES
from app.clock import now
from app.database import db
from benchmarks.clinic import cookie_for, make_clinic, table

ROUNDS = 30
GOAL = 100


def measure_redraws(app: Flask) -> list[dict[str, object]]:
    """Milliseconds for a redraw of each scene's first picture, its three views and the page."""
    with app.app_context():
        admin = db.session.scalars(
            select(Account).where(Account.email == "admin@example.org")
        ).one()
        token = open_session(admin, now()).token
        db.session.commit()
    cookie = cookie_for(app, token)
    rows: list[dict[str, object]] = []
    every: list[float] = []
    for slug in sorted(path.stem for path in SCENES.glob("*.json")):
        times = _times(app, f"/catalogue/scenes/{slug}", cookie)
        every += times
        rows.append(_row(slug, times))
    return [*rows, _row("all", every)]


def _times(app: Flask, path: str, cookie: str) -> list[float]:
    client, times = app.test_client(), []
    name, _, value = cookie.partition("=")
    client.set_cookie(name, value)
    form = BeautifulSoup(client.get(path).text, "lxml").select_one("[data-scene]")
    if form is None:
        raise RuntimeError(f"{path} shows no editor")
    boxes = form.select("input[name]:not([type=checkbox], [type=radio]), input[checked]")
    typed = {str(box["name"]): str(box.get("value", "")) for box in boxes}
    for step in range(ROUNDS):
        moved = typed | {
            "do": "draw",
            "drag": f"hand_r side {150 + step} 120;head front 150 {60 + step}",
        }
        began = time.perf_counter()
        answer = client.post(path, data=moved)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return times


def _row(what: str, times: list[float]) -> dict[str, object]:
    return {
        "redraw": what,
        "p50 ms": round(statistics.median(times), 1),
        "p95 ms": round(statistics.quantiles(times, n=20)[18], 1),
        "goal p95": f"≤ {GOAL}",
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        print(table(measure_redraws(make_clinic(Path(folder))[0])))
