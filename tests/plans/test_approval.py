"""Approval: every reason against it is told, at its box and in the summary; then one revision."""

from __future__ import annotations

import pytest
from flask import Flask

from app.plans.rules import Start
from tests.factories import Cast
from tests.plans.conftest import Approve
from tests.plans.desk import ComeBack, Desk, at
from tests.plans.made import count_approved, note_knee_pain, revise_wall_push_up, starting
from tests.visitor import Visitor

FIRST = "Lower neck and upper back stretch"


def revisions(app: Flask) -> int:
    with app.app_context():
        return count_approved()


@pytest.mark.parametrize(
    ("box", "typed", "sentence"),
    [
        ("repetitions_low", "", "say how many times to repeat it."),
        ("hold_low", "", "say how many seconds to hold it."),
        ("start_on", "2026-03-01", "the start date is in the past. Choose today or later."),
        ("last_day", "2026-03-01", "the last day is before the start date."),
    ],
)
def test_each_refusal_stands_beside_its_box_and_in_the_summary(
    desk: Desk, app: Flask, box: str, typed: str, sentence: str
) -> None:
    values = {box: typed} if box != "start_on" else {box: typed, "start": "dated"}
    if typed == "":
        values[box.replace("low", "high")] = ""
    desk.approve(422, **at(0, values))
    assert desk.visitor.errors == [f"{FIRST}: {sentence}"]
    assert sentence in desk.said_at(f"rows-0-{box}")
    assert revisions(app) == 0


def test_what_no_row_says_is_told_once_at_the_box_that_fills_them(desk: Desk) -> None:
    desk.press("Approve the plan", 422)
    assert len(desk.visitor.errors) == 3
    for box, sentence in (
        ("often-times_per_day", "Say how many times a day, here for all exercises"),
        ("often-days", "Say on which days, here for all exercises"),
        ("start_on", "Choose a start date, here for all exercises"),
    ):
        assert sentence in desk.said_at(box)
    desk.approve()
    assert "Approved." in desk.visitor.text


def test_where_one_row_has_a_frequency_and_a_start_the_others_say_so(desk: Desk) -> None:
    one = {"times_per_day": "2", "days": "7", "start": "withheld"}
    desk.press("Approve the plan", 422, **at(0, one))
    assert len(desk.visitor.errors) == 15
    for box, sentence in (
        ("times_per_day", "say how many times a day."),
        ("days", "say on which days."),
        ("start", "choose a start date, or say “not yet”."),
    ):
        assert sentence in desk.said_at(f"rows-5-{box}")


def test_an_empty_plan_is_refused(desk: Desk) -> None:
    while desk.ids:
        desk.press(f"do=remove:{desk.ids[0]}")
    desk.approve(422)
    assert desk.visitor.errors == ["Add at least one exercise before you approve the plan."]


def test_min_over_max_is_refused(desk: Desk) -> None:
    desk.approve(422, **at(0, {"hold_low": "30", "hold_high": "15"}))
    assert desk.visitor.errors == [f"{FIRST}: 30 is more than 15. Put the smaller number first."]


def test_an_unanswered_warning_is_refused_at_its_box(desk: Desk, app: Flask, cast: Cast) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    desk.open()
    assert "Pia’s record says knee pain." in desk.visitor.text
    assert "1 warning to look at." in desk.visitor.text
    desk.approve(422)
    sentence = "remove it, or write why it is right for this patient."
    assert desk.visitor.errors == [f"Midback stretch: {sentence}"]
    assert sentence in desk.said_at("rows-1-answers-0-text")
    desk.approve(**{"rows-1-answers-0-text": "She kneels on a pillow."})
    assert revisions(app) == 1


def test_a_warning_is_settled_by_removing_the_exercise(desk: Desk, app: Flask, cast: Cast) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    desk.open().press(f"do=remove:{desk.ids[1]}")
    desk.approve()
    assert revisions(app) == 1


def test_blanks_are_no_reason(desk: Desk, app: Flask, cast: Cast) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    desk.open().approve(422, **{"rows-1-answers-0-text": " \n "})
    assert revisions(app) == 0


def test_approving_names_the_patient_and_the_revision(desk: Desk) -> None:
    desk.approve()
    assert "Approved. Pia sees revision 1 now." in desk.visitor.page.get_text()
    assert desk.visitor.path == desk.path


def test_approving_twice_gives_one_revision(desk: Desk, app: Flask) -> None:
    desk.approve(303)
    desk.approve(303)
    assert revisions(app) == 1


def test_a_draft_that_nobody_changed_may_be_approved_again(desk: Desk, app: Flask) -> None:
    for _time in range(2):
        desk.approve()
        desk.visitor.submit("Change the plan")
    assert revisions(app) == 2


