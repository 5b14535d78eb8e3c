"""Why approval is refused: each reason alone, with its own sentence at its own field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.catalogue.rules import Kind
from app.plans.checks import NotApprovable, PlanWarning, Problem, check_can_approve
from app.plans.rules import Carried, Frequency, Prescribed, Start, carried_from
from tests.plans.examples import ENOUGH, MONDAY, TWICE_DAILY, prescribed, text

DAY = timedelta(days=1)
STRETCH = text("Midback stretch", Kind.STRETCH)


def problems(
    *rows: Prescribed,
    carried: Carried = frozenset(),
    warnings: tuple[PlanWarning, ...] = (),
) -> tuple[Problem, ...]:
    """What stands against approving ``rows`` on MONDAY."""
    try:
        check_can_approve(rows, today=MONDAY, carried=carried, warnings=warnings, answered=set())
    except NotApprovable as refusal:
        return refusal.problems
    return ()


def only_problem(*rows: Prescribed, carried: Carried = frozenset()) -> tuple[str, str]:
    """The sentence and the field of the one problem there is."""
    (problem,) = problems(*rows, carried=carried)
    return str(problem), problem.field


def test_a_whole_plan_may_be_approved() -> None:
    assert problems(prescribed(), prescribed(STRETCH), prescribed(start=Start.withheld())) == ()


def test_an_empty_plan_is_refused() -> None:
    assert only_problem() == ("Add at least one exercise before you approve the plan.", "")


@pytest.mark.parametrize(
    ("without", "sentence", "field"),
    [
        (
            {"repetitions": None},
            "Midback stretch: say how many times to repeat it.",
            "repetitions",
        ),
        ({"hold": None}, "Midback stretch: say how many seconds to hold it.", "hold"),
        (
            {"frequency": Frequency(days_per_week=7)},
            "Midback stretch: say how many times a day.",
            "times_per_day",
        ),
        (
            {"frequency": Frequency(times_per_day=2)},
            "Midback stretch: say on which days.",
            "days",
        ),
    ],
)
def test_a_dose_with_a_part_missing_is_refused(
    without: dict[str, object], sentence: str, field: str
) -> None:
    dose = replace(ENOUGH, **without)  # type: ignore[arg-type]  # a part of a dose
    assert only_problem(prescribed(STRETCH, dose=dose)) == (sentence, field)


def test_a_withheld_exercise_needs_its_dose_too() -> None:
    dose = replace(ENOUGH, frequency=Frequency(times_per_day=2))
    row = prescribed(dose=dose, start=Start.withheld())
    assert only_problem(row) == ("Wall push-up: say on which days.", "days")


def test_a_start_that_nobody_chose_is_refused() -> None:
    assert only_problem(prescribed(start=Start.unset())) == (
        "Wall push-up: choose a start date, or say “not yet”.",
        "start",
    )


def test_a_start_in_the_past_is_refused() -> None:
    assert only_problem(prescribed(start=Start.on(MONDAY - DAY))) == (
        "Wall push-up: the start date is in the past. Choose today or later.",
        "start",
    )


def test_a_carried_start_in_the_past_is_accepted() -> None:
    row = prescribed(start=Start.on(MONDAY - 30 * DAY))
    assert problems(row, carried=carried_from([row])) == ()


def test_another_past_start_of_a_carried_thread_is_refused() -> None:
    before = prescribed(start=Start.on(MONDAY - 30 * DAY))
    moved = replace(before, start=Start.on(MONDAY - 2 * DAY))
    assert only_problem(moved, carried=carried_from([before]))[1] == "start"


def test_a_last_day_before_the_start_is_refused() -> None:
    assert only_problem(prescribed(last_day=MONDAY - DAY)) == (
        "Wall push-up: the last day is before the start date.",
        "last_day",
    )


def test_one_day_from_start_to_last_day_is_accepted() -> None:
    assert problems(prescribed(last_day=MONDAY)) == ()


def two_doses(last_day: int | None, second_start: int) -> tuple[Prescribed, Prescribed]:
    """A dose from MONDAY to ``last_day``, replaced from ``second_start`` (days after MONDAY)."""
    end = None if last_day is None else MONDAY + last_day * DAY
    first = prescribed(last_day=end)
    return first, replace(
        prescribed(thread=first.thread_id), start=Start.on(MONDAY + second_start * DAY)
    )


def test_a_replacement_that_starts_the_day_after_is_accepted() -> None:
    assert problems(*two_doses(6, 7)) == ()


@pytest.mark.parametrize("last_day", [7, 20, None])
def test_doses_that_overlap_are_refused(last_day: int | None) -> None:
    first, second = two_doses(last_day, 7)
    (problem,) = problems(first, second)
    assert str(problem) == (
        "Wall push-up: the old and the new dose overlap. "
        "End the old one the day before the new one starts."
    )
    assert (problem.prescription_id, problem.field) == (first.id, "last_day")


def test_two_doses_from_the_same_day_are_refused() -> None:
    assert "overlap" in str(problems(*two_doses(None, 0))[0])


def test_a_gap_between_two_doses_is_refused() -> None:
    first, second = two_doses(5, 7)
    (problem,) = problems(first, second)
    assert str(problem) == "Wall push-up: there is a gap between the old and the new dose."
    assert (problem.prescription_id, problem.field) == (first.id, "last_day")


def test_the_order_of_the_rows_does_not_matter_to_a_replacement() -> None:
    assert problems(*reversed(two_doses(6, 7))) == ()
    assert len(problems(*reversed(two_doses(5, 7)))) == 1


def test_every_pair_of_three_doses_is_looked_at() -> None:
    first, second = two_doses(6, 7)
    third = replace(second, id=uuid4(), start=Start.on(MONDAY + 20 * DAY))
    second = replace(second, last_day=MONDAY + 10 * DAY)
    (problem,) = problems(first, second, third)
    assert problem.prescription_id == second.id


@pytest.mark.parametrize("start", [Start.withheld(), Start.unset()])
def test_a_replacement_without_a_date_is_refused(start: Start) -> None:
    first, second = two_doses(6, 7)
    found = problems(first, replace(second, start=start))
    assert "Wall push-up: a change needs a date from which it holds." in map(str, found)
    assert {problem.prescription_id for problem in found} == {second.id}


def test_two_threads_of_one_exercise_do_not_replace_each_other() -> None:
    said = text()
    assert problems(prescribed(said), prescribed(said)) == ()


def test_every_reason_is_told_at_once_in_the_order_of_the_plan() -> None:
    first = prescribed(STRETCH, start=Start.unset(), dose=replace(ENOUGH, hold=None))
    second = prescribed(start=Start.on(MONDAY - DAY))
    assert [p.field for p in problems(first, second)] == ["hold", "start", "start"]


def test_the_refusal_itself_says_the_first_reason() -> None:
    with pytest.raises(NotApprovable, match="choose a start date"):
        check_can_approve(
            (prescribed(start=Start.unset()),),
            today=MONDAY,
            carried=frozenset(),
            warnings=(),
            answered=set(),
        )


def test_a_frequency_of_chosen_weekdays_is_whole() -> None:
    dose = replace(ENOUGH, frequency=Frequency(TWICE_DAILY.times_per_day, weekdays=(0,)))
    assert problems(prescribed(dose=dose)) == ()
