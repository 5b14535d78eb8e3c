"""Harder and easier: the next dose in the range, or a linked exercise, in the same thread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.ladder import find_ladders, link_exercises
from app.catalogue.rules import DoseRange, Span
from app.catalogue.service import list_exercises_by_slug
from app.clock import now
from app.database import db
from app.plans.rules import Dose
from app.plans.steps import Way, next_dose
from tests.factories import Cast
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.made import acting
from tests.support import TestClock
from tests.visitor import Visitor

USUAL = DoseRange(Span(8, 12), hold=Span(15, 30))
LIGHT = Dose(Span(8, 8), Span(15, 15))


def steps(dose: Dose, usual: DoseRange, way: Way) -> list[str]:
    """Every step to the end, as "hold x repetitions x sets"."""
    said = []
    while stepped := next_dose(dose, usual, way):
        dose = stepped
        said.append(f"{_span(dose.hold)} x {_span(dose.repetitions)} x {dose.sets}")
        assert len(said) < 50, "it never ends"
    return said


def _span(span: Span | None) -> str:
    if span is None:
        return "-"
    return str(span.low) if span.low == span.high else f"{span.low}-{span.high}"


def test_the_hold_goes_up_first_then_repetitions_then_sets() -> None:
    assert steps(LIGHT, USUAL, Way.HARDER)[:6] == [
        "22-30 x 8 x 1",
        "29-30 x 8 x 1",
        "30 x 8 x 1",
        "30 x 10-12 x 1",
        "30 x 12 x 1",
        "30 x 8 x 2",
    ]
    assert steps(LIGHT, replace(USUAL, sets=Span(1, 1)), Way.HARDER)[-1] == "30 x 12 x 1"


def test_easier_is_the_way_back() -> None:
    heavy = Dose(Span(12, 12), sets=2)
    only = DoseRange(Span(8, 12))
    assert steps(heavy, only, Way.EASIER) == [
        "- x 8-10 x 2", "- x 8 x 2", "- x 12 x 1", "- x 8-10 x 1", "- x 8 x 1",
    ]  # fmt: skip
    assert next_dose(Dose(Span(8, 8)), only, Way.EASIER) is None


SPANS = st.builds(lambda low, more: Span(low, low + more), st.integers(1, 40), st.integers(0, 40))


@given(SPANS, SPANS, st.integers(1, 10), st.sampled_from(Way))
def test_steps_come_to_an_end_and_stay_in_the_range(
    given_: Span, usual: Span, sets: int, way: Way
) -> None:
    dose, wanted = Dose(given_, sets=sets), DoseRange(usual)
    for _step in range(200):
        stepped = next_dose(dose, wanted, way)
        if stepped is None:
            return
        assert stepped != dose
        dose = stepped
    raise AssertionError("it never ends")


def link(app: Flask, cast: Cast, easier: str, harder: str) -> None:
    with app.app_context():
        one, other = list_exercises_by_slug([easier, harder])
        link_exercises(one, other, by=acting(cast.ada), now=now())
        db.session.commit()


def test_a_dose_that_is_done_already_goes_on_until_the_day_before(
    approved: Approve, visit: Visit, cast: Cast, clock: TestClock, pia: Visitor
) -> None:
    made = approved()
    clock.move(days=7)
    theo = visit(cast.theo).open(made.path)
    theo.submit("Change the plan")
    theo.submit("Wall push-up: Repeat 10 to 12 times")
    desk = Desk(theo, made.path)
    old, new = (desk.row(desk.ids[at]) for at in (3, 4))
    assert (old["last_day"], new["start_on"]) == ("2026-03-08", "2026-03-09")
    assert (new["repetitions_low"], new["repetitions_high"]) == ("10", "12")
    later = {"rows-3-last_day": "", "rows-4-start_on": "2026-03-12"}
    desk.press("Approve the plan", **later)
    assert "Approved." in theo.text
    pia = visit(cast.pia).open(made.path)
    assert [h.get_text() for h in pia.page.select(".timeline h3")] == [
        "Now", "From week 2: Thursday, March 12, 2026",
    ]  # fmt: skip
    clock.move(days=2)
    assert "Repeat 8 to 12 times" in visit(cast.pia).open("/today").text
    clock.move(days=1)
    assert "Repeat 10 to 12 times" in visit(cast.pia).open("/today").text


def test_what_has_not_begun_is_changed_itself(desk: Desk) -> None:
    ids = desk.ids
    desk.press("Wall push-up: Repeat 10 to 12 times")
    assert desk.ids == ids
    assert desk.row(ids[3])["repetitions_low"] == "10"


def test_a_linked_exercise_takes_the_thread_over(
    approved: Approve, visit: Visit, cast: Cast, clock: TestClock, app: Flask
) -> None:
    link(app, cast, "wall-push-up", "resisted-rows")
    made = approved()
    clock.move(days=7)
    theo = visit(cast.theo).open(made.path).submit("Change the plan")
    theo.submit("Resisted rows in place of Wall push-up")
    desk = Desk(theo, made.path)
    assert desk.titles[3:5] == ["Wall push-up", "Resisted rows"]
    assert desk.row(desk.ids[4])["times_per_day"] == "2"
    reason = theo.tag("textarea[name$='-text']")["name"]
    desk.press("Approve the plan", **{str(reason): "One light, one heavy."})
    assert "Approved." in theo.text
    with app.app_context():
        threads = [row.thread_id for row in made.rows[3:5]]
        assert threads[0] == threads[1]


def test_the_admin_links_exercises_in_one_direction(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        wall, rows = list_exercises_by_slug(["wall-push-up", "resisted-rows"])
        ids = (wall.id, rows.id)
        db.session.rollback()
    ada = visit(cast.ada).open(f"/catalogue/{ids[0]}").follow("Easier and harder exercises")
    for _click in range(2):
        ada.submit("Resisted rows is harder")
    ada.submit("Resisted rows is easier")
    assert "It is linked the other way round." in ada.text
    with app.app_context():
        found = find_ladders(ids)
        assert [rung.id for rung in found[ids[0]].harder] == [ids[1]]
        assert [rung.id for rung in found[ids[1]].easier] == [ids[0]]
        assert not found[ids[0]].easier
    ada.submit("Remove the link to Resisted rows")
    assert ada.text.count("Nothing is linked yet.") == 2
    ada.send(f"/catalogue/{ids[0]}/ladder", {"csrf_token": ada.csrf_token, "do": "eat:x"}, 400)


@pytest.mark.parametrize("do", ["step:nonsense:harder", "swap:nonsense:nonsense"])
def test_what_is_not_there_changes_nothing(do: str, desk: Desk) -> None:
    ids = desk.ids
    fields = desk.visitor.fields_of("Save draft")
    desk.visitor.send(f"{desk.path}/edit", {**fields, "do": do})
    assert "is not in the" in desk.visitor.text
    assert desk.open().ids == ids
