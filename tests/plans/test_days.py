"""Start dates are right at every instant in every zone, across every change of its clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.clock import day_of
from app.plans.chart import make_chart
from app.plans.rules import (
    Defaults,
    Dose,
    Frequency,
    Prescribed,
    RowValues,
    Start,
    carried_from,
    fill_row,
    went_by,
)
from app.plans.sheet import ItemState, make_items, state_on
from tests.plans.examples import ENOUGH, prescribed, sheet_of

DAY = timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime"})

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
offsets = st.timedeltas(timedelta(days=-3), timedelta(days=3))
frequencies = st.one_of(
    st.builds(Frequency, st.integers(1, 6), st.integers(1, 7)),
    st.builds(
        lambda times, chosen: Frequency(times, None, tuple(sorted(chosen))),
        st.integers(1, 6),
        st.sets(st.integers(0, 6), min_size=1),
    ),
)
lengths = st.none() | st.integers(0, 20)
starts = st.one_of(st.just(Start.withheld()), st.just(Start.unset()), days.map(Start.on))


def wall_day(instant: datetime, zone: ZoneInfo) -> date:
    """What the clinic's wall calendar shows, reckoned from the zone's offset alone."""
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return instant.astimezone(timezone(offset)).date()


def row(start: Start, frequency: Frequency, length: int | None = None) -> Prescribed:
    last_day = start.day + length * DAY if start.day and length is not None else None
    return prescribed(dose=replace(ENOUGH, frequency=frequency), start=start, last_day=last_day)


@given(zones, days, offsets, frequencies)
@example(ZoneInfo("Pacific/Apia"), date(2011, 12, 30), DAY / 2, Frequency(1, 7))  # no such day
@example(ZoneInfo("America/Sao_Paulo"), date(2018, 11, 4), timedelta(hours=3), Frequency(1, 7))
@example(ZoneInfo("Asia/Beirut"), date(2026, 10, 25), timedelta(hours=-2), Frequency(1, 7))
@example(ZoneInfo("America/New_York"), date(2026, 3, 8), timedelta(hours=5), Frequency(1, 7))
@settings(max_examples=400, deadline=None)
def test_nothing_may_be_done_before_its_start_day_in_any_zone_at_any_instant(
    zone: ZoneInfo, start: date, offset: timedelta, frequency: Frequency
) -> None:
    instant = datetime(start.year, start.month, start.day, tzinfo=UTC) + offset
    today = day_of(instant, zone)
    one = row(Start.on(start), frequency)
    (item,) = make_items((one,), today)
    has_begun = wall_day(instant, zone) >= start
    assert (item.state is ItemState.DOABLE) is has_begun
    assert not item.may_be_done_on(today) or has_begun
    # No zone is more than 14 hours ahead of UTC, or 12 behind it.
    if item.state is ItemState.DOABLE:
        assert offset >= timedelta(hours=-14)
    if item.state is ItemState.LATER:
        assert offset < timedelta(hours=12)


@given(zones, days, offsets, starts)
def test_what_is_withheld_or_unset_is_never_doable(
    zone: ZoneInfo, near: date, offset: timedelta, start: Start
) -> None:
    instant = datetime(near.year, near.month, near.day, tzinfo=UTC) + offset
    today = day_of(instant, zone)
    sheet = sheet_of(make_items((row(start, Frequency(1, 7)),), today), today)
    if start.day is None:
        assert (sheet.doable, sheet.due, sheet.next_due) == ((), (), None)
        assert all(not week.rows for week in make_chart(sheet))
    assert all(item.starts_on and item.starts_on <= today for item in sheet.due)


@given(days, st.integers(-30, 30), frequencies, lengths)
def test_due_days_are_the_days_of_the_frequency_from_start_to_last_day(
    start: date, ahead: int, frequency: Frequency, length: int | None
) -> None:
    one = row(Start.on(start), frequency, length)
    today = start + ahead * DAY
    sheet = sheet_of(make_items((one,), today), today)
    in_time = start <= today and (length is None or today <= start + length * DAY)
    assert bool(sheet.due) is (in_time and frequency.falls_on(today))
    assert (state_on(one, today) is ItemState.DOABLE) is in_time


@given(days, st.integers(-20, 20), frequencies, lengths)
def test_the_chart_has_ticks_on_just_the_days_on_which_it_may_be_done(
    start: date, ahead: int, frequency: Frequency, length: int | None
) -> None:
    one = row(Start.on(start), frequency, length)
    today = start + ahead * DAY
    for week in make_chart(sheet_of(make_items((one,), today), today)):
        for chart_row in week.rows:
            for day, ticks in zip(week.days, chart_row.cells, strict=True):
                due = sheet_of(make_items((one,), day), day).due
                assert ticks == (frequency.times_per_day if due else 0)


@given(days, frequencies)
def test_the_next_day_is_the_first_on_which_something_is_due(
    today: date, frequency: Frequency
) -> None:
    one = row(Start.on(today), frequency)
    found = sheet_of(make_items((one,), today), today).next_due
    assert found is not None
    assert today < found <= today + 7 * DAY
    assert frequency.falls_on(found)
    between = [today + n * DAY for n in range(1, (found - today).days)]
    assert not any(frequency.falls_on(day) for day in between)


@given(days, days)
def test_a_start_went_by_unless_it_is_carried(today: date, start: date) -> None:
    one = row(Start.on(start), Frequency(1, 7))
    assert went_by(one, today, frozenset()) is (start < today)
    assert not went_by(one, today, carried_from([one]))


defaults = st.builds(Defaults, st.just(Frequency()) | frequencies, st.none() | days)
values = st.builds(
    lambda frequency, start: replace(
        RowValues.of(prescribed()), dose=Dose(frequency=frequency), start=start
    ),
    st.just(Frequency()) | frequencies,
    starts,
)


@given(values, defaults, defaults, st.booleans())
def test_filling_twice_changes_nothing_more(
    one: RowValues, before: Defaults, after: Defaults, keeps: bool
) -> None:
    once = fill_row(one, before, after, keeps_start=keeps)
    assert fill_row(once, after, after, keeps_start=keeps) == once
    assert once.start == one.start or not keeps
    assert one.start != Start.withheld() or once.start == Start.withheld()
