"""The two-week tick chart of the printed sheet: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.plans.sheet import PlanSheet, SheetItem

WEEKS = 2


@dataclass(frozen=True)
class ChartRow:
    """One exercise of one week. ``cells``: a day's number of ticks; 0 is blocked."""

    number: int
    title: str
    cells: tuple[int, ...]


@dataclass(frozen=True)
class ChartWeek:
    """Seven days from ``days[0]``."""

    days: tuple[date, ...]
    rows: tuple[ChartRow, ...]


def make_chart(sheet: PlanSheet) -> tuple[ChartWeek, ...]:
    """Two weeks from the sheet's day. A withheld exercise has no row, a future one blocked cells.

    Any-N exercises have every day open: the patient chooses the days.
    """
    first = sheet.day
    weeks = []
    for week in range(WEEKS):
        days = tuple(first + timedelta(days=7 * week + n) for n in range(7))
        rows = tuple(_row(item, days) for item in sheet.items if item.dose)
        weeks.append(ChartWeek(days, rows))
    return tuple(weeks)


def _row(item: SheetItem, days: tuple[date, ...]) -> ChartRow:
    times = (item.dose.frequency.times_per_day if item.dose else None) or 1
    cells = tuple(times if item.may_be_done_on(day) else 0 for day in days)
    return ChartRow(item.number, item.title, cells)
