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


def test_a_part_of_a_template_comes_into_a_draft_that_there_is(
    approved: Approve, desk: Desk, theo: Visitor, visit: Visit, cast: Cast, app: Flask
) -> None:
    desk.approve(**ROWS)
    theo.open(desk.path).follow("Save as a template").submit("Save the template", title="Back")
    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    theo.submit("Start an empty plan", title="More")
    new = Desk(theo, theo.path.removesuffix("/edit"))
    new.press("Add Shoulder rolls")
    typed = {"rows-0-note": "Typed and not saved.", "start_on": "2026-03-09"}
    new.press("Add from a template", **typed)
    assert theo.path == f"{new.path}/add-template"
    theo.follow("Back")
    theo.submit("Add to the draft", expect=422, rows=[])
    assert theo.errors == ["Choose at least one exercise."]
    with app.app_context():
        revise_wall_push_up(cast.ada)
        db.session.remove()
    theo.follow("Another template").follow("Back")
    sent = theo.fields_of("Add to the draft").to_dict(flat=False) | {"rows": ["3", "4", "5"]}
    for _click in range(2):
        theo.send(f"{new.path}/draft/template", sent)
    assert theo.path == f"{new.path}/edit"
    assert "“Back” is in the draft now." in theo.text
    titles = ["Wall push-up", "Resisted shoulder blade squeeze", "Resisted rows"]
    assert new.titles == ["Shoulder rolls", *titles], "twice sent is once there"
    rolls, wall, squeeze, rows = (new.row(row_id) for row_id in new.ids)
    assert rolls["note"] == "Typed and not saved."
    assert (wall["note"], wall["repetitions_low"]) == ("Slowly.", "9")
    assert wall["start_on"] == "2026-03-09", "what starts first follows the draft"
    assert squeeze["start_on"] == "2026-03-23", "two weeks after, as in the template"
    assert rows["start"] == "withheld"
    assert "was changed since" not in theo.text, "the newest text"
    assert "is in another plan, too" in theo.text, "warnings are the same as ever"

    offered = visit(cast.tess).open("/templates").text
    assert "Back" not in offered
    theo.open(new.path + "/add-template?template=x")
    assert "This template is not there any more. Choose another one." in theo.text
    assert not theo.has_button("Add to the draft")
    theo.open(f"{new.path}/discard").submit("Discard the draft")
    assert theo.open(new.path + "/add-template").path == new.path


def test_a_template_that_does_not_fit_adds_nothing(desk: Desk, theo: Visitor) -> None:
    theo.open(f"{desk.path}/template").submit("Save the template", title="Six")
    for _time in range(5):
        theo.open(f"{desk.path}/add-template").follow("Six").submit("Add to the draft")
    assert len(desk.titles) == 36
    theo.open(f"{desk.path}/add-template").follow("Six").submit("Add to the draft", expect=422)
    assert theo.errors == ["A plan holds at most 40 exercises."]
    assert len(desk.open().titles) == 36


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
