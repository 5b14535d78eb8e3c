"""Templates and favourites: what a therapist uses again."""

from __future__ import annotations

from flask import Flask

from app.catalogue.service import list_exercises_by_slug
from app.database import db
from tests.factories import Cast
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.made import revise_wall_push_up
from tests.visitor import Visitor

ROWS = {
    "rows-3-repetitions_low": "9",
    "rows-3-note": "Slowly.",
    "rows-4-start_on": "2026-03-16",
    "rows-5-start": "withheld",
}


def new_plan(visitor: Visitor, patient_id: object) -> Visitor:
    return visitor.open(f"/patients/{patient_id}/plans/new")


def test_a_part_of_a_plan_becomes_a_template_that_pins_nothing(
    desk: Desk, theo: Visitor, visit: Visit, cast: Cast, app: Flask
) -> None:
    desk.approve(**ROWS)
    theo.open(desk.path).follow("Save as a template")
    threads = [str(box["value"]) for box in theo.page.select("input[name=threads]")]
    theo.submit("Save the template", expect=422, title="Shoulder", threads=[])
    assert theo.errors == ["Choose at least one exercise."]
    theo.submit("Save the template", title="Shoulder", threads=threads[2:])
    assert "Shoulder 4 exercises · Mine" in theo.text
    with app.app_context():
        revise_wall_push_up(cast.ada)
        db.session.remove()
    new_plan(theo, cast.pia.patient_id).submit("Start from Shoulder")
    new = Desk(theo, theo.path.removesuffix("/edit"))
    assert new.titles[:2] == ["Shoulder rolls", "Wall push-up"]
    rolls, wall, squeeze, rows = (new.row(row_id) for row_id in new.ids)
    assert (wall["repetitions_low"], wall["note"], wall["start"]) == ("9", "Slowly.", "unset")
    assert (squeeze["start_on"], rows["start"]) == ("2026-03-16", "withheld")
    assert rolls["start"] == "unset"
    assert "was changed" not in theo.text, "it has the newest text"


def test_ones_own_template_is_nobody_elses_and_the_clinics_is_for_all(
    approved: Approve, theo: Visitor, visit: Visit, cast: Cast
) -> None:
    made = approved()
    for title, whose in (("Mine only", "mine"), ("For all", "clinic")):
        theo.open(made.path).follow("Save as a template")
        theo.submit("Save the template", title=title, whose=whose)
    tess = new_plan(visit(cast.tess), cast.paul.patient_id)
    assert "Start from For all" in tess.text
    assert "Mine only" not in tess.text
    foreign = theo.open("/templates").page.select("input[name=template]")[1]["value"]
    token = tess.csrf_token
    fields = {"csrf_token": token, "template": foreign, "title": "x", "new_id": ""}
    tess.send(f"/patients/{cast.paul.patient_id}/plans/new", fields)
    assert tess.page.select(".plan-row") == [], "a template that is not theirs is not there"
    tess.send("/templates", {"csrf_token": token, "template": foreign})
    tess.open("/templates").send("/templates", {"csrf_token": token, "template": "x"}, 400)
    assert not tess.open("/templates").has_button("Remove For all")
    theo.open("/templates").submit("Remove For all")
    assert "For all" not in tess.open("/templates").text
    assert "Mine only" in theo.text


def test_a_template_sent_twice_is_one(approved: Approve, theo: Visitor) -> None:
    made = approved()
    theo.open(made.path).follow("Save as a template")
    fields = theo.fields_of("Save the template")
    for _click in range(2):
        theo.send(f"{made.path}/template", fields)
    assert len(theo.page.select("main li.row")) == 1


def test_favourites_are_at_hand_in_the_builder(
    desk: Desk, theo: Visitor, visit: Visit, cast: Cast, app: Flask
) -> None:
    with app.app_context():
        (wall,) = list_exercises_by_slug(["wall-push-up"])
        path = f"/catalogue/{wall.id}"
        db.session.rollback()
    for _click in range(2):
        theo.open(path)
        theo.send(f"{path}/favourite", {"csrf_token": theo.csrf_token, "do": "add"})
    assert "1 favourite" in desk.open().visitor.text
    desk.press(f"do=remove:{desk.ids[3]}")
    desk.press("Add Wall push-up")
    assert desk.titles[-1] == "Wall push-up"
    assert not visit(cast.ada).open(path).has_button("Put it among my favourites")
    theo.open(path).submit("Take it out of my favourites")
    assert "favourite" not in desk.open().visitor.text
