"""Values for the pure tests: one exercise text, one prescription, and days around a Monday."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from app.catalogue.rules import (
    Caution,
    DoseRange,
    ExerciseText,
    Kind,
    Position,
    Span,
    Step,
    Variant,
)
from app.plans.rules import Dose, Frequency, Prescribed, Start
from app.plans.sheet import PlanSheet, Safety, SheetItem, Told

MONDAY = date(2026, 3, 2)
INSTANT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TWICE_DAILY = Frequency(times_per_day=2, days_per_week=7)
ENOUGH = Dose(Span(8, 12), Span(15, 30), frequency=TWICE_DAILY)
SAFETY = Safety("555-0100", "911")
TOLD = Told("Riverside Clinic", "555-0100", "911", "Stop if it hurts.", "Pia", "Theo")


def text(
    title: str = "Wall push-up",
    kind: Kind = Kind.STRENGTH,
    *,
    cautions: tuple[Caution, ...] = (),
    dose: DoseRange | None = None,
    equipment: tuple[str, ...] = (),
) -> ExerciseText:
    return ExerciseText(
        title=title,
        kind=kind,
        purpose="It makes you strong.",
        body_areas=("shoulders",),
        variants=(
            Variant(Position.STANDING, (Step("Stand up."), Step("Push."))),
            Variant(Position.SITTING, (Step("Sit down."), Step("Push."))),
        ),
        dose=dose or DoseRange(Span(8, 12)),
        equipment=equipment,
        cautions=cautions,
        safety_notes=("Go slowly.",),
        attribution="Drawn by us",
    )


def prescribed(
    said: ExerciseText | None = None,
    *,
    dose: Dose = ENOUGH,
    start: Start | None = None,
    last_day: date | None = None,
    thread: UUID | None = None,
    position: Position = Position.STANDING,
    note: str = "",
) -> Prescribed:
    """A whole prescription that may start on MONDAY, unless told otherwise."""
    revision = uuid4()
    return Prescribed(
        id=uuid4(),
        thread_id=thread or uuid4(),
        exercise_id=uuid4(),
        revision_id=revision,
        current_revision_id=revision,
        text=said or text(),
        position=position,
        dose=dose,
        start=start or Start.on(MONDAY),
        last_day=last_day,
        note=note,
    )


def revised(row: Prescribed) -> Prescribed:
    """The same row after somebody edited its exercise."""
    return replace(row, current_revision_id=uuid4())


def sheet_of(
    items: tuple[SheetItem, ...], day: date = MONDAY, ended_on: date | None = None
) -> PlanSheet:
    return PlanSheet(
        plan_id=uuid4(),
        plan_code="K7Q4MX",
        revision=1,
        title="Shoulder",
        day=day,
        approved_on=MONDAY,
        told=TOLD,
        safety=SAFETY,
        items=items,
        ended_on=ended_on,
    )
