"""The catalogue's search in the builder: part of its one form, and nothing typed is lost."""

from __future__ import annotations

from flask import Flask

from tests.factories import Cast
from tests.plans.desk import Desk, at
from tests.plans.made import note_knee_pain


def found(desk: Desk) -> list[str]:
    return [tag.get_text() for tag in desk.visitor.page.select(".found-title")]


def test_filters_are_sent_with_the_form_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.press("Search", q="sholder", kind="strength", **at(0, {"note": "Slowly."}))
    assert found(desk) == ["Resisted shoulder blade squeeze", "Resisted rows", "Wall push-up"]
    assert "Showing results for “shoulder”." in desk.visitor.text
    assert desk.visitor.page.select_one("#kind-strength[checked]")
    assert desk.boxes["q"] == "sholder"
    assert desk.visitor.page.select("textarea[name=rows-0-note]")[0].get_text().strip() == "Slowly."


def test_an_added_exercise_keeps_the_search(desk: Desk) -> None:
    desk.press("Remove Wall push-up")
    desk.press("Search", q="wall", kind="strength")
    desk.press("Add Wall push-up")
    assert desk.titles[-1] == "Wall push-up"
    assert found(desk) == ["Wall push-up"]
    assert desk.visitor.page.select_one("#kind-strength[checked]")


def test_a_refused_form_keeps_the_search_and_what_was_typed(desk: Desk) -> None:
    wrong = at(0, {"hold_low": "40"})
    desk.press("Search", expect=422, q="rows", kind="strength", **wrong)
    assert found(desk) == ["Resisted rows"]
    assert desk.boxes["rows-0-hold_low"] == "40"


def test_what_the_record_rules_out_can_be_left_out(app: Flask, cast: Cast, desk: Desk) -> None:
    assert not desk.visitor.page.select("#safe-1")
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    desk.open()
    assert "Midback stretch" in found(desk)
    desk.press("Search", safe="1")
    assert "Midback stretch" not in found(desk)
    assert len(found(desk)) == 5
    assert desk.visitor.page.select_one("#safe-1[checked]")
