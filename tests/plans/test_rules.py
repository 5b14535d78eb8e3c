"""Doses, frequencies and starts, and how a plan's defaults fill its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.catalogue.rules import Kind, Position, Span
from app.errors import RuleBroken
from app.plans.rules import (
    Defaults,
    Dose,
    Frequency,
    RowValues,
    Start,
    StartState,
    carried_from,
    fill_row,
    is_carried,
    went_by,
)
from tests.plans.examples import ENOUGH, MONDAY, TWICE_DAILY, prescribed

ONCE = Frequency(times_per_day=1, days_per_week=3)
UNSAID = Frequency()
NOTHING = Defaults()
LATER = MONDAY + timedelta(days=7)


def row(frequency: Frequency = UNSAID, start: Start | None = None) -> RowValues:
    dose = Dose(Span(8, 12), frequency=frequency)
    return RowValues(uuid4(), Position.STANDING, dose, start or Start.unset())


def filled(row: RowValues, before: Defaults, after: Defaults, *, keeps: bool = False) -> RowValues:
    return fill_row(row, before, after, keeps_start=keeps)


@pytest.mark.parametrize(
    ("without", "name"),
    [
        ({"repetitions": None}, "repetitions"),
        ({"hold": None}, "hold"),
        ({"frequency": replace(TWICE_DAILY, times_per_day=None)}, "times_per_day"),
        ({"frequency": replace(TWICE_DAILY, days_per_week=None)}, "days"),
    ],
)
def test_a_stretch_without_one_part_misses_just_that_part(
    without: dict[str, object], name: str
) -> None:
    assert replace(ENOUGH, **without).missing(Kind.STRETCH) == (name,)  # type: ignore[arg-type]  # a part of a dose


def test_a_whole_dose_misses_nothing() -> None:
    assert ENOUGH.missing(Kind.STRETCH) == ()


@pytest.mark.parametrize("kind", [Kind.MOVEMENT, Kind.STRENGTH])
def test_only_a_stretch_needs_a_hold(kind: Kind) -> None:
    assert replace(ENOUGH, hold=None).missing(kind) == ()


def test_an_empty_dose_misses_every_part_in_the_order_of_the_page() -> None:
    missing = Dose().missing(Kind.STRETCH)
    assert missing == ("repetitions", "hold", "times_per_day", "days")


def test_chosen_weekdays_are_days_enough() -> None:
    frequency = Frequency(times_per_day=1, weekdays=(0, 4))
    assert frequency.complete
    assert "days" not in replace(ENOUGH, frequency=frequency).missing(Kind.STRENGTH)


@pytest.mark.parametrize(
    "frequency", [Frequency(), Frequency(times_per_day=2), Frequency(days_per_week=7)]
)
def test_half_a_frequency_is_not_complete(frequency: Frequency) -> None:
    assert not frequency.complete


def test_chosen_weekdays_let_a_session_fall_on_those_days_only() -> None:
    frequency = Frequency(1, None, (0, 4))
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    assert [day.weekday() for day in days if frequency.falls_on(day)] == [0, 4]


def test_any_three_days_leave_every_day_to_the_patient() -> None:
    assert all(ONCE.falls_on(MONDAY + timedelta(days=n)) for n in range(7))


def test_a_dated_start_needs_its_day() -> None:
    with pytest.raises(RuleBroken, match="Choose a start date"):
        Start(StartState.DATED)


@pytest.mark.parametrize("state", [StartState.UNSET, StartState.WITHHELD])
def test_a_start_that_is_not_dated_has_no_day(state: StartState) -> None:
    with pytest.raises(RuleBroken) as refusal:
        Start(state, MONDAY)
    assert refusal.value.field == "start"


def test_the_three_starts_differ() -> None:
    assert len({Start.unset(), Start.withheld(), Start.on(MONDAY)}) == 3


def test_a_span_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(RuleBroken, match="30 is more than 15"):
        Span(30, 15)


def test_gaps_are_filled_from_the_plan() -> None:
    got = filled(row(), NOTHING, Defaults(TWICE_DAILY, MONDAY))
    assert got.dose.frequency == TWICE_DAILY
    assert got.start == Start.on(MONDAY)


def test_half_a_frequency_keeps_what_was_typed_and_gets_the_other_half() -> None:
    times, days = Frequency(times_per_day=4), Frequency(weekdays=(0, 2, 4))
    plan = Defaults(TWICE_DAILY)
    assert filled(row(times), NOTHING, plan).dose.frequency == Frequency(4, 7)
    assert filled(row(days), NOTHING, plan).dose.frequency == Frequency(2, None, (0, 2, 4))


def test_half_a_default_fills_nothing() -> None:
    got = filled(row(), NOTHING, Defaults(Frequency(times_per_day=2)))
    assert got.dose.frequency == Frequency()


def test_what_was_set_by_hand_stays() -> None:
    by_hand = row(ONCE, Start.on(LATER))
    assert filled(by_hand, NOTHING, Defaults(TWICE_DAILY, MONDAY)) == by_hand


def test_what_followed_the_plan_follows_its_change() -> None:
    before, after = Defaults(TWICE_DAILY, MONDAY), Defaults(ONCE, LATER)
    got = filled(row(TWICE_DAILY, Start.on(MONDAY)), before, after)
    assert (got.dose.frequency, got.start) == (ONCE, Start.on(LATER))


def test_a_row_of_its_own_does_not_follow_the_plan() -> None:
    other = row(Frequency(3, 5), Start.on(MONDAY + timedelta(days=1)))
    before, after = Defaults(TWICE_DAILY, MONDAY), Defaults(ONCE, LATER)
    assert filled(other, before, after) == other


def test_emptied_defaults_take_nothing_away() -> None:
    follower = row(TWICE_DAILY, Start.on(MONDAY))
    assert filled(follower, Defaults(TWICE_DAILY, MONDAY), NOTHING) == follower


def test_a_withheld_start_is_never_filled() -> None:
    got = filled(row(start=Start.withheld()), NOTHING, Defaults(TWICE_DAILY, MONDAY))
    assert got.start == Start.withheld()


def test_a_start_that_is_kept_never_moves_though_the_frequency_does() -> None:
    carried = row(TWICE_DAILY, Start.on(MONDAY))
    got = filled(carried, Defaults(TWICE_DAILY, MONDAY), Defaults(ONCE, LATER), keeps=True)
    assert (got.dose.frequency, got.start) == (ONCE, Start.on(MONDAY))


def test_filling_touches_nothing_but_frequency_and_start() -> None:
    whole = RowValues(
        uuid4(), Position.SITTING, Dose(Span(1, 2), Span(3, 4), 5, 6), Start.unset(), LATER, "Note"
    )
    got = filled(whole, NOTHING, Defaults(TWICE_DAILY, MONDAY))
    dose = replace(whole.dose, frequency=TWICE_DAILY)
    assert got == replace(whole, dose=dose, start=Start.on(MONDAY))


def test_the_same_thread_with_the_same_start_is_carried() -> None:
    one = prescribed()
    carried = carried_from([one])
    assert is_carried(one, carried)
    assert not is_carried(replace(one, thread_id=uuid4()), carried)
    assert not is_carried(replace(one, start=Start.on(LATER)), carried)


def test_what_has_no_date_is_not_carried() -> None:
    assert carried_from([prescribed(start=Start.withheld()), prescribed(start=Start.unset())]) == (
        frozenset()
    )


@pytest.mark.parametrize(
    ("day", "gone"),
    [(MONDAY, True), (MONDAY + timedelta(days=1), False), (date(2100, 1, 1), False)],
)
def test_a_start_went_by_when_its_day_is_over(day: date, gone: bool) -> None:
    today = MONDAY + timedelta(days=1)
    assert went_by(prescribed(start=Start.on(day)), today, frozenset()) is gone


def test_a_carried_start_never_went_by() -> None:
    one = prescribed()
    assert not went_by(one, LATER, carried_from([one]))
