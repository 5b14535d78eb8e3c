"""How much a plan asks of a patient on its fullest day: pure, and a hint only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.plans.rules import Dose, Prescribed, Side

USUAL_EXERCISES = 6
USUAL_MINUTES = 30
SECONDS_EACH = 3
"""What one repetition takes that is not held."""


@dataclass(frozen=True)
class Load:
    """Exercises, and about how many minutes, of one day."""

    exercises: int = 0
    minutes: int = 0

    @property
    def is_much(self) -> bool:
        """People do two exercises better than eight."""
        return self.exercises > USUAL_EXERCISES or self.minutes > USUAL_MINUTES


def fullest_day(rows: Sequence[Prescribed]) -> Load:
    """The load of the day that asks most; days on which something starts are looked at."""
    starts = {row.start.day for row in rows if row.start.day}
    loads = (_load_on(rows, day) for day in starts)
    return max(loads, key=lambda load: (load.minutes, load.exercises), default=Load())


def _load_on(rows: Sequence[Prescribed], day: date) -> Load:
    held = [
        row
        for row in rows
        if row.start.day and row.start.day <= day and not (row.last_day and row.last_day < day)
    ]
    seconds = sum(seconds_a_day(row.dose) for row in held)
    return Load(len({row.thread_id for row in held}), -(-seconds // 60))


def seconds_a_day(dose: Dose) -> int:
    """What a dose takes at its most; its gaps count nothing."""
    repetitions = dose.repetitions.high if dose.repetitions else 0
    each = dose.hold.high if dose.hold else SECONDS_EACH
    once = dose.sets * repetitions * each + (dose.sets - 1) * (dose.rest or 0)
    sides = 2 if dose.side is Side.EACH else 1
    return once * sides * (dose.frequency.times_per_day or 0)
