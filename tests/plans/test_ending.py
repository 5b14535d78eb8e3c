"""The end of a plan: the patient is told, staff keep a record copy, and it can be taken back."""

from __future__ import annotations

import pytest

from tests.plans.conftest import Approve
from tests.plans.desk import Desk
from tests.plans.made import Made
from tests.visitor import Visitor


@pytest.fixture
def ended(approved: Approve, theo: Visitor) -> Made:
    made = approved()
    theo.open(f"{made.path}/end").submit("End the plan", reason="He is well.")
    assert "The plan has ended. The patient is told so." in theo.page.get_text()
    return made


def test_the_patient_is_told_and_is_shown_no_exercise(ended: Made, pia: Visitor) -> None:
    for path in ("/today", ended.path):
        text = pia.open(path).text
        assert "plan ended on Monday, March 2, 2026." in text
        assert "Do not go on with it by yourself." in text
        assert "Wall push-up" not in text


def test_the_patient_cannot_print_it_any_more(ended: Made, pia: Visitor) -> None:
    pia.open(f"{ended.path}/print")
    assert pia.path == ended.path
    assert "Print my plan" not in pia.text


def test_what_staff_print_says_that_it_is_a_record_copy(ended: Made, theo: Visitor) -> None:
    for path in (f"{ended.path}/print", f"{ended.path}/revisions/1/print"):
        theo.open(path)
        assert "Record copy, not for use" in theo.text
        assert theo.page.html is not None
        assert theo.page.html["data-record"] == "Record copy, not for use"
    assert "Record copy, not for use." in theo.open(f"{ended.path}/revisions/1").text


def test_an_end_can_be_taken_back(ended: Made, theo: Visitor, pia: Visitor) -> None:
    theo.open(ended.path).follow("Take the end back")
    theo.submit("Go on with it", expect=422, reason=" ")
    assert theo.errors == ["Write a reason. The next clinician will read it."]
    theo.submit("Go on with it", reason="It came back.")
    assert "It holds again." in theo.page.get_text()
    assert "You have 6 exercises today." in pia.open("/today").text
    assert "Record copy" not in pia.open(f"{ended.path}/print").text


def test_a_plan_that_ended_offers_no_change(ended: Made, theo: Visitor) -> None:
    theo.open(ended.path)
    assert not theo.has_button("Change the plan")
    assert theo.page.find("a", string="Take the end back")


def test_a_new_revision_does_not_lift_the_end(ended: Made, theo: Visitor, pia: Visitor) -> None:
    """A page that was open before: the draft is made and approved, and the plan stays ended."""
    theo.send(f"{ended.path}/draft", {"csrf_token": theo.csrf_token})
    Desk(theo, ended.path).open().press("Approve the plan")
    assert "sees it once the plan is open again." in theo.page.get_text()
    assert "Your plan ended on" in pia.open("/today").text
    assert "Wall push-up" not in pia.text


def test_what_nobody_approved_cannot_be_ended_or_reopened(desk: Desk) -> None:
    token = {"csrf_token": desk.visitor.csrf_token}
    desk.visitor.open(f"{desk.path}/end").submit("End the plan", expect=422, reason="x")
    assert "Nothing of this plan is approved yet" in desk.visitor.errors[0]
    for verb in ("reopen", "stop"):
        desk.visitor.send(f"{desk.path}/{verb}", token | {"reason": "x"}, 422)
