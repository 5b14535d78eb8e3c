"""Stop now: a whole plan or one exercise, seen at once on every page, and nothing of it printed."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.database import db
from tests.factories import Cast
from tests.paper.reading import Pdf
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.made import Made
from tests.visitor import Visitor

WALL = "Wall push-up"
STOPPED = "Stopped on March 2, 2026. Do not do it any more."
OTHER_PAGES = ("/help", "/account", "/handouts/T680", "/find?code=T680")


def stop(theo: Visitor, made: Made, what: str, reason: str = "Her wrist is swollen.") -> None:
    theo.open(made.path).follow(what)
    theo.submit("Stop it now", reason=reason)
    assert "Stopped. The patient is told so at once." in theo.text


def pdf_text(visitor: Visitor, path: str) -> str:
    answer = visitor.client.get(path)
    assert answer.status_code == 200, path
    return Pdf(answer.data).text


def test_a_stopped_exercise_is_nowhere_to_be_done(
    approved: Approve, theo: Visitor, pia: Visitor, app: Flask
) -> None:
    made = approved()
    with app.app_context():
        wall = made.titled(WALL)
        db.session.rollback()
    assert WALL in pia.open(f"/today/{wall.id}").heading
    stop(theo, made, f"Stop {WALL}")
    for path in ("/today", made.path):
        text = pia.open(path).text
        assert f"{WALL}. {STOPPED}" in text
        assert "swollen" not in text, "the reason is for clinicians"
    assert "You have 5 exercises today." in pia.open("/today").text
    assert pia.open(f"/today/{wall.id}").path == "/today"
    for path in OTHER_PAGES:
        assert f"{WALL} was stopped on March 2, 2026. Do not do it any more." in pia.open(path).text
    paper = pia.open(f"{made.path}/print")
    item = next(i for i in paper.page.select(".sheet-item") if WALL in i.get_text())
    assert STOPPED in item.get_text(" ")
    assert not item.select(".steps, .pill")
    assert not any(WALL in th.get_text() for th in paper.page.select(".chart th"))
    said = " ".join(pdf_text(pia, f"{made.path}.pdf").split())
    assert STOPPED in said
    assert "Record copy" not in said
    for path in (f"{made.path}/revisions/1", f"{made.path}/revisions/1/print"):
        assert "Record copy, not for use" in theo.open(path).text


def test_a_stopped_plan_is_told_on_every_page_and_printed_by_staff_only(
    approved: Approve, theo: Visitor, pia: Visitor
) -> None:
    made = approved()
    stop(theo, made, "Stop the plan now")
    for path in ("/today", made.path):
        text = pia.open(path).text
        assert "This plan was stopped on Monday, March 2, 2026." in text
        assert WALL not in text
    for path in OTHER_PAGES:
        assert "Healthy upper back was stopped on March 2, 2026." in pia.open(path).text
    for path in (f"{made.path}/print", f"{made.path}.pdf"):
        assert pia.open(path).path == made.path
    assert "Print my plan" not in pia.text
    for path in (f"{made.path}/print", f"{made.path}/revisions/1/print"):
        assert "Record copy, not for use" in theo.open(path).text
    assert "Record copy, not for use" in " ".join(pdf_text(theo, f"{made.path}.pdf").split())
    text = theo.open(made.path).text
    assert "Stopped by Theo: Her wrist is swollen." in text
    assert not theo.has_button("Change the plan")
    assert "Plan stopped" in theo.open("/patients?show=stopped").text
    assert "Plan stopped" not in theo.open("/patients?show=in-force").text


def test_a_copy_of_a_draft_never_lifts_a_stop(
    approved: Approve, theo: Visitor, pia: Visitor
) -> None:
    made = approved()
    stop(theo, made, f"Stop {WALL}")
    theo.open(made.path).submit("Change the plan")
    assert "Stopped by Theo: Her wrist is swollen. Approving does not lift the stop." in theo.text
    assert STOPPED in theo.submit("Preview as Pia sees it").text
    Desk(theo, made.path).open().press("Approve the plan")
    assert STOPPED in pia.open(made.path).text


def test_a_stop_is_taken_back_with_a_reason(approved: Approve, theo: Visitor, pia: Visitor) -> None:
    made = approved()
    stop(theo, made, f"Stop {WALL}")
    theo.open(made.path).follow(f"Take the stop of {WALL} back")
    assert f"Go on with {WALL} of Pia?" in theo.heading
    theo.submit("Go on with it", reason="It was a splinter.")
    assert "You have 6 exercises today." in pia.open("/today").text
    assert "was stopped" not in pia.open("/help").text


@pytest.mark.parametrize("what", ["", "thread"])
def test_a_stop_needs_a_reason_and_two_clicks_make_one(
    what: str, approved: Approve, theo: Visitor, app: Flask
) -> None:
    made = approved()
    with app.app_context():
        thread = str(made.titled(WALL).thread_id) if what else ""
        db.session.rollback()
    theo.open(f"{made.path}/stop?thread={thread}")
    theo.submit("Stop it now", expect=422, reason="  ")
    assert theo.errors == ["Write a reason. The next clinician will read it."]
    for _click in range(2):
        theo.open(f"{made.path}/stop?thread={thread}").submit("Stop it now", reason="Enough.")
    with app.app_context():
        events = db.session.execute(
            db.text("SELECT kind, thread_id IS NULL FROM plan_events")
        ).all()
        assert [(kind, bool(whole)) for kind, whole in events] == [("stopped", not what)]


def test_a_stop_says_where_the_exercise_goes_on(approved: Approve, theo: Visitor) -> None:
    made, other = approved(), approved(title="Another plan")
    said = "The same exercise is in another plan that holds: Another plan."
    theo.open(made.path).follow(f"Stop {WALL}")
    assert said in theo.text
    theo.submit("Stop it now", reason="Her wrist is swollen.")
    assert "It goes on in another plan: Another plan." in theo.text
    theo.open(made.path).follow("Stop the plan now")
    assert said not in theo.text
    theo.open(other.path).follow(f"Stop {WALL}")
    assert "in another plan that holds" not in theo.text, "it is stopped there"
    theo.submit("Stop it now", reason="Her wrist is swollen.")
    assert "It goes on" not in theo.text


def test_an_exercise_of_another_plan_cannot_be_stopped_here(
    approved: Approve, visit: Visit, cast: Cast, theo: Visitor, app: Flask
) -> None:
    made, other = approved(), approved(title="Another plan")
    with app.app_context():
        foreign = other.titled(WALL).thread_id
        db.session.rollback()
    theo.open(f"{made.path}/stop?thread={foreign}").submit("Stop it now", expect=422, reason="x")
    assert theo.errors == ["This exercise is not in the plan any more."]


def test_the_review_date_is_told_to_the_patient_and_a_stale_plan_to_staff(
    desk: Desk, pia: Visitor, visit: Visit, cast: Cast, clock: object
) -> None:
    desk.approve(422, review_on="2026-03-01")
    assert desk.said_at("review_on").endswith(
        "The day of the next review is in the past. Choose a later one, or none."
    )
    desk.approve(review_on="2026-03-05")
    sentence = "Your therapist looks at this plan again on March 5, 2026."
    for path in ("/today", desk.path, f"{desk.path}/print"):
        assert sentence in pia.open(path).text, path
    assert sentence in " ".join(pdf_text(pia, f"{desk.path}.pdf").split())
    assert "Review date passed" not in desk.visitor.open("/patients").page.select_one(".rows").text  # type: ignore[union-attr]
    clock.move(days=4)  # type: ignore[attr-defined]  # the fixture's own clock
    theo = visit(cast.theo)
    assert "This plan was to be looked at again on March 5, 2026." in theo.open(desk.path).text
    for path in ("/patients?show=review", f"/patients/{cast.pia.patient_id}"):
        assert "Review date passed" in theo.open(path).tag(".rows, .plain-rows").get_text()
    late = visit(cast.pia).open("/today").text
    assert "Ask about it at the clinic." in late
    theo.open(desk.path).submit("Change the plan")
    desk = Desk(theo, desk.path).open()
    desk.press("Approve the plan", 422)
    assert re.match("2026-03-05", desk.boxes["review_on"])
    desk.press("Approve the plan", review_on="2026-03-20")
    assert "Review date passed" not in theo.open(f"/patients/{cast.pia.patient_id}").text
