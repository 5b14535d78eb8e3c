"""From an empty record to paper, as three people, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories import Cast, CastMember
from tests.plans.desk import Desk
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


def test_a_therapist_prescribes_six_exercises_and_the_patient_sees_them(
    cast: Cast, visit: Visit, clock: TestClock
) -> None:
    theo, pia = visit(cast.theo), visit(cast.pia)
    pia.open("/today")
    assert "You have no plan yet." in pia.text

    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    theo.submit("Start from Healthy upper back: exercises (T680)")
    assert theo.path.endswith("/edit")
    plan_path = theo.path.removesuffix("/edit")
    assert pia.open(plan_path, expect=404).status == 404
    assert pia.open(f"{plan_path}/print", expect=404).status == 404

    Desk(theo, plan_path).approve(**{"rows-5-start": "withheld"})
    assert "Approved. Pia sees revision 1 now." in theo.text

    pia.open("/today")
    assert "You have 5 exercises today." in pia.text
    assert "Resisted rows Not yet. Your therapist will tell you when." in pia.text
    pia.open(f"{plan_path}/print")
    assert "Record copy" not in pia.text
    assert "2 times a day, every day" in pia.text
