"""How often the database is asked by pages that staff wait for: no more for more rows."""

from __future__ import annotations

from flask import Flask

from app.database import db
from tests.factories import Cast
from tests.plans.desk import Desk
from tests.plans.made import note_knee_pain
from tests.statements import statements
from tests.visitor import Visitor

BUILDER = 4
STAFF_PLAN = 5
"""With a warning that was answered, a draft and a stop."""


def asked(app: Flask, theo: Visitor, path: str) -> int:
    theo.open(path)
    with app.app_context(), statements() as seen:
        theo.open(path)
        db.session.remove()
    return sum(one.lstrip().startswith(("SELECT", "(")) for one in seen)


def test_builder_and_plan_ask_as_often_for_ten_exercises_as_for_six(
    desk: Desk, theo: Visitor, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    desk.open().approve(**{"rows-1-answers-0-text": "Tried it together."})
    theo.open(desk.path).follow("Stop Shoulder rolls").submit("Stop it now", reason="It clicks.")
    theo.open(desk.path).submit("Change the plan")
    found = []
    for _round in range(2):
        found.append([asked(app, theo, path) for path in (f"{desk.path}/edit", desk.path)])
        if len(found) == 1:
            desk.open()
            for row_id in desk.ids[2:]:
                desk.press(f"do=duplicate:{row_id}")
    assert len(desk.open().ids) == 10
    assert found[0] == found[1]
    builder, plan = found[0]
    assert builder <= BUILDER
    assert plan <= STAFF_PLAN
