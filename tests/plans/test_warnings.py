"""Warnings: what the patient's record and the catalogue say against a prescription."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.catalogue.rules import Caution, DoseRange, Level, Span
from app.plans.checks import Elsewhere, NotApprovable, PlanWarning, check_can_approve, find_warnings
from app.plans.rules import Prescribed, Side, Start
from tests.plans.examples import ENOUGH, MONDAY, prescribed, revised, text

KNEE = {"knee-pain": "Knee pain"}
FORBIDS = Caution("knee-pain", Level.CONTRAINDICATION, "Do not do this with knee pain.")
NEEDS_CARE = replace(FORBIDS, level=Level.PRECAUTION)
RANGES = DoseRange(Span(8, 12), sets=Span(1, 3), hold=Span(15, 30))


def warnings(row: Prescribed, conditions: dict[str, str] = KNEE) -> tuple[PlanWarning, ...]:
    return find_warnings([row], conditions, "Pia")


def said(row: Prescribed, conditions: dict[str, str] = KNEE) -> list[str]:
    return [w.sentence % w.values for w in warnings(row, conditions)]


def test_a_contraindication_that_matches_warns() -> None:
    assert said(prescribed(text(cautions=(FORBIDS,)))) == [
        "Pia’s record says Knee pain. This exercise must not be done with it."
    ]


def test_a_precaution_that_matches_warns_in_its_own_words() -> None:
    assert said(prescribed(text(cautions=(NEEDS_CARE,)))) == [
        "Pia’s record says Knee pain. This exercise needs care with it."
    ]


def test_a_caution_about_something_else_is_silent() -> None:
    row = prescribed(text(cautions=(FORBIDS,)))
    assert said(row, {"hip-pain": "Hip pain"}) == []
    assert said(row, {}) == []


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"repetitions": Span(8, 13)}, "Repetitions 8–13: the catalogue says 8–12."),
        ({"repetitions": Span(7, 7)}, "Repetitions 7: the catalogue says 8–12."),
        ({"hold": Span(10, 30)}, "Hold 10–30 seconds: the catalogue says 15–30."),
        ({"sets": 4}, "Sets 4: the catalogue says 1–3."),
    ],
)
def test_a_dose_outside_the_range_warns(part: dict[str, object], sentence: str) -> None:
    row = prescribed(text(dose=RANGES), dose=replace(ENOUGH, **part))  # type: ignore[arg-type]  # a part of a dose
    assert said(row) == [sentence]


@pytest.mark.parametrize(
    "part",
    [
        {"repetitions": Span(8, 12), "hold": Span(15, 30), "sets": 3},
        {"repetitions": Span(9, 9), "hold": Span(20, 20), "sets": 1},
        {"repetitions": None, "hold": None},
    ],
)
def test_a_dose_inside_the_range_is_silent(part: dict[str, object]) -> None:
    row = prescribed(text(dose=RANGES), dose=replace(ENOUGH, **part))  # type: ignore[arg-type]  # a part of a dose
    assert said(row) == []


def test_where_the_catalogue_gives_no_range_any_number_is_as_good() -> None:
    row = prescribed(dose=replace(ENOUGH, sets=10, hold=Span(1, 300)))
    assert said(row) == []


def test_a_cause_has_a_new_version_when_the_dose_changes() -> None:
    few = prescribed(dose=replace(ENOUGH, repetitions=Span(1, 2)))
    fewer = replace(few, dose=replace(few.dose, repetitions=Span(1, 1)))
    (one,), (other,) = warnings(few), warnings(fewer)
    assert one.cause.key == other.cause.key == "dose:repetitions"
    assert one.cause.version != other.cause.version


def test_a_cause_has_a_new_version_when_the_catalogue_says_something_else() -> None:
    strict = prescribed(text(cautions=(FORBIDS,)))
    lax = replace(strict, text=text(cautions=(NEEDS_CARE,)))
    reworded = replace(strict, text=text(cautions=(replace(FORBIDS, sentence="Not with pain."),)))
    found = [warnings(row)[0].cause for row in (strict, lax, reworded)]
    assert {cause.key for cause in found} == {"condition:knee-pain"}
    assert len({cause.version for cause in found}) == 3


def test_a_cause_has_the_same_version_when_another_part_changes() -> None:
    row = prescribed(text(cautions=(FORBIDS,)))
    other = replace(row, note="Slowly", dose=replace(row.dose, sets=2))
    assert warnings(row)[0].cause == warnings(other)[0].cause


def test_a_superseded_text_warns_until_this_newest_one_is_answered() -> None:
    row = revised(prescribed())
    assert said(row) == ["The text of this exercise was changed since you added it."]
    for_safety = replace(row, changed_for_safety=True)
    assert said(for_safety) == [
        "The text of this exercise was changed for safety since you added it."
    ]
    (warning,), (other,) = warnings(row), warnings(revised(row))
    assert warning.cause.key == other.cause.key == "text"
    assert warning.cause != other.cause
    assert refusals(row, set()) == [
        (
            "Wall push-up: its text changed since you added it. "
            "Take over the new text, or write why the old one is right.",
            "reason-text",
        )
    ]


def test_an_answer_does_not_hold_for_another_exercise_of_the_thread() -> None:
    """A harder exercise with the same sentence, or the same numbers, is asked about again."""
    row = prescribed(text(cautions=(FORBIDS,)), dose=replace(ENOUGH, repetitions=Span(40, 50)))
    harder = replace(row, exercise_id=uuid4())
    assert not {w.cause for w in warnings(row)} & {w.cause for w in warnings(harder)}


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 1),
        ({"start": Start.withheld()}, 0),
        ({"start": Start.on(MONDAY + timedelta(days=9))}, 0),
        ({"start": Start.on(MONDAY + timedelta(days=8))}, 1),
        ({"dose": replace(ENOUGH, side=Side.LEFT)}, 0),
        ({"dose": replace(ENOUGH, side=Side.EACH)}, 1),
        ({"exercise_id": UUID(int=9)}, 0),
    ],
)
def test_two_of_one_exercise_on_the_same_days_warn_once(
    change: dict[str, object], count: int
) -> None:
    right = replace(ENOUGH, side=Side.RIGHT)
    first = prescribed(dose=right, last_day=MONDAY + timedelta(days=8), thread=UUID(int=1))
    other = replace(first, id=uuid4(), thread_id=UUID(int=2), last_day=None, **change)  # type: ignore[arg-type]  # parts of a row
    found = find_warnings([first, other], {}, "Pia")
    assert [w.cause.key for w in found] == ["twice"] * count
    assert all(w.prescription_id == other.id for w in found)
    assert [
        w.cause.key for w in find_warnings([first], {}, "Pia", [Elsewhere(uuid4(), other, "Hip")])
    ] == ["elsewhere"] * count


def refusals(row: Prescribed, answered: set[object]) -> list[tuple[str, str]]:
    try:
        check_can_approve(
            (row,),
            today=MONDAY,
            carried=frozenset(),
            warnings=warnings(row),
            answered=answered,  # type: ignore[arg-type]  # also what is no answer at all
        )
    except NotApprovable as refusal:
        return [(str(problem), problem.field) for problem in refusal.problems]
    return []


def test_an_unanswered_warning_refuses_approval_at_its_own_box() -> None:
    row = prescribed(text(cautions=(FORBIDS,)))
    assert refusals(row, set()) == [
        (
            "Wall push-up: remove it, or write why it is right for this patient.",
            "reason-condition:knee-pain",
        )
    ]


def test_an_answered_warning_does_not() -> None:
    row = prescribed(text(cautions=(FORBIDS,)))
    (warning,) = warnings(row)
    assert refusals(row, {(row.thread_id, warning.cause)}) == []


def test_an_answer_to_another_version_or_thread_is_none() -> None:
    row = prescribed(text(cautions=(FORBIDS,)))
    (warning,) = warnings(row)
    older = replace(warning.cause, version="older")
    assert refusals(row, {(row.thread_id, older), (row.id, warning.cause)})
