"""A plan in the order of time: now, from week 3, not yet."""

from __future__ import annotations

from datetime import timedelta

from app.plans.phases import find_phases
from app.plans.rules import Start
from app.plans.sheet import ItemState, make_items
from tests.plans.desk import Desk
from tests.plans.examples import MONDAY, prescribed, sheet_of, text
from tests.visitor import Visitor

LATER = MONDAY + timedelta(days=14)


def test_phases_are_in_the_order_of_time_and_count_weeks_from_the_first_start() -> None:
    rows = (
        prescribed(text("Third"), start=Start.withheld()),
        prescribed(text("Second"), start=Start.on(LATER)),
        prescribed(text("Soon"), start=Start.on(MONDAY + timedelta(days=6))),
        prescribed(text("First")),
        prescribed(text("Gone"), last_day=MONDAY - timedelta(days=1)),
    )
    found = find_phases(sheet_of(make_items(rows, MONDAY)))
    assert [(p.state, p.day, p.week, [i.title for i in p.items]) for p in found] == [
        (ItemState.DOABLE, None, 1, ["First"]),
        (ItemState.LATER, MONDAY + timedelta(days=6), 1, ["Soon"]),
        (ItemState.LATER, LATER, 3, ["Second"]),
        (ItemState.WITHHELD, None, 1, ["Third"]),
    ]
    assert find_phases(sheet_of(make_items(rows, MONDAY), ended_on=MONDAY)) == ()


def steps(visitor: Visitor) -> list[str]:
    return [" ".join(li.get_text(" ").split()) for li in visitor.page.select(".timeline > li")]


def test_the_patient_sees_what_begins_when_and_who_decides(desk: Desk, pia: Visitor) -> None:
    starts = {"rows-3-start_on": "2026-03-16", "rows-4-start_on": "2026-03-16"}
    desk.approve(**starts, **{"rows-5-start": "withheld"}, review_on="2026-03-30")
    now, week_3, not_yet = steps(pia.open(desk.path))
    assert now.startswith("Now Lower neck and upper back stretch, Midback stretch")
    assert week_3.startswith("From week 3: Monday, March 16, 2026 Wall push-up, Resisted sh")
    assert not_yet == "Not yet: Theo decides on March 30, 2026 Resisted rows"


def test_where_all_begins_at_once_there_is_no_timeline(desk: Desk, pia: Visitor) -> None:
    desk.approve()
    assert steps(pia.open(desk.path)) == []
