"""How a plan begins: empty, or from a handout in one click, and once however often it is sent."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from app.catalogue.service import find_handout, publish_handout
from app.clock import now
from app.database import db
from app.plans import templates
from app.plans.models import Plan
from tests.factories import Cast
from tests.plans.made import acting, make_plan
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


def test_many_handouts_and_templates_are_a_list_to_choose_from(
    app: Flask, theo: Visitor, cast: Cast
) -> None:
    with app.app_context():
        made, handout, by = make_plan(cast.theo, cast.pia), find_handout("T680"), acting(cast.ada)
        assert handout is not None
        for n in range(6):
            some = handout.text.exercises[: n + 1]
            text = replace(handout.text, title=f"Handout {n}", exercises=some)
            publish_handout(f"ABC{n}", text, by=by, now=now())
            threads = [row.thread_id for row in made.rows[: n + 1]]
            templates.save_template(
                made.plan, threads, f"Template {n}", for_clinic=True,
                template_id=uuid4(), by=made.by, now=now(),
            )  # fmt: skip
        db.session.commit()
    theo.open(f"/patients/{cast.pia.patient_id}")
    assert not [b for b in theo.page.select("main button") if "Start from" in b.get_text()]
    for kind, said, title in (
        ("handout", "Handout 2 (ABC2)", "Handout 2"),
        ("template", "Template 4", "Template 4"),
    ):
        theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
        choice = theo.tag(f"select[name={kind}]")
        options = {option.get_text(): option["value"] for option in choice.select("option")}
        form = choice.find_parent("form")
        assert form is not None
        fields = {str(box["name"]): str(box["value"]) for box in form.select("input[name]")}
        theo.send(str(form["action"]), fields | {kind: str(options[said])}, expect=200)
        assert theo.value_of("title") == title
        assert len(theo.page.select(".plan-row")) == int(title[-1]) + 1
