"""The two-week tick chart of the printed sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.plans.chart import ChartWeek, make_chart
from app.plans.rules import Frequency, Prescribed, Start
from app.plans.sheet import make_items
from tests.plans.examples import ENOUGH, MONDAY, prescribed, sheet_of, text

DAY = timedelta(days=1)


def chart(*rows: Prescribed) -> tuple[ChartWeek, ...]:
    return make_chart(sheet_of(make_items(rows, MONDAY)))


def test_the_chart_has_fourteen_days_from_the_sheets_day() -> None:
    days = [day for week in chart(prescribed()) for day in week.days]
    assert days == [MONDAY + n * DAY for n in range(14)]


def test_each_cell_has_one_tick_per_time_of_day() -> None:
    dose = replace(ENOUGH, frequency=Frequency(3, 7))
    assert [week.rows[0].cells for week in chart(prescribed(dose=dose))] == [(3,) * 7] * 2


def test_chosen_weekdays_leave_the_others_blocked() -> None:
    dose = replace(ENOUGH, frequency=Frequency(1, None, (0, 4)))
    assert chart(prescribed(dose=dose))[1].rows[0].cells == (1, 0, 0, 0, 1, 0, 0)


def test_any_three_days_leave_every_day_open() -> None:
    dose = replace(ENOUGH, frequency=Frequency(1, 3))
    assert chart(prescribed(dose=dose))[0].rows[0].cells == (1,) * 7


def test_a_future_exercise_has_its_earlier_cells_blocked() -> None:
    first, second = chart(prescribed(start=Start.on(MONDAY + 8 * DAY)))
    assert first.rows[0].cells == (0,) * 7
    assert second.rows[0].cells == (0, 2, 2, 2, 2, 2, 2)


def test_cells_after_the_last_day_are_blocked() -> None:
    assert chart(prescribed(last_day=MONDAY + DAY))[0].rows[0].cells == (2, 2, 0, 0, 0, 0, 0)


def test_a_withheld_exercise_has_no_row_and_the_others_keep_their_numbers() -> None:
    rows = (prescribed(text("A")), prescribed(text("B"), start=Start.withheld()))
    week = chart(*rows, prescribed(text("C")))[0]
    assert [(row.number, row.title) for row in week.rows] == [(1, "A"), (3, "C")]


def test_a_replaced_dose_and_its_replacement_never_share_a_day() -> None:
    old = prescribed(last_day=MONDAY + 2 * DAY)
    new = replace(prescribed(thread=old.thread_id), start=Start.on(MONDAY + 3 * DAY))
    week = chart(old, new)[0]
    assert [row.cells for row in week.rows] == [(2, 2, 2, 0, 0, 0, 0), (0, 0, 0, 2, 2, 2, 2)]


def test_a_plan_that_is_all_withheld_has_an_empty_chart() -> None:
    assert [week.rows for week in chart(prescribed(start=Start.withheld()))] == [(), ()]
