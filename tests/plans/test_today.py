"""What the patient sees on a day: each state in its own words, and nothing doable too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from app.database import db
from app.plans.rules import Frequency, Prescribed, RowValues, Start
from tests.factories import Cast
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk, at
from tests.plans.examples import MONDAY
from tests.plans.made import Made, all_starting, make_approved, starting
from tests.support import TestClock
from tests.visitor import Visitor

DAY = timedelta(days=1)
LATER = Start.on(MONDAY + 7 * DAY)
NOT_YET = "Not yet. Your therapist will tell you when."


def on_thursdays(row: Prescribed) -> RowValues:
    values = RowValues.of(row)
    return replace(values, dose=replace(values.dose, frequency=Frequency(1, None, (3,))))


def until_monday(row: Prescribed) -> RowValues:
    return replace(RowValues.of(row), last_day=MONDAY)


def row_ids(app: Flask, made: Made) -> dict[str, str]:
    with app.app_context():
        return {row.text.title: str(row.id) for row in made.rows}


def test_without_a_plan_it_says_so(pia: Visitor) -> None:
    assert "You have no plan yet." in pia.open("/today").text


def test_a_draft_is_no_plan(desk: Desk, pia: Visitor) -> None:
    assert "You have no plan yet." in pia.open("/today").text


def test_what_is_due_is_listed_with_its_dose(approved: Approve, pia: Visitor) -> None:
    approved()
    text = pia.open("/today").text
    assert "You have 6 exercises today." in text
    assert "Wall push-up Repeat 8 to 12 times 2 times a day, every day" in text


def test_a_plan_that_is_all_withheld_says_not_yet(approved: Approve, pia: Visitor) -> None:
    approved(all_starting(Start.withheld()))
    text = pia.open("/today").text
    assert "Not yet. Your therapist will tell you when you may start." in text
    assert text.count(NOT_YET) == 6
    assert "exercises today" not in text


def test_a_rest_day_says_so_and_when_it_goes_on(approved: Approve, pia: Visitor) -> None:
    approved(on_thursdays)
    text = pia.open("/today").text
    assert "Today is a rest day." in text
    assert "Your next exercises are on Thursday, March 5, 2026." in text


def test_a_plan_that_starts_later_says_when(approved: Approve, pia: Visitor) -> None:
    approved(all_starting(LATER))
    text = pia.open("/today").text
    assert "Nothing to do today." in text
    assert "Your exercises start on Monday, March 9, 2026." in text
    assert text.count("Starts on Monday, March 9, 2026") == 6


def test_some_today_some_later_and_some_withheld(approved: Approve, pia: Visitor) -> None:
    approved(starting({"Wall push-up": LATER, "Resisted rows": Start.withheld()}))
    text = pia.open("/today").text
    assert "You have 4 exercises today." in text
    assert "Wall push-up Starts on Monday, March 9, 2026" in text
    assert f"Resisted rows {NOT_YET}" in text
    assert "Start with exercise 1" in text


def test_an_exercise_begins_with_the_clinics_day(
    approved: Approve, visit: Visit, cast: Cast, clock: TestClock
) -> None:
    """New York: Monday ends at five in the morning UTC of Tuesday."""
    approved(all_starting(Start.on(MONDAY + DAY)))
    clock.move(hours=11, minutes=59)
    assert "Nothing to do today." in visit(cast.pia).open("/today").text
    clock.move(minutes=1)
    assert "You have 6 exercises today." in visit(cast.pia).open("/today").text


def test_after_the_last_day_nothing_is_to_be_done(
    approved: Approve, visit: Visit, cast: Cast, clock: TestClock
) -> None:
    approved(until_monday)
    clock.move(days=1)
    text = visit(cast.pia).open("/today").text
    assert "This plan has come to its last day." in text
    assert "exercises today" not in text
    assert "Not yet" not in text


def test_several_plans_are_grouped_in_the_order_in_which_they_began(
    approved: Approve, pia: Visitor, clock: TestClock
) -> None:
    approved(title="Back")
    clock.move(seconds=1)
    approved(on_thursdays, title="Shoulder")
    clock.move(seconds=1)
    approved(title="Neck")
    pia.open("/today")
    titles = [h2.get_text() for h2 in pia.page.select("main section > h2")]
    assert titles == ["Back", "Shoulder", "Neck"]
    assert "You have 12 exercises today." in pia.text


def test_an_ended_plan_leaves_the_others(approved: Approve, theo: Visitor, pia: Visitor) -> None:
    approved(title="Back")
    ended = approved(title="Neck")
    theo.open(f"{ended.path}/end").submit("End the plan", reason="Enough.")
    text = pia.open("/today").text
    assert "You have 6 exercises today." in text
    assert "Neck" not in text


def test_one_exercise_has_its_own_page_and_the_way_to_the_next(
    approved: Approve, pia: Visitor, app: Flask
) -> None:
    ids = row_ids(app, approved())
    pia.open(f"/today/{ids['Wall push-up']}")
    assert "4 of 6 for today" in pia.text
    assert pia.page.h1 is not None
    assert "Wall push-up" in pia.page.h1.get_text()
    pia.follow("Next exercise: Resisted shoulder blade squeeze")
    assert "5 of 6 for today" in pia.text


def test_a_future_or_withheld_exercise_has_no_page_of_its_own(
    approved: Approve, pia: Visitor, app: Flask
) -> None:
    made = approved(starting({"Wall push-up": LATER, "Resisted rows": Start.withheld()}))
    ids = row_ids(app, made)
    for title in ("Wall push-up", "Resisted rows"):
        pia.open(f"/today/{ids[title]}")
        assert pia.path == "/today"
    assert not [a for a in pia.page.select("a") if ids["Wall push-up"] in str(a["href"])]


def test_an_exercise_of_an_ended_plan_or_of_a_rest_day_has_no_page_either(
    approved: Approve, pia: Visitor, theo: Visitor, app: Flask
) -> None:
    resting, ended = approved(on_thursdays), approved()
    theo.open(f"{ended.path}/end").submit("End the plan", reason="Enough.")
    for made in (resting, ended):
        pia.open(f"/today/{row_ids(app, made)['Wall push-up']}")
        assert pia.path == "/today"


def test_a_foreign_or_drafted_exercise_is_not_found(
    approved: Approve, visit: Visit, cast: Cast, pia: Visitor, theo: Visitor, app: Flask
) -> None:
    with app.app_context():
        foreign = make_approved(cast.tess, cast.paul).rows[0].id
        db.session.remove()
    pia.open(f"/today/{foreign}", expect=404)
    theo.open(f"/today/{foreign}", expect=404)
    made = approved()
    theo.open(made.path).submit("Change the plan")
    with app.app_context():
        drafted = made.draft_rows[0].id
    pia.open(f"/today/{drafted}", expect=404)


def test_nobody_else_sees_a_patients_plan(approved: Approve, visit: Visit, cast: Cast) -> None:
    made = approved()
    for stranger in (cast.paul, cast.tess, cast.ada):
        browser = visit(stranger)
        for path in (made.path, f"{made.path}/print"):
            browser.open(path, expect=404)


def test_the_stop_rule_and_the_clinics_numbers_stand_on_every_page(
    approved: Approve, pia: Visitor, app: Flask
) -> None:
    made = approved()
    exercise = f"/today/{row_ids(app, made)['Wall push-up']}"
    for path in ("/today", exercise, made.path, f"{made.path}/print"):
        pia.open(path)
        assert "If it hurts too much, stop and call the clinic." in pia.text
        body = pia.page.get_text()
        assert "555-0100" in body
        assert "911" in body


def test_no_page_takes_a_message_that_nobody_watches(
    approved: Approve, pia: Visitor, app: Flask
) -> None:
    """Only a search, a code or an account's own things can be typed by a patient."""
    made = approved()
    exercise = f"/today/{row_ids(app, made)['Wall push-up']}"
    for path in ("/today", exercise, made.path, f"{made.path}/print", "/help", "/account", "/find"):
        boxes = pia.open(path).page.select("main textarea, main input:not([type=hidden])")
        typed = {str(box.get("name")) for box in boxes if box.get("type", "text") == "text"}
        assert not pia.page.select("textarea"), path
        assert typed <= {"code"}, path


def test_a_replaced_dose_is_shown_until_the_day_before(
    desk: Desk, visit: Visit, cast: Cast, clock: TestClock
) -> None:
    desk.press(f"do=later:{desk.ids[3]}")
    desk.approve(
        **at(3, {"last_day": "2026-03-03"}),
        **at(4, {"start": "dated", "start_on": "2026-03-04"}),
        **at(4, {"repetitions_low": "10", "repetitions_high": "10"}),
    )
    for days, dose in ((0, "8 to 12 times"), (1, "8 to 12 times"), (1, "10 times")):
        clock.move(days=days)
        text = visit(cast.pia).open("/today").text
        assert f"Wall push-up Repeat {dose} 2 times a day" in text
        assert "You have 6 exercises today." in text
