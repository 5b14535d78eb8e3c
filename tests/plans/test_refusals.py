"""Refusals leave one audit row each, and looking changes nothing."""

from __future__ import annotations

from flask import Flask

from tests.factories import Cast
from tests.plans.conftest import Visit
from tests.plans.desk import Desk
from tests.plans.made import audit_after, last_seq
from tests.visitor import Visitor

CANARY = "Canary4711"


def test_an_approval_that_is_refused_writes_one_refusal_and_keeps_what_was_typed(
    desk: Desk, app: Flask
) -> None:
    with app.app_context():
        before = last_seq()
    desk.press("Approve the plan", 422, title=CANARY)
    with app.app_context():
        rows = audit_after(before)
        said = [(row.action, row.outcome) for row in rows]
        assert CANARY not in repr([row.reason for row in rows])
    assert said == [("save-draft", "done"), ("approve-revision", "refused")]
    assert desk.open().boxes["title"] == CANARY


def test_a_stranger_who_is_refused_leaves_one_row(
    desk: Desk, visit: Visit, cast: Cast, app: Flask
) -> None:
    tess = visit(cast.tess).open("/help")
    with app.app_context():
        before = last_seq()
    tess.open(f"{desk.path}/edit", expect=404)
    tess.send(f"{desk.path}/approve", {"csrf_token": tess.csrf_token, "title": CANARY}, 404)
    with app.app_context():
        rows = audit_after(before)
        said = [(row.action, row.outcome, row.actor_id) for row in rows]
        assert CANARY not in repr(said)
    assert said == [
        ("plans.edit", "refused", cast.tess.id),
        ("plans.approve", "refused", cast.tess.id),
    ]


def test_looking_changes_nothing(desk: Desk, pia: Visitor, app: Flask) -> None:
    desk.approve()
    with app.app_context():
        before = last_seq()
    for path in ("", "/print", "/revisions", "/revisions/1"):
        desk.visitor.open(desk.path + path)
    pia.open("/today").open(desk.path)
    with app.app_context():
        assert [row.outcome for row in audit_after(before) if row.outcome != "seen"] == []
