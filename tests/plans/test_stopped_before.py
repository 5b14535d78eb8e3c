"""What was stopped and is prescribed again: the next clinician reads why, and says why."""

from __future__ import annotations

from flask import Flask

from app.database import db
from tests.factories import Cast
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.made import Made, make_plan
from tests.plans.test_stopping import WALL, stop
from tests.support import TestClock
from tests.visitor import Visitor

WHY = "Her wrist has healed; tried it together."
HERE = "Theo stopped this exercise on March 2, 2026: Her wrist is swollen."
ELSEWHERE = (
    "Theo stopped this exercise in another plan, Healthy upper back, on March 2, 2026: "
    "Her wrist is swollen."
)
REFUSED = f"{WALL}: remove it, or write why it is right for this patient."


def begin_again(theo: Visitor, made: Made) -> tuple[Desk, str]:
    """The stopped exercise taken out of the plan and added from the catalogue; its answer's box."""
    theo.open(made.path).submit("Change the plan")
    desk = Desk(theo, made.path).open()
    assert "stopped this exercise" not in theo.text, "its stop holds: nothing begins anew"
    desk.press(f"Remove {WALL}")
    desk.press(f"Add {WALL}")
    return desk, f"rows-{desk.titles.index(WALL)}-answers-0-text"


def test_an_exercise_that_was_stopped_in_this_plan_comes_back_with_a_reason_only(
    approved: Approve, theo: Visitor
) -> None:
    made = approved()
    stop(theo, made, f"Stop {WALL}")
    desk, box = begin_again(theo, made)
    assert theo.text.count(HERE) == 2, "in its row and in the finish box"
    desk.approve(422)
    assert REFUSED in theo.errors
    assert desk.said_at(box).endswith(REFUSED)
    desk.approve(**{box: WHY})
    assert "Approved." in theo.text

    theo.open(made.path).submit("Change the plan")
    assert Desk(theo, made.path).boxes[box] == WHY, "the answer travels with its cause"
    assert "warning to look at" not in theo.text
    Desk(theo, made.path).press("Approve the plan")


def test_a_clock_that_was_put_back_hides_no_stop(
    approved: Approve, theo: Visitor, clock: TestClock
) -> None:
    made = approved()
    clock.move(seconds=-5)
    stop(theo, made, f"Stop {WALL}")
    begin_again(theo, made)
    assert theo.text.count(HERE) == 2


def test_a_stop_speaks_in_every_other_plan_of_the_patient_until_it_is_taken_back(
    approved: Approve, theo: Visitor, app: Flask, cast: Cast, visit: Visit
) -> None:
    made = approved()
    stop(theo, made, f"Stop {WALL}")
    with app.app_context():
        other = make_plan(cast.theo, cast.pia, "Other")
        pauls = make_plan(cast.tess, cast.paul)
        db.session.remove()
    hers, his = Desk(theo, other.path), Desk(visit(cast.tess), pauls.path)
    hers.open()
    assert theo.text.count(ELSEWHERE) == 2
    hers.approve(422)
    assert REFUSED in theo.errors
    theo.open(made.path).follow(f"Take the stop of {WALL} back")
    theo.submit("Go on with it", reason="It was a splinter.")
    hers.open()
    assert "stopped this exercise" not in theo.text

    stop(theo, made, "Stop the plan now", reason="She fell.")
    hers.open()
    said = "Theo stopped another plan, Healthy upper back, on March 2, 2026: She fell."
    assert theo.text.count(said) == 1, "once, and no reason is asked for each of the six"
    assert "warning to look at" not in theo.text
    assert "stopped this exercise" not in his.open().visitor.text, "another patient"
