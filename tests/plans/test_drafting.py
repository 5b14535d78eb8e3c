"""The builder's buttons: each keeps what was typed, and does its one thing once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue.models import Exercise
from app.catalogue.service import list_exercises_by_slug, publish_exercise
from app.clock import now
from app.database import db
from app.plans.models import Plan, PlanRevision, Prescription
from tests.factories import Cast
from tests.plans.desk import STARTS, Desk, at
from tests.plans.made import acting
from tests.support import TestClock
from tests.visitor import Visitor

FIRST = {
    "hold_low": "20",
    "hold_high": "25",
    "repetitions_low": "3",
    "repetitions_high": "4",
    "times_per_day": "3",
    "days": "chosen",
    "note": "Breathe.\nSlowly.",
    "start": "withheld",
}
FOURTH = {
    "repetitions_low": "9",
    "repetitions_high": "10",
    "sets": "2",
    "rest": "30",
    "side": "each",
    "load": "red band",
    "last_day": "2026-05-01",
    "start": "dated",
    "start_on": "2026-04-01",
}
TYPED = at(0, FIRST) | at(3, FOURTH) | {"title": "Shoulders", "rows-0-weekdays": ["0", "3"]}


def press(desk: Desk, do: str, **typed: object) -> Visitor:
    """The button with this verb, at the row in the place that is written after the colon."""
    verb, _colon, place = do.partition(":")
    value = f"{verb}:{desk.ids[int(place)]}" if place else verb
    return desk.press(f"do={value}", **typed)


def extra_exercise(app: Flask, cast: Cast) -> str:
    """One more exercise in the catalogue; gives its id."""
    with app.app_context():
        (wall,) = list_exercises_by_slug(["wall-push-up"])
        made = publish_exercise("extra", wall.text, by=acting(cast.ada), now=now())
        db.session.commit()
        return str(made.id)


@pytest.mark.parametrize(
    "do", ["save", "up:3", "down:0", "up:0", "remove:4", "later:3", "preview", "add", "search"]
)
def test_no_button_loses_what_was_typed(desk: Desk, app: Flask, cast: Cast, do: str) -> None:
    extra = extra_exercise(app, cast)
    desk.open()
    first, fourth = desk.ids[0], desk.ids[3]
    if do == "up:0":  # there is no such button: a stale page
        desk.visitor.send(f"{desk.path}/edit", desk.boxes | TYPED | {"do": f"up:{first}"})
    elif do == "search":
        desk.press("Search", **TYPED, q="band")
    else:
        press(desk, f"add:{extra}" if do == "add" else do, **TYPED) if do != "add" else desk.press(
            f"do=add:{extra}", **TYPED
        )
    desk.open()
    assert desk.boxes["title"] == "Shoulders"
    row = desk.row(first)
    assert {name: row[name] for name in FIRST} == FIRST
    row = desk.row(fourth)
    assert {name: row[name] for name in FOURTH} == FOURTH
