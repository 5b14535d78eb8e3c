"""Twenty copies of one request at the same moment: one effect, twenty answers like the first."""

from __future__ import annotations

import threading
from collections import Counter

from bs4 import Tag
from flask import Flask
from sqlalchemy import func, select

from app.database import Base, db
from app.plans.models import Plan, PlanEvent, PlanRevision, Prescription
from tests.factories import Cast
from tests.plans.conftest import Approve
from tests.plans.desk import STARTS, Desk
from tests.plans.made import count_approved
from tests.visitor import Visitor

COPIES = 20
TRIES = 10


def send_copies(visitor: Visitor, button: str, **typed: str) -> Counter[int]:
    """Fill the form of ``button`` once and send it twenty times; how often each status came.

    On a slow machine the last in the queue may wait too long, and is told so (503): they try again.
    """
    pressed = visitor.button(button)
    form = pressed.find_parent("form")
    assert isinstance(form, Tag)
    data = visitor.fields_of(button)
    for name, value in typed.items():
        data[name] = value
    if pressed.get("name"):
        data[str(pressed["name"])] = str(pressed["value"])
    path = str(pressed.get("formaction") or form.get("action") or visitor.path)
    cookie = visitor.client.get_cookie("homestretch")
    assert cookie is not None
    app, session = visitor.client.application, cookie.value
    gate, statuses = threading.Barrier(COPIES), Counter[int]()

    def send() -> None:
        client = app.test_client()
        client.set_cookie("homestretch", session)
        gate.wait()
        for _try in range(TRIES):
            answer = client.post(path, data=data, headers={"Origin": "http://localhost"})
            if answer.status_code != 503:
                break
        statuses[answer.status_code] += 1

    threads = [threading.Thread(target=send) for _copy in range(COPIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def count(app: Flask, model: type[Base]) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def test_twenty_parallel_approvals_give_one_revision(desk: Desk, app: Flask) -> None:
    assert send_copies(desk.visitor, "Approve the plan", **STARTS) == {303: COPIES}
    with app.app_context():
        assert count_approved() == 1


def test_twenty_parallel_additions_give_one_row(desk: Desk, app: Flask) -> None:
    desk.press(f"do=remove:{desk.ids[0]}")
    add = "Add Lower neck and upper back stretch"
    assert send_copies(desk.visitor, add, title="Shoulders") == {303: COPIES}
    assert count(app, Prescription) == 6
    assert desk.open().boxes["title"] == "Shoulders"


def test_twenty_parallel_starts_give_one_plan(theo: Visitor, cast: Cast, app: Flask) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    assert send_copies(theo, "Start an empty plan", title="Knees") == {303: COPIES}
    assert count(app, Plan) == 1


def test_twenty_parallel_ends_end_a_plan_once(approved: Approve, theo: Visitor, app: Flask) -> None:
    theo.open(f"{approved().path}/end")
    assert send_copies(theo, "End the plan", reason="He is well.") == {303: COPIES}
    assert count(app, PlanEvent) == 1


def test_twenty_parallel_new_drafts_give_one(approved: Approve, theo: Visitor, app: Flask) -> None:
    theo.open(approved().path)
    assert send_copies(theo, "Change the plan") == {303: COPIES}
    assert count(app, PlanRevision) == 2
