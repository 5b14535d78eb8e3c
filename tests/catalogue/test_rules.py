"""What may be published, what changed between two texts, and the buttons of rows."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.changes import Part, Side, find_changes
from app.catalogue.checks import check_exercise, check_handout
from app.catalogue.rowclicks import Blanks, click
from app.catalogue.rules import (
    MAX_HOLD,
    MAX_LINES,
    MAX_REPETITIONS,
    MAX_SENTENCE,
    MAX_SETS,
    MAX_STEPS,
    MAX_TITLE,
    Caution,
    DoseRange,
    ExerciseText,
    HandoutText,
    Kind,
    Level,
    Position,
    Span,
    Step,
    Variant,
    exercise_from_data,
    handout_from_data,
    normal_code,
    to_data,
)
from app.errors import RuleBroken

TEXT = ExerciseText(
    title="Chin tuck",
    kind=Kind.MOVEMENT,
    purpose="Wakes up your neck.",
    body_areas=("neck",),
    variants=(Variant(Position.SITTING, (Step("Sit tall."), Step("Draw your chin back."))),),
    dose=DoseRange(Span(3, 5)),
    cautions=(Caution("neck-pain", Level.PRECAUTION, "Go slowly if your neck hurts."),),
)
HANDOUT = HandoutText(
    title="Neck",
    introduction=("Begin slowly.",),
    exercises=("chin-tuck",),
    follow_up=("Keep every appointment.",),
    learn_more=("Type the code.",),
    owner=("We wrote this.",),
)
STANDING = Variant(Position.STANDING, (Step("Stand tall."),))
LONG = "x" * (MAX_SENTENCE + 1)
CAUTION = TEXT.cautions[0]


def variants(*steps: str) -> dict[str, Any]:
    return {"variants": (Variant(Position.LYING, tuple(map(Step, steps))),)}


def dose(**parts: Any) -> dict[str, Any]:
    return {"dose": DoseRange(**{"repetitions": Span(3, 5), **parts})}


def test_a_whole_text_may_be_published() -> None:
    check_exercise(TEXT)
    check_handout(HANDOUT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * (MAX_TITLE + 1)}, "title"),
        ({"purpose": ""}, "purpose"),
        ({"body_areas": ()}, "body_areas"),
        ({"body_areas": ("neck",) * (MAX_LINES + 1)}, "body_areas"),
        ({"variants": ()}, "variants-0-position"),
        ({"variants": (STANDING, STANDING)}, "variants-1-position"),
        (variants(), "variants-0-steps-0-text"),
        (variants("Lie down.", LONG), "variants-0-steps-1-text"),
        (variants(*["Lie down."] * (MAX_STEPS + 1)), "variants-0-steps-0-text"),
        (dose(repetitions=Span(0, 5)), "dose-repetitions-low"),
        (dose(repetitions=Span(1, MAX_REPETITIONS + 1)), "dose-repetitions-low"),
        (dose(sets=Span(1, MAX_SETS + 1)), "dose-sets-low"),
        (dose(hold=Span(1, MAX_HOLD + 1)), "dose-hold-low"),
        ({"kind": Kind.STRETCH}, "dose-hold-low"),
        ({"equipment": ("x" * 81,)}, "equipment"),
        ({"cautions": (CAUTION, CAUTION)}, "cautions-1-condition"),
        ({"cautions": (replace(CAUTION, sentence=""),)}, "cautions-0-sentence"),
        ({"safety_notes": (LONG,)}, "safety_notes"),
        ({"licence": "x" * 201}, "licence"),
    ],
)
def test_an_unfit_exercise_is_refused_at_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_exercise(replace(TEXT, **changes))
    assert refused.value.field == field
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"introduction": ()}, "introduction"),
        ({"owner": (LONG,)}, "owner"),
        ({"exercises": ()}, "words"),
        ({"exercises": ("chin-tuck", "chin-tuck")}, "words"),
        ({"exercises": tuple(map(str, range(41)))}, "words"),
    ],
)
def test_an_unfit_handout_is_refused_at_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_handout(replace(HANDOUT, **changes))
    assert refused.value.field == field


def test_a_stretch_with_a_hold_may_be_published() -> None:
    check_exercise(replace(TEXT, kind=Kind.STRETCH, **dose(hold=Span(15, 30))))


def test_a_span_has_its_smaller_number_first() -> None:
    with pytest.raises(RuleBroken, match="30 is more than 15"):
        Span(30, 15)


def test_texts_survive_their_way_through_plain_data() -> None:
    assert exercise_from_data(to_data(TEXT)) == TEXT
    assert handout_from_data(to_data(HANDOUT)) == HANDOUT


@pytest.mark.parametrize("typed", ["T680", "t680", " t-680 ", "T 6 8 0", "t_680.", "Ｔ６８０"])
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert normal_code(typed) == "T680"


@given(st.text())
def test_a_code_is_short_and_plain_whatever_is_typed(typed: str) -> None:
    code = normal_code(typed)
    assert len(code) <= 32
    assert code.isascii()
    assert normal_code(code) == code


# What changed


def test_only_parts_that_differ_are_changes() -> None:
    changes = find_changes(
        [Part("Title", ("Rows",)), Part("Purpose", ("Trains your back.",))],
        [Part("Title", ("Rows",)), Part("Purpose", ("Trains your upper back.",))],
    )
    assert [change.label for change in changes] == ["Purpose"]
    assert [(piece.side, piece.words) for piece in changes[0].pieces] == [
        (Side.BOTH, "Trains your"),
        (Side.NEW, "upper"),
        (Side.BOTH, "back."),
    ]


def test_a_part_that_came_and_one_that_went_are_changes() -> None:
    changes = find_changes([Part("Sitting", ("Sit.",))], [Part("Standing", ("Stand.",))])
    assert [(change.label, change.pieces[0].side) for change in changes] == [
        ("Standing", Side.NEW),
        ("Sitting", Side.OLD),
    ]


_lines = st.lists(st.text("ab .", min_size=1).map(lambda s: " ".join(s.split())).filter(bool))


@given(_lines, _lines)
def test_each_side_of_a_change_reads_as_its_own_text(old: list[str], new: list[str]) -> None:
    for change in find_changes([Part("x", tuple(old))], [Part("x", tuple(new))]):
        for side, lines in ((Side.OLD, old), (Side.NEW, new)):
            seen = " ".join(piece.words for piece in change.seen_from(side))
            assert seen.split() == " ".join(lines).split()


# The buttons of rows

BLANKS: Blanks = {"variants": ({"steps": ["?"]}, 1, 2), "steps": ("?", 1, 3)}


def form_values() -> dict[str, Any]:
    return {"title": "Rows", "variants": [{"steps": ["a", "b"]}]}


@pytest.mark.parametrize(
    ("button", "steps", "place"),
    [
        ("add:variants-0-steps", ["a", "b", "?"], "variants-0-steps-2"),
        ("remove:variants-0-steps-0", ["b"], "variants-0-steps-0"),
        ("remove:variants-0-steps-1", ["a"], "variants-0-steps-0"),
        ("up:variants-0-steps-1", ["b", "a"], "variants-0-steps-0"),
        ("down:variants-0-steps-0", ["b", "a"], "variants-0-steps-1"),
        ("up:variants-0-steps-0", ["a", "b"], "variants-0-steps-0"),
        ("down:variants-0-steps-1", ["a", "b"], "variants-0-steps-1"),
    ],
)
def test_a_row_button_does_what_it_says(button: str, steps: list[str], place: str) -> None:
    values = form_values()
    assert click(values, button, BLANKS) == place
    assert values == {"title": "Rows", "variants": [{"steps": steps}]}


@pytest.mark.parametrize(
    "button",
    [
        "", "publish", "add:", "add:title", "add:title-0", "remove:variants-7", "remove:variants",
        "up:variants-0-steps-99", "add:variants-9-steps", "remove:variants-0-steps-x",
        "drop:variants-0", "add:variants-0-steps-0", "add:__class__", "remove:variants--1",
    ],
)  # fmt: skip
def test_a_button_that_is_none_changes_nothing(button: str) -> None:
    values = form_values()
    assert click(values, button, BLANKS) is None
    assert values == form_values()


def test_rows_stay_within_their_least_and_most() -> None:
    values = form_values()
    for _time in range(5):
        click(values, "add:variants", BLANKS)
        click(values, "add:variants-0-steps", BLANKS)
    assert len(values["variants"]) == 2
    assert values["variants"][0]["steps"] == ["a", "b", "?"]
    for _time in range(5):
        click(values, "remove:variants-0", BLANKS)
    assert values["variants"] == [{"steps": ["?"]}]


@given(st.text("adremovuptwn:sx-0123456789", max_size=40))
def test_no_button_breaks_the_form(button: str) -> None:
    values = deepcopy(form_values())
    click(values, button, BLANKS)
    assert values["title"] == "Rows"
    assert values["variants"][0]["steps"]
