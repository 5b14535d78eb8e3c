"""Plans in force to look at again: a text was superseded, or a condition came."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue.rules import Grade
from app.clock import now
from app.database import db
from app.patients.service import add_patient
from app.plans import attention
from app.plans.models import WarningAnswer
from tests.factories import Cast
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.made import acting, make_approved, note_knee_pain, revise_wall_push_up
from tests.visitor import Visitor

NEW = "Push gently. Stop when your wrist hurts."
REASON = "She has no trouble with her wrist."


@pytest.fixture
def revised(app: Flask, cast: Cast, approved: Approve) -> str:
    """Pia's plan in force; since then the wall push-up was changed for safety."""
    made = approved()
    with app.app_context():
        revise_wall_push_up(cast.ada, NEW, Grade.SAFETY)
        db.session.remove()
    return made.path


def flagged(theo: Visitor) -> str:
    """What the therapist's first page says of plans to look at."""
    notice = theo.open("/patients").page.select_one("main .notice-warning")
    return " ".join(notice.get_text(" ").split()) if notice else ""


def note_knee(theo: Visitor, cast: Cast) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/conditions")
    option = next(o for o in theo.page.select("option") if o.get_text() == "knee pain")
    theo.submit("do=note", condition=option["value"])


def test_a_condition_that_comes_flags_the_plan_in_force_at_once(
    approved: Approve, theo: Visitor, cast: Cast
) -> None:
    made = approved()
    assert flagged(theo) == ""
    note_knee(theo, cast)
    said = flagged(theo)
    assert "1 plan to look at." in said
    assert "Pia : Midback stretch: must not be done with knee pain" in said
    assert "Something changed since this plan was approved." in theo.open(made.path).text
    theo.follow("Look at 1 matter")
    assert "Pia’s record says knee pain. This exercise must not be done with it." in theo.text
    theo.submit("Leave Midback stretch as it is", expect=422, reason=" ")
    assert theo.errors == ["Write a reason. The next clinician will read it."]
    theo.submit("Leave Midback stretch as it is", reason=REASON)
    assert f"Theo, March 2, 2026: “{REASON}”" in theo.text
    assert flagged(theo) == ""
    theo.open(made.path).submit("Change the plan")
    assert REASON in theo.tag("textarea[name$='-text']").get_text(), "it travels to the next draft"
    assert "Theo, March 2, 2026" in theo.text
    theo.submit("Approve the plan")
    assert "Approved." in theo.text


