"""Plans in force that somebody should look at: their text was superseded, or a condition came.

Worked out whenever it is asked, so a condition that was added a moment ago is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from uuid import UUID

from sqlalchemy import select

from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import Grade
from app.database import db, read_rows
from app.plans.attention_statements import COUNTS, OF_THERAPIST, URGENT

AT_ONCE = 2000
"""So many are read in one go, to the end."""


@dataclass(frozen=True)
class Flag:
    """One exercise of a plan in force that nobody has answered for."""

    patient_id: UUID
    patient_name: str
    plan_id: UUID
    plan_title: str
    exercise: str
    weight: str
    condition: str

    @property
    def is_urgent(self) -> bool:
        return self.weight in URGENT


@dataclass(frozen=True)
class FlaggedPlan:
    """A plan with all that is to be looked at in it."""

    patient_id: UUID
    patient_name: str
    plan_id: UUID
    plan_title: str
    flags: tuple[Flag, ...]

    @property
    def is_urgent(self) -> bool:
        return any(flag.is_urgent for flag in self.flags)


def list_flagged_plans(therapist_id: UUID, today: date) -> tuple[FlaggedPlan, ...]:
    """The plans of this therapist's patients in treatment, what is urgent first."""
    return _grouped(_list_open({"therapist_id": therapist_id, "today": today}))


@dataclass(frozen=True)
class Unanswered:
    """How many plans of a therapist's patients hold an older text of an exercise."""

    exercise_id: UUID
    exercise: str
    weight: str
    therapist: str
    plans: int

    @property
    def is_urgent(self) -> bool:
        return self.weight in URGENT


def count_unanswered(today: date) -> tuple[Unanswered, ...]:
    """For whoever keeps the catalogue: by exercise and therapist, and no patient's name."""
    rows = db.session.execute(COUNTS, {"today": today}).all()
    newest = select(ExerciseRevision).where(ExerciseRevision.id.in_({row[0] for row in rows}))
    texts = {one.id: one for one in db.session.scalars(newest)} if rows else {}
    lines = (
        Unanswered(
            texts[newest_id].exercise_id,
            texts[newest_id].text.title,
            Grade.SAFETY if for_safety else Grade.WORDING,
            therapist or "",
            plans,
        )
        for newest_id, therapist, for_safety, plans in rows
    )
    return tuple(sorted(lines, key=lambda one: (not one.is_urgent, one.exercise, one.therapist)))


def _grouped(flags: Iterable[Flag]) -> tuple[FlaggedPlan, ...]:
    by_plan = sorted(flags, key=lambda flag: (flag.plan_id, not flag.is_urgent, flag.exercise))
    plans = []
    for _plan_id, group in groupby(by_plan, key=lambda flag: flag.plan_id):
        some = tuple(dict.fromkeys(group))
        one = some[0]
        plans.append(
            FlaggedPlan(one.patient_id, one.patient_name, one.plan_id, one.plan_title, some)
        )
    return tuple(sorted(plans, key=lambda plan: (not plan.is_urgent, plan.patient_name)))


def _list_open(values: Mapping[str, object]) -> Iterable[Flag]:
    """What is flagged and has no answer."""
    for skip in count(0, AT_ONCE):
        rows = read_rows(OF_THERAPIST, {**values, "most": AT_ONCE, "skip": skip})
        yield from (Flag(*row) for row in rows)
        if len(rows) < AT_ONCE:
            return
