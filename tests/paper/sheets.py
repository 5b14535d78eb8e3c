"""Sheets to print: the handout's six exercises with their drawings, and far too much of all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

from app.catalogue.rules import (
    Caution,
    ExerciseText,
    Kind,
    Level,
    Position,
    Span,
    Step,
    exercise_from_data,
)
from app.config import ROOT
from app.figures import frame_file, load_scene
from app.paper.press import make_pdf
from app.plans.paper import plan_document
from app.plans.rules import Dose, Frequency, Prescribed, Start
from app.plans.sheet import PlanSheet, Safety, Told, make_items
from tests.paper.reading import Pdf

MONDAY = date(2026, 3, 2)
PLAN = UUID("0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b")
ADDRESS = f"https://clinic.example/plans/{PLAN}"
TWICE_DAILY = Frequency(times_per_day=2, days_per_week=7)
HANDOUT = json.loads((ROOT / "seed_data/handouts/T680.json").read_text(encoding="utf-8"))["text"]
TOLD = Told(
    clinic_name="Riverside Clinic",
    clinic_phone="555-0100",
    emergency_number="911",
    stop_rule="Begin each exercise slowly. If it hurts too much, stop and call the clinic.",
    patient_name="Pia Pfeffer",
    therapist_name="Theo Thaler",
    introduction=tuple(HANDOUT["introduction"]),
    follow_up=tuple(HANDOUT["follow_up"]),
    learn_more=tuple(HANDOUT["learn_more"]),
    owner=tuple(HANDOUT["owner"]),
    handout_code="T680",
)
Change = Callable[[Prescribed], Prescribed]


def unchanged(row: Prescribed) -> Prescribed:
    return row


@cache
def drawings() -> dict[str, bytes]:
    """The drawn pictures by their SHA-256."""
    found = (path.read_bytes() for path in (ROOT / "static/pictures").rglob("[0-9]*.svg"))
    return {hashlib.sha256(content).hexdigest(): content for content in found}


def picture_of(sha: str) -> tuple[str, bytes] | None:
    return ("image/svg+xml", drawings()[sha]) if sha in drawings() else None


@cache
def six_texts() -> tuple[ExerciseText, ...]:
    """The exercises of the handout, each step with its drawing."""
    paths = {path.stem[2:]: path for path in (ROOT / "seed_data/exercises").glob("*.json")}
    return tuple(
        _illustrated(slug, json.loads(paths[slug].read_text(encoding="utf-8"))["text"])
        for slug in HANDOUT["exercises"]
    )


def _illustrated(slug: str, data: dict[str, object]) -> ExerciseText:
    text = exercise_from_data(data)
    scene = load_scene(ROOT / f"seed_data/pictures/{slug}.json")

    def drawn(step: Step, number: int) -> Step:
        content = (ROOT / "static/pictures" / slug / frame_file(number)).read_bytes()
        alt = scene.frames[number - 1].alt
        return replace(
            step, picture=hashlib.sha256(content).hexdigest(), picture_alt=alt
        )  # fmt: skip

    variants = (
        replace(
            one,
            steps=tuple(
                drawn(step, number)
                for step, number in zip(one.steps, scene.variants[one.position], strict=True)
            ),
        )
        for one in text.variants
    )
    return replace(text, variants=tuple(variants))


def row(text: ExerciseText, number: int = 0) -> Prescribed:
    """May be done twice a day from MONDAY."""
    hold = Span(15, 30) if text.kind is Kind.STRETCH else None
    first, second, third, fourth, fifth = (UUID(int=number * 10 + n + 1) for n in range(5))
    return Prescribed(
        id=first,
        thread_id=second,
        exercise_id=third,
        revision_id=fourth,
        current_revision_id=fifth,
        text=text,
        position=text.variants[0].position,
        dose=Dose(text.dose.repetitions, hold, frequency=TWICE_DAILY),
        start=Start.on(MONDAY),
    )


def six(change: Change = unchanged, **told: object) -> PlanSheet:
    """The plan of six exercises."""
    rows = tuple(change(row(text, n)) for n, text in enumerate(six_texts()))
    return sheet_of(rows, **told)


def sheet_of(rows: tuple[Prescribed, ...], **told: object) -> PlanSheet:
    return PlanSheet(
        plan_id=PLAN,
        plan_code="K7Q4MX",
        revision=2,
        title="Healthy upper back: exercises",
        day=MONDAY,
        approved_on=MONDAY,
        told=replace(TOLD, **told),  # type: ignore[arg-type]  # the names of its own fields
        safety=Safety("555-0100", "911"),
        items=make_items(rows, MONDAY),
    )


def every_step(number: int, length: int, count: int) -> tuple[Step, ...]:
    """Steps of ``length`` letters that tell which they are."""
    filler = "slowly lift and lower it with care "
    return tuple(
        Step((f"Step {n} of {number}. " + filler * 20)[: length - 1].strip() + ".")
        for n in range(1, count + 1)
    )


def long_row(number: int, *, title: str, note: str, steps: tuple[Step, ...]) -> Prescribed:
    """One row that says much. ``number`` tells its words from another's."""
    text = six_texts()[number % 6]
    position = Position.STANDING
    variant = replace(text.variants[0], position=position, steps=steps)
    return replace(
        row(
            replace(
                text,
                title=title,
                variants=(variant,),
                cautions=(Caution("x", Level.PRECAUTION, f"Take care with number {number}."),),
            ),
            number,
        ),
        note=note,
    )


def print_sheet(
    sheet: PlanSheet,
    paper: str = "a4",
    *,
    large: bool = False,
    is_record: bool = False,
    pictures: Callable[[str], tuple[str, bytes] | None] = picture_of,
) -> Pdf:
    document = plan_document(
        sheet,
        address=ADDRESS,
        paper=paper,
        large=large,
        is_record=is_record,
        picture_of=pictures,
    )
    return Pdf(make_pdf(document))
