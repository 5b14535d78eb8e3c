"""How a plan begins: empty, or from a handout in one click, and once however often it is sent."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.plans.models import Plan
from tests.factories import Cast
from tests.visitor import Visitor


def plans(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(Plan)).one()


def test_an_empty_plan_has_its_title_and_no_exercise(theo: Visitor, cast: Cast) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    theo.submit("Start an empty plan", title="  Knees   first ")
    assert theo.page.select("input[name=title]")[0]["value"] == "Knees first"
    assert "This plan has no exercises yet." in theo.text


def test_a_plan_starts_from_a_handout_with_its_exercises_in_order(
    theo: Visitor, cast: Cast
) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    theo.submit("Start from Healthy upper back: exercises (T680)")
    titles = [tag.get_text() for tag in theo.page.select(".plan-row h3")]
    assert titles[0] == "Lower neck and upper back stretch"
    assert titles[-1] == "Resisted rows"
    assert len(titles) == 6


def test_starting_a_plan_twice_with_one_form_gives_one_plan(
    theo: Visitor, cast: Cast, app: Flask
) -> None:
    for button, typed in (
        ("Start an empty plan", {"title": "Knees"}),
        ("Start from Healthy upper back: exercises (T680)", {}),
    ):
        theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
        before = plans(app)
        places = set()
        for _click in range(2):
            theo.submit(button, expect=303, **typed)
            assert theo.response is not None
            places.add(theo.response.headers["Location"])
        assert plans(app) == before + 1
        assert len(places) == 1


def test_a_plan_cannot_take_the_id_of_another_patients_plan(
    visit: object, theo: Visitor, cast: Cast, app: Flask
) -> None:
    tess = visit(cast.tess)  # type: ignore[operator]  # the fixture is a function
    new_id = str(uuid4())
    tess.open(f"/patients/{cast.paul.patient_id}/plans/new")
    tess.submit("Start an empty plan", title="Paul's", new_id=new_id)
    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    theo.submit("Start an empty plan", title="Pia's", new_id=new_id)
    assert theo.path != f"/plans/{new_id}/edit"
    assert plans(app) == 2
    assert tess.open(f"/plans/{new_id}/edit").value_of("title") == "Paul's"


def test_the_same_form_with_another_title_starts_another_plan(
    theo: Visitor, cast: Cast, app: Flask
) -> None:
    new_id = str(uuid4())
    for title, count in (("One", 1), ("One", 1), ("Two", 2)):
        theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
        theo.submit("Start an empty plan", title=title, new_id=new_id)
        assert theo.value_of("title") == title
        assert plans(app) == count


def test_an_id_that_is_none_starts_a_plan_all_the_same(
    theo: Visitor, cast: Cast, app: Flask
) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    theo.submit("Start an empty plan", title="Knees", new_id="x\0")
    assert plans(app) == 1
