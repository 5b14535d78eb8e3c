"""How much a plan asks on its fullest day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.catalogue.rules import Span
from app.plans.load import Load, fullest_day, seconds_a_day
from app.plans.rules import Dose, Frequency, Side, Start
from tests.plans.desk import Desk
from tests.plans.examples import ENOUGH, MONDAY, prescribed

ONCE = Dose(Span(8, 10), frequency=Frequency(1, 7))


@pytest.mark.parametrize(
    ("dose", "seconds"),
    [
        (ONCE, 30),
        (replace(ONCE, hold=Span(15, 30)), 300),
        (replace(ONCE, sets=3, rest=20), 130),
        (replace(ONCE, side=Side.EACH), 60),
        (replace(ONCE, frequency=Frequency(3, 7)), 90),
        (Dose(), 0),
    ],
)
def test_a_dose_takes_its_time(dose: Dose, seconds: int) -> None:
    assert seconds_a_day(dose) == seconds


def test_the_fullest_day_counts_what_holds_on_it() -> None:
    first = prescribed(dose=ONCE, last_day=MONDAY + timedelta(days=6))
    next_one = replace(first, start=Start.on(MONDAY + timedelta(days=7)), last_day=None)
    long = prescribed(dose=ENOUGH, start=Start.on(MONDAY + timedelta(days=7)))
    withheld = prescribed(dose=ENOUGH, start=Start.withheld())
    assert fullest_day([first, next_one, long, withheld]) == Load(2, 13)
    assert fullest_day([]) == fullest_day([withheld]) == Load()


def test_many_exercises_get_a_hint_and_are_approved_all_the_same(desk: Desk) -> None:
    desk.save(**{"often-times_per_day": "2", "often-days": "7", "start_on": "2026-03-02"})
    assert "better than eight" not in desk.visitor.text
    desk.press(f"do=duplicate:{desk.ids[3]}")
    desk.save(**{"rows-3-side": "left", "rows-4-side": "right"})
    assert "this is 7 exercises and about" in desk.visitor.text
    desk.approve()
