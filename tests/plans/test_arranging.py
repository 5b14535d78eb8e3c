"""Rows of the builder: moved, dropped, duplicated, removed and put back."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from app.database import db
from app.plans.models import Prescription
from tests.plans.desk import FOURTH, TYPED, Desk, at, button


def test_up_and_down_move_one_place_and_say_the_new_number(desk: Desk) -> None:
    titles = desk.titles
    seen = desk.press(button(desk, "up:3"))
    assert desk.titles == [*titles[:2], titles[3], titles[2], *titles[4:]]
    assert f"{titles[3]} is number 3 of 6 now." in seen.page.get_text()
    desk.press(button(desk, "down:2"))
    assert desk.titles == titles


@pytest.mark.parametrize(
    ("place", "number"), [("1", 1), ("6", 6), ("999", 6), ("4", 4), ("0", 4), ("-1", 4), ("²", 4)]
)
def test_a_dropped_row_has_the_number_it_was_dropped_at(
    desk: Desk, place: str, number: int
) -> None:
    dragged = desk.titles[3]
    sent = {**desk.boxes, **TYPED, "do": f"to:{desk.ids[3]}:{place}"}
    desk.visitor.send(f"{desk.path}/edit", sent)
    assert desk.titles.index(dragged) == number - 1
    assert f"{dragged} is number {number} of 6 now." in desk.visitor.page.get_text()
    assert desk.boxes["title"] == "Shoulders"


def test_a_duplicate_stands_below_with_all_that_was_typed_in_a_thread_of_its_own(
    desk: Desk, app: Flask
) -> None:
    fourth = desk.ids[3]
    desk.press(button(desk, "duplicate:3"), **TYPED)
    assert desk.titles[3] == desk.titles[4]
    copy = desk.ids[4]
    assert desk.row(copy).items() >= FOURTH.items()
    with app.app_context():
        old, new = (db.session.get_one(Prescription, UUID(i)) for i in (fourth, copy))
        assert old.thread_id != new.thread_id


def test_arrows_that_lead_nowhere_are_left_out(desk: Desk) -> None:
    assert not desk.visitor.has_button(f"do=up:{desk.ids[0]}")
    assert not desk.visitor.has_button(f"do=down:{desk.ids[-1]}")


def test_remove_takes_one_exercise_out(desk: Desk) -> None:
    titles = desk.titles
    desk.press(button(desk, "remove:1"))
    assert desk.titles == [titles[0], *titles[2:]]


def test_what_was_removed_last_is_put_back_as_it_was_typed(desk: Desk, app: Flask) -> None:
    titles, fourth = desk.titles, desk.ids[3]
    with app.app_context():
        thread = db.session.get_one(Prescription, UUID(fourth)).thread_id
    desk.press(button(desk, "remove:0"))
    desk.press(button(desk, "remove:2"), **at(2, FOURTH))
    assert f"{titles[3]} was removed." in desk.open().visitor.text
    desk.press("do=put-back", title="Shoulders")
    assert desk.titles == titles[1:]
    assert desk.row(fourth).items() >= FOURTH.items()
    assert desk.boxes["title"] == "Shoulders"
    with app.app_context():
        assert db.session.get_one(Prescription, UUID(fourth)).thread_id == thread
    assert not desk.visitor.has_button("do=put-back")


def test_what_was_removed_is_put_back_once(desk: Desk) -> None:
    desk.press(button(desk, "remove:5"))
    sent = {**desk.boxes, "do": "put-back"}
    desk.visitor.send(f"{desk.path}/edit", sent)
    assert len(desk.ids) == 6
    sent = {**desk.boxes, "do": "put-back"}
    desk.visitor.send(f"{desk.path}/edit", sent)
    assert "There is nothing to put back." in desk.visitor.text
    assert len(desk.ids) == 6


def test_an_invalid_row_is_removed_and_put_back_as_it_was_saved(desk: Desk) -> None:
    last = desk.ids[5]
    before = desk.row(last)
    desk.press(button(desk, "remove:5"), **{"rows-5-sets": "many"})
    desk.press("do=put-back")
    assert desk.row(last) == before


def test_approval_forgets_what_was_removed(desk: Desk) -> None:
    desk.press(button(desk, "remove:5"))
    desk.approve()
    desk.visitor.submit("Change the plan")
    assert not desk.visitor.has_button("do=put-back")
    assert len(desk.ids) == 5
