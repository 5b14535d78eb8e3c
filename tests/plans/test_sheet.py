"""What a patient may know of a plan on one day."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from datetime import date, timedelta

import pytest

from app.catalogue.rules import Caution, Kind, Level, Position
from app.plans.rules import Frequency, Prescribed, Start
from app.plans.sheet import ItemState, PlanSheet, SheetItem, Told, make_items, state_on
from tests.plans.examples import ENOUGH, MONDAY, TOLD, prescribed, sheet_of, text

DAY = timedelta(days=1)
LATER = MONDAY + 7 * DAY
KNEE = Caution("knee-pain", Level.CONTRAINDICATION, "Do not do this with knee pain.")
EVERYTHING = prescribed(
    text(cautions=(KNEE,), equipment=("Elastic band",)), note="Slowly.", last_day=LATER
)


def items(*rows: Prescribed, day: date = MONDAY) -> tuple[SheetItem, ...]:
    return make_items(rows, day)


def on_weekdays(*days: int) -> Prescribed:
    return prescribed(dose=replace(ENOUGH, frequency=Frequency(1, None, days)))


def sheet(*rows: Prescribed, day: date = MONDAY, ended_on: date | None = None) -> PlanSheet:
    return sheet_of(make_items(rows, day), day, ended_on)


@pytest.mark.parametrize(
    ("start", "last_day", "state"),
    [
        (Start.unset(), None, ItemState.WITHHELD),
        (Start.withheld(), None, ItemState.WITHHELD),
        (Start.withheld(), MONDAY - DAY, ItemState.WITHHELD),
        (Start.on(MONDAY + DAY), None, ItemState.LATER),
        (Start.on(MONDAY), None, ItemState.DOABLE),
        (Start.on(MONDAY), MONDAY, ItemState.DOABLE),
        (Start.on(MONDAY - DAY), None, ItemState.DOABLE),
        (Start.on(MONDAY - 9 * DAY), MONDAY - DAY, ItemState.OVER),
    ],
)
def test_each_start_and_last_day_has_its_state(
    start: Start, last_day: date | None, state: ItemState
) -> None:
    assert state_on(prescribed(start=start, last_day=last_day), MONDAY) is state


@pytest.mark.parametrize("start", [Start.withheld(), Start.unset()])
def test_a_withheld_item_carries_nothing_but_its_title_and_number(start: Start) -> None:
    row = replace(EVERYTHING, start=start)
    (item,) = items(row)
    bare = SheetItem(1, row.id, row.thread_id, row.text.title, ItemState.WITHHELD)
    assert item == bare
    said = {f.name for f in fields(item) if getattr(item, f.name) not in (None, (), "", False)}
    assert said == {"number", "prescription_id", "thread_id", "title", "state"}


def test_a_doable_item_carries_all_that_was_prescribed() -> None:
    (item,) = items(EVERYTHING)
    assert item.kind is Kind.STRENGTH
    assert item.dose == EVERYTHING.dose
    assert (item.starts_on, item.last_day) == (MONDAY, LATER)
    assert item.equipment == ("Elastic band",)
    assert item.cautions == ("Do not do this with knee pain.", "Go slowly.")
    assert (item.note, item.credit) == ("Slowly.", "Drawn by us")


def test_the_steps_are_those_of_the_chosen_start_position() -> None:
    (item,) = items(prescribed(position=Position.SITTING))
    assert [step.text for step in item.steps] == ["Sit down.", "Push."]
    assert item.position is Position.SITTING


def test_items_are_numbered_from_one_in_the_order_of_the_plan() -> None:
    rows = [prescribed(text(title)) for title in ("A", "B", "C")]
    assert [(i.number, i.title) for i in items(*rows)] == [(1, "A"), (2, "B"), (3, "C")]


def test_withheld_and_later_items_have_numbers_too() -> None:
    rows = (prescribed(start=Start.withheld()), prescribed(start=Start.on(LATER)), prescribed())
    assert [i.number for i in items(*rows)] == [1, 2, 3]


def test_what_is_over_is_not_shown_and_the_others_keep_their_numbers() -> None:
    over = prescribed(start=Start.on(MONDAY - 9 * DAY), last_day=MONDAY - DAY)
    assert [i.number for i in items(prescribed(), over, prescribed())] == [1, 3]


def test_a_later_dose_of_a_thread_says_that_it_follows_another() -> None:
    now = prescribed(start=Start.on(MONDAY), last_day=MONDAY + DAY)
    then = replace(now, start=Start.on(MONDAY + 2 * DAY), last_day=None)
    assert [i.follows for i in items(now, prescribed(), then)] == [False, False, True]


def test_a_replaced_dose_is_in_force_until_the_day_before() -> None:
    old = prescribed(last_day=LATER - DAY)
    new = replace(prescribed(thread=old.thread_id), start=Start.on(LATER))
    seen = {
        day: [(i.prescription_id, i.state) for i in items(old, new, day=day)]
        for day in (LATER - DAY, LATER)
    }
    assert seen[LATER - DAY] == [(old.id, ItemState.DOABLE), (new.id, ItemState.LATER)]
    assert seen[LATER] == [(new.id, ItemState.DOABLE)]


def test_on_no_day_is_a_replaced_thread_due_twice_or_not_at_all() -> None:
    old = prescribed(last_day=LATER - DAY)
    new = replace(prescribed(thread=old.thread_id), start=Start.on(LATER))
    for n in range(20):
        assert len(sheet(old, new, day=MONDAY + n * DAY).due) == 1


def test_due_is_what_may_be_done_on_this_very_day() -> None:
    today, tomorrow = on_weekdays(0), on_weekdays(1)
    found = sheet(today, tomorrow)
    assert [i.prescription_id for i in found.due] == [today.id]
    assert len(found.doable) == 2


def test_nothing_is_due_on_a_rest_day_and_the_next_day_is_told() -> None:
    found = sheet(on_weekdays(3), on_weekdays(2))
    assert found.doable
    assert found.due == ()
    assert found.next_due == MONDAY + 2 * DAY


def test_the_next_day_counts_what_starts_later() -> None:
    found = sheet(on_weekdays(0), replace(on_weekdays(3), start=Start.on(MONDAY + 2 * DAY)))
    assert found.next_due == MONDAY + 3 * DAY


def test_the_next_day_of_a_weekly_exercise_is_a_week_away() -> None:
    assert sheet(on_weekdays(0)).next_due == LATER


def test_there_is_no_next_day_after_the_last_one_and_while_withheld() -> None:
    assert sheet(prescribed(last_day=MONDAY)).next_due is None
    assert sheet(prescribed(start=Start.withheld())).next_due is None


def test_nothing_is_doable_later_or_withheld_in_a_plan_that_ended() -> None:
    rows = (prescribed(), prescribed(start=Start.withheld()), prescribed(start=Start.on(LATER)))
    ended = sheet(*rows, ended_on=MONDAY)
    assert (ended.doable, ended.due, ended.later, ended.withheld) == ((), (), (), ())


def test_the_first_of_the_later_starts_is_told() -> None:
    rows = [prescribed(start=Start.on(LATER + n * DAY)) for n in (3, 0, 1)]
    found = sheet(*rows, prescribed())
    assert found.next_start == LATER
    assert found.first_start == MONDAY


def test_a_plan_that_is_all_withheld_has_no_start() -> None:
    found = sheet(prescribed(start=Start.withheld()))
    assert (found.first_start, found.next_start, found.equipment) == (None, None, ())


def test_equipment_is_told_once_each_and_never_that_of_a_withheld_exercise() -> None:
    rows = (
        prescribed(text(equipment=("Chair", "Band"))),
        prescribed(text(equipment=("Band", "Mat"))),
        prescribed(text(equipment=("Rope",)), start=Start.withheld()),
    )
    assert sheet(*rows).equipment == ("Chair", "Band", "Mat")


def test_the_plan_code_is_read_in_two_groups() -> None:
    assert sheet().shown_code == "K7Q4-MX"


def test_what_was_told_survives_the_way_through_json() -> None:
    told = replace(TOLD, introduction=("One.", "Two."), owner=("We.",), handout_code="T680")
    assert Told.from_data(json.loads(json.dumps(asdict(told)))) == told
