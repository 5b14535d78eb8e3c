"""What a plan asks now, what from which week on, and what nobody decided yet: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.plans.sheet import ItemState, PlanSheet, SheetItem


@dataclass(frozen=True)
class Phase:
    """Exercises that begin together. ``day`` is None for what may be done now or is withheld.

    ``week`` counts from 1, from the first day on which anything of the plan may be done.
    """

    state: ItemState
    items: tuple[SheetItem, ...]
    day: date | None = None
    week: int = 1


def find_phases(sheet: PlanSheet) -> tuple[Phase, ...]:
    """The plan in the order of time; a dose that follows another is in the phase of its start."""
    phases = []
    if sheet.doable:
        phases.append(Phase(ItemState.DOABLE, sheet.doable))
    later = sorted(sheet.later, key=lambda item: item.starts_on or date.max)
    for day, group in groupby(later, key=lambda item: item.starts_on):
        first = sheet.first_start
        week = 1 + (day - first).days // 7 if day and first else 1
        phases.append(Phase(ItemState.LATER, tuple(group), day, week))
    if sheet.withheld:
        phases.append(Phase(ItemState.WITHHELD, sheet.withheld))
    return tuple(phases)
