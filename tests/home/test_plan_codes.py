"""The code box opens a plan for whoever may see it, and tells nobody else that there is one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.database import db
from tests.factories import PASSWORD, Cast, CastMember
from tests.plans.made import audit_after, last_seq, make_approved, make_plan
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
MADE_UP = "ZZZ9-ZZ"


@pytest.fixture
def codes(app: Flask, cast: Cast) -> dict[str, str]:
    """Pia's plans: (code as printed) -> address."""
    with app.app_context():
        made = {name: make(cast.theo, cast.pia) for name, make in
                (("approved", make_approved), ("draft", make_plan))}  # fmt: skip
        found = {name: (one.plan.code, one.path) for name, one in made.items()}
        db.session.remove()
    return {f"{code[:4]}-{code[4:]}": path for code, path in found.values()}


def find(visitor: Visitor, code: str, expect: int = 200) -> Visitor:
    return visitor.open("/find").submit("Find", code=code, expect=expect)


def test_a_plan_code_opens_the_plan_for_its_patient_and_the_care_team(
    codes: dict[str, str], visit: Visit, cast: Cast
) -> None:
    (approved, its_path), (draft, draft_path) = codes.items()
    for member in (cast.pia, cast.theo):
        for typed in (approved, approved.replace("-", " ").lower()):
            assert find(visit(member), typed).path == its_path
    theo, pia = visit(cast.theo), visit(cast.pia)
    assert find(theo, draft).path == draft_path
    assert "We do not know this code" in find(pia, draft, expect=404).text
    assert pia.text == find(pia, MADE_UP, expect=404).text.replace(MADE_UP, draft)


def test_nobody_else_learns_that_a_code_is_a_plans(
    codes: dict[str, str], visit: Visit, cast: Cast, app: Flask
) -> None:
    for member in (None, cast.tess, cast.ada, cast.paul):
        stranger = visit(member)
        with app.app_context():
            before = last_seq()
        for code in codes:
            shown = find(stranger, code, expect=404).text
            headers = dict(stranger.response.headers) if stranger.response else {}
            assert shown == find(stranger, MADE_UP, expect=404).text.replace(MADE_UP, code)
            assert stranger.response is not None
            assert {*headers} == {*dict(stranger.response.headers)}
            wanted = "opens it after you sign in" if member is None else "for the care team alone"
            assert wanted in shown
        with app.app_context():
            refused = [(row.action, row.patient_id) for row in audit_after(before)]
        assert refused == ([("home.find", cast.pia.patient_id)] * 2 if member else [])


def test_somebody_who_signs_in_from_there_comes_to_the_plan(
    codes: dict[str, str], visit: Visit, cast: Cast
) -> None:
    (code, path), *_draft = codes.items()
    pia = find(visit(None), code, expect=404)
    pia.follow("Sign in to see your plan")
    pia.submit("Sign in", email=cast.pia.email, password=PASSWORD)
    assert pia.path == path