def test_a_safety_change_is_on_top_until_it_is_answered(
    revised: str, app: Flask, theo: Visitor, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        note_knee_pain(cast.tess, cast.paul)
        make_approved(cast.tess, cast.paul, title="Paul's plan")
        db.session.remove()
    assert "Pia : Wall push-up: changed for safety" in flagged(theo)
    theo.follow("See what changed").follow("Pia: Healthy upper back")
    assert "changed for safety since you added it." in theo.text
    assert theo.tag("ins").get_text(" ") == "New:  Push gently. Stop when"
    theo.submit("Leave Wall push-up as it is", reason=REASON)
    assert flagged(theo) == ""
    with app.app_context():
        revise_wall_push_up(cast.ada, "Another sentence.")
        db.session.remove()
    assert "Wall push-up: changed for safety" in flagged(theo), "the cause has changed"


def test_the_list_goes_on_page_by_page_with_safety_on_top(
    app: Flask, theo: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.plans.attention_routes.SHOWN", 2)
    with app.app_context():
        for name in ("Ana", "Bo", "Mia", "Zoe"):
            added = add_patient(uuid4(), name, None, "", by=acting(cast.theo), now=now())
            patient = replace(cast.pia, patient_id=added.id)
            make_approved(cast.theo, patient)
            if name == "Zoe":
                note_knee_pain(cast.theo, patient)
        revise_wall_push_up(cast.ada, NEW)
        db.session.remove()

    def listed() -> list[str]:
        return [a.get_text().partition(":")[0] for a in theo.page.select("main .row-title")]

    theo.open("/patients/to-look-at")
    assert (listed(), "4 plans." in theo.text) == (["Zoe", "Ana"], True)
    theo.follow("Next page")
    second = theo.path
    assert listed() == ["Bo", "Mia"]
    assert not theo.page.select("a[rel=next]")
    ana = theo.open("/patients/to-look-at").follow("Ana: Healthy upper back")
    ana.submit("Leave Wall push-up as it is", reason=REASON)
    theo.open(second)
    assert listed() == ["Zoe", "Bo"], "what is left, from its beginning"
    for wrong in ("?after=", "?after=x", f"?after={uuid4()}"):
        theo.open(f"/patients/to-look-at{wrong}")
        assert listed() == ["Zoe", "Bo"]


def test_answers_push_nothing_off_the_list(
    app: Flask, theo: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "AT_ONCE", 2)
    with app.app_context():
        for name in ("Ana", "Bo", "Mia", "Zoe"):
            added = add_patient(uuid4(), name, None, "", by=acting(cast.theo), now=now())
            make_approved(cast.theo, replace(cast.pia, patient_id=added.id))
        revise_wall_push_up(cast.ada, NEW, Grade.SAFETY)
        db.session.remove()
    for left in (4, 3, 2, 1):
        theo.open("/patients/to-look-at")
        titles = [a.get_text() for a in theo.page.select("main .row-title")]
        assert len(titles) == left
        theo.follow(titles[0]).submit("Leave Wall push-up as it is", reason=REASON)
    assert "to look at" not in flagged(theo)


def test_taking_over_makes_a_draft_to_approve(
    revised: str, theo: Visitor, visit: Visit, cast: Cast
) -> None:
    theo.open(f"{revised}/look").submit("Take over the new text of Wall push-up")
    assert theo.path == f"{revised}/edit"
    assert "was changed" not in theo.text
    assert "changed for safety" in flagged(theo), "nothing is approved yet"
    Desk(theo, revised).open().press("Approve the plan")
    assert flagged(theo) == ""


def test_the_admin_sees_who_has_not_answered_and_no_patient(
    revised: str, theo: Visitor, visit: Visit, cast: Cast
) -> None:
    ada = visit(cast.ada).open("/catalogue").follow("Changed texts")
    cells = [td.get_text(strip=True) for td in ada.page.select("td")]
    assert cells == ["Wall push-up", "Safety", "Theo", "1"]
    assert "Pia" not in ada.text
    theo.open(f"{revised}/look").submit("Leave Wall push-up as it is", reason=REASON)
    assert "Every plan in force has the newest texts" in ada.open("/catalogue/superseded").text


def test_what_is_stopped_or_over_asks_for_nothing(
    revised: str, theo: Visitor, visit: Visit, cast: Cast
) -> None:
    theo.open(revised).follow("Stop Wall push-up").submit("Stop it now", reason="Wrist.")
    assert flagged(theo) == ""
    assert "Nothing speaks against this plan now." in theo.open(f"{revised}/look").text
    assert "Changed texts" not in visit(cast.tess).open("/patients").text
    theo.open(revised).follow("Take the stop of Wall push-up back")
    theo.submit("Go on with it", reason="Better.")
    assert flagged(theo)
    theo.open(f"{revised}/end").submit("End the plan", reason="Well.")
    assert flagged(theo) == ""


def test_an_answer_sent_twice_is_kept_once_and_one_for_an_older_cause_not_at_all(
    revised: str, app: Flask, theo: Visitor, cast: Cast
) -> None:
    def answers() -> int:
        with app.app_context():
            return db.session.scalars(select(func.count(WarningAnswer.seq))).one()

    for _click in range(2):
        theo.open(f"{revised}/look").submit("Leave Wall push-up as it is", reason=REASON)
    assert answers() == 1
    theo.open(f"{revised}/look")
    with app.app_context():
        revise_wall_push_up(cast.ada, "Another sentence.")
        db.session.remove()
    theo.submit("Leave Wall push-up as it is", expect=422, reason="Still right.")
    assert theo.errors == ["This changed while you were reading. Look at it again."]
    assert "Still right." in theo.text
    assert answers() == 1


def test_the_admin_grades_a_revision_where_it_is_edited(
    approved: Approve, app: Flask, theo: Visitor, visit: Visit, cast: Cast
) -> None:
    made = approved()
    with app.app_context():
        exercise_id = made.titled("Wall push-up").exercise_id
        db.session.remove()
    ada = visit(cast.ada).open(f"/catalogue/{exercise_id}/edit")
    ada.submit("Publish", expect=422, grade="none of these", purpose=NEW)
    ada.submit("Publish", grade="safety", purpose=NEW)
    assert "Wall push-up: changed for safety" in flagged(theo)


def test_one_exercise_twice_asks_why(
    approved: Approve, desk: Desk, theo: Visitor, cast: Cast
) -> None:
    """In one plan, and across the plans of one patient."""
    desk.press(f"do=duplicate:{desk.ids[3]}")
    desk.approve(422)
    assert sum("Wall push-up: remove it, or write why" in e for e in desk.visitor.errors) == 1
    assert "This exercise is in the plan twice on the same days." in desk.visitor.text
    reason = desk.visitor.tag("textarea[name$='-text']")["name"]
    desk.approve(**{str(reason): "Another hand position."})
    other = approved(title="Another plan")
    theo.open(other.path).submit("Change the plan")
    assert "This exercise is in another plan, too: Healthy upper back." in theo.text


def test_left_and_right_are_no_repetition(desk: Desk) -> None:
    desk.press(f"do=duplicate:{desk.ids[3]}")
    desk.approve(**{"rows-3-side": "left", "rows-4-side": "right"})
    assert "Approved." in desk.visitor.text