def test_a_past_start_is_accepted_in_the_next_revision_when_it_is_carried_over(
    desk: Desk, app: Flask, come_back: ComeBack
) -> None:
    desk.approve()
    desk = come_back(desk, 10)
    desk.visitor.submit("Change the plan")
    assert not desk.visitor.has_button("Move these dates to today")
    desk.save(**{"rows-0-note": "Slowly."})
    desk.press("Approve the plan")
    assert revisions(app) == 2


def test_another_past_start_is_refused_in_the_next_revision(
    desk: Desk, come_back: ComeBack
) -> None:
    desk.approve()
    desk = come_back(desk, 10)
    desk.visitor.submit("Change the plan")
    desk.press("Approve the plan", 422, **{"rows-0-start_on": "2026-03-03"})
    assert "the start date is in the past." in desk.said_at("rows-0-start_on")


def test_an_exercise_that_is_added_again_is_not_carried_over(
    desk: Desk, app: Flask, come_back: ComeBack
) -> None:
    desk.approve()
    desk = come_back(desk, 10)
    desk.visitor.submit("Change the plan")
    found = desk.ids[0]
    desk.press(f"do=remove:{found}")
    desk.press("Add Lower neck and upper back stretch")
    last = {"start": "dated", "start_on": "2026-03-02"}
    desk.press("Approve the plan", 422, **at(5, last))
    assert "in the past" in desk.said_at("rows-5-start_on")


def test_a_withheld_exercise_is_released_with_one_click_into_a_draft(
    approved: Approve, theo: Visitor, pia: Visitor
) -> None:
    made = approved(starting({"Resisted rows": Start.withheld()}))
    theo.open(made.path).submit("Release Resisted rows")
    assert "It starts today in the draft." in theo.page.get_text()
    assert "Resisted rows Not yet." in pia.open("/today").text
    theo.submit("Approve the plan")
    assert "You have 6 exercises today." in pia.open("/today").text


def test_a_double_click_on_release_gives_one_draft(
    approved: Approve, theo: Visitor, app: Flask
) -> None:
    made = approved(starting({"Resisted rows": Start.withheld()}))
    theo.open(made.path)
    theo.submit("Release Resisted rows", expect=303)
    with app.app_context():
        version = made.draft.version
    theo.submit("Release Resisted rows", expect=303)
    with app.app_context():
        assert made.draft.version == version


def change_later(desk: Desk, last_day: str, second: str) -> dict[str, object]:
    """A second dose below the wall push-up (row 3): the first ends, the second begins."""
    desk.press(f"do=later:{desk.ids[3]}")
    later = {"start": "dated", "start_on": second, "repetitions_low": "10"}
    return at(3, {"last_day": last_day}) | at(4, later)


def test_a_dose_that_changes_later_is_approved_when_the_days_meet(
    desk: Desk, app: Flask, pia: Visitor
) -> None:
    desk.approve(**change_later(desk, "2026-03-08", "2026-03-09"))
    assert revisions(app) == 1
    assert "You have 6 exercises today." in pia.open("/today").text


@pytest.mark.parametrize(
    ("last_day", "second", "sentence"),
    [
        ("2026-03-09", "2026-03-09", "the old and the new dose overlap."),
        ("2026-03-05", "2026-03-09", "there is a gap between the old and the new dose."),
    ],
)
def test_a_dose_that_changes_later_is_refused_with_an_overlap_or_a_gap(
    desk: Desk, last_day: str, second: str, sentence: str
) -> None:
    desk.approve(422, **change_later(desk, last_day, second))
    assert sentence in desk.said_at("rows-3-last_day")
    assert len(desk.visitor.errors) == 1


def test_a_dose_that_changes_later_needs_its_date(desk: Desk) -> None:
    desk.press(f"do=later:{desk.ids[3]}")
    desk.approve(422)
    assert "a change needs a date from which it holds." in desk.said_at("rows-4-start")


def test_an_exercise_that_was_revised_since_is_refused_until_its_text_is_taken_over(
    desk: Desk, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        revise_wall_push_up(cast.ada)
    desk.open().approve(422)
    assert desk.visitor.errors == [
        "Wall push-up: its text changed since you added it. "
        "Take over the new text, or write why the old one is right."
    ]
    assert "#rows-3-answers-0-text" in str(desk.visitor.page.select_one(".error-summary"))
    desk.press("Take over the new text", **{"rows-0-note": "Kept"})
    assert desk.boxes["rows-0-note"] == "Kept"
    desk.approve()
    assert revisions(app) == 1
