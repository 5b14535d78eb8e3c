"""The exercises that a new clinic starts with: the parsers read them, facts exact, words plain."""

import json
import re

import pytest

from app.catalogue.reading import reading_grade, words_per_sentence
from app.catalogue.rules import (
    MAX_SENTENCE,
    MAX_STEPS,
    Caution,
    ExerciseText,
    Kind,
    Level,
    Position,
    Span,
    exercise_from_data,
    to_data,
)
from tests.catalogue.seeds import ORDER, SEED, load

FILES = {path.name: load(f"exercises/{path.name}") for path in (SEED / "exercises").glob("*.json")}
EXERCISES = {file["slug"]: exercise_from_data(file["text"]) for file in FILES.values()}
every_exercise = pytest.mark.parametrize("slug", ORDER)


def steps(slug: str, position: Position | None = None) -> str:
    """The steps of one variant, the first if none is named, as one lower-case text."""
    exercise = EXERCISES[slug]
    variant = exercise.variant(position) if position else exercise.variants[0]
    return " ".join(step.text for step in variant.steps).lower()


def words_of_patients(exercise: ExerciseText) -> list[str]:
    """For each variant all that a patient reads of it, a line for each piece of text."""
    around = (exercise.purpose, *(c.sentence for c in exercise.cautions), *exercise.safety_notes)
    return ["\n".join((*around, *(s.text for s in v.steps))) for v in exercise.variants]


def has_in_order(text: str, *parts: str) -> bool:
    """Whether all ``parts`` stand in ``text`` one after the other."""
    return re.search(".*?".join(map(re.escape, parts)), text, re.DOTALL) is not None


def positions(slug: str) -> tuple[Position, ...]:
    return tuple(variant.position for variant in EXERCISES[slug].variants)


# The set


def test_six_files_stand_in_the_order_of_the_handout() -> None:
    assert sorted(FILES) == [f"{number}-{slug}.json" for number, slug in enumerate(ORDER, start=1)]
    assert [FILES[name]["slug"] for name in sorted(FILES)] == list(ORDER)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_says_all_that_a_revision_says_but_what_is_drawn(name: str) -> None:
    text = FILES[name]["text"]
    said = json.loads(json.dumps(to_data(exercise_from_data(text))))
    for variant in said["variants"]:
        assert (variant.pop("film"), variant.pop("film_alt")) == (None, "")
        for step in variant["steps"]:
            assert (step.pop("picture_width"), step.pop("picture_height")) == (0, 0)
    assert said == text


@every_exercise
def test_an_exercise_names_its_purpose_body_areas_author_and_licence(slug: str) -> None:
    exercise = EXERCISES[slug]
    assert exercise.purpose
    assert exercise.body_areas
    assert exercise.attribution == "Homestretch contributors"
    assert exercise.licence == "CC BY 4.0"


@every_exercise
def test_the_sheet_gives_no_sets(slug: str) -> None:
    assert EXERCISES[slug].dose.sets is None


@every_exercise
def test_a_step_is_one_or_two_sentences(slug: str) -> None:
    for variant in EXERCISES[slug].variants:
        assert 0 < len(variant.steps) <= MAX_STEPS
        for step in variant.steps:
            assert len(re.findall(r"[.!?](?:\s|$)", step.text)) in (1, 2)
            assert step.text.endswith(".")
            assert len(step.text) <= MAX_SENTENCE


@every_exercise
def test_steps_leave_the_dose_to_the_plan(slug: str) -> None:
    """A therapist changes the dose; a number in a step would contradict it."""
    for text in words_of_patients(EXERCISES[slug]):
        assert not re.search(r"\bseconds?\b|\btimes\b|\brepeat|\bsets?\b of", text.lower())


@every_exercise
def test_a_caution_names_a_condition_that_exists(slug: str) -> None:
    known = {condition["slug"] for condition in load("conditions.json")}
    assert {caution.condition for caution in EXERCISES[slug].cautions} <= known


# Plain words


@every_exercise
def test_an_exercise_reads_at_grade_6_or_below(slug: str) -> None:
    for text in words_of_patients(EXERCISES[slug]):
        assert reading_grade(text) <= 6
        assert words_per_sentence(text) <= 15
    assert all(reading_grade(steps(slug, position)) <= 6 for position in positions(slug))


# The facts of the sheet, exercise by exercise


def test_lower_neck_and_upper_back_stretch() -> None:
    exercise = EXERCISES["lower-neck-and-upper-back-stretch"]
    assert exercise.title == "Lower neck and upper back stretch"
    assert exercise.kind is Kind.STRETCH
    assert exercise.dose.hold == Span(15, 30)
    assert exercise.dose.repetitions == Span(2, 4)
    assert not any((exercise.equipment, exercise.cautions, exercise.safety_notes))
    assert has_in_order(
        steps("lower-neck-and-upper-back-stretch"),
        "arms out in front", "one hand over the other", "clasp",
        "reach forward gently", "shoulder blades draw apart",
        "gently bend your head forward",
    )  # fmt: skip


def test_midback_stretch() -> None:
    exercise = EXERCISES["midback-stretch"]
    assert exercise.title == "Midback stretch"
    assert exercise.kind is Kind.STRETCH
    assert positions("midback-stretch") == (Position.KNEELING,)
    assert exercise.dose.hold == Span(15, 30)
    assert exercise.dose.repetitions == Span(2, 4)
    assert not any((exercise.equipment, exercise.safety_notes))
    assert has_in_order(
        steps("midback-stretch"),
        "knees on the floor", "sit back on your ankles",
        "lean forward", "palms are on the floor", "arms long in front", "head resting between",
        "press your chest gently toward the floor", "reach as far as you can",
    )  # fmt: skip


def test_midback_stretch_is_not_to_be_done_with_knee_pain() -> None:
    assert EXERCISES["midback-stretch"].cautions == (
        Caution(
            "knee-pain", Level.CONTRAINDICATION, "Do not do this stretch if you have knee pain."
        ),
    )


def test_shoulder_rolls() -> None:
    exercise = EXERCISES["shoulder-rolls"]
    assert exercise.title == "Shoulder rolls"
    assert exercise.kind is Kind.MOVEMENT
    assert exercise.dose.hold is None
    assert exercise.dose.repetitions == Span(2, 4)
    assert not any((exercise.equipment, exercise.cautions, exercise.safety_notes))
    for position in Position.SITTING, Position.STANDING:
        assert has_in_order(
            steps("shoulder-rolls", position), "up toward", "back", "down", "one smooth circle"
        )


def test_shoulder_rolls_are_done_sitting_or_as_well_standing() -> None:
    assert positions("shoulder-rolls") == (Position.SITTING, Position.STANDING)
    assert steps("shoulder-rolls").startswith("sit with your feet as far apart as your shoulders")
    assert steps("shoulder-rolls", Position.STANDING).startswith("stand")


def test_wall_push_up() -> None:
    exercise = EXERCISES["wall-push-up"]
    assert exercise.title == "Wall push-up"
    assert exercise.kind is Kind.STRENGTH
    assert positions("wall-push-up") == (Position.STANDING,)
    assert exercise.dose.hold is None
    assert exercise.dose.repetitions == Span(8, 12)
    assert exercise.equipment == ()
    assert has_in_order(
        steps("wall-push-up"),
        "face a wall", "feet 12–24 inches (30–60 cm) away", "lean in", "hands rest on the wall",
        "slightly wider than your shoulders",
        "bend your arms to bring your body to the wall",
        "push back", "smooth and controlled",
    )  # fmt: skip


def test_who_has_pain_at_the_wall_stands_closer_to_it() -> None:
    assert EXERCISES["wall-push-up"].cautions == ()
    notes = EXERCISES["wall-push-up"].safety_notes
    assert notes == ("If it hurts, stand closer to the wall.",)


def test_resisted_shoulder_blade_squeeze() -> None:
    exercise = EXERCISES["resisted-shoulder-blade-squeeze"]
    assert exercise.title == "Resisted shoulder blade squeeze"
    assert exercise.kind is Kind.STRENGTH
    assert positions("resisted-shoulder-blade-squeeze") == (Position.SITTING, Position.STANDING)
    assert exercise.dose.hold is None
    assert exercise.dose.repetitions == Span(8, 12)
    assert exercise.equipment == ("elastic band or tubing",)
    assert not any((exercise.cautions, exercise.safety_notes))
    for position in Position.SITTING, Position.STANDING:
        assert has_in_order(
            steps("resisted-shoulder-blade-squeeze", position),
            "sit" if position is Position.SITTING else "stand",
            "band in both hands, in front", "elbows to a right angle (90 degrees)", "at your sides",
            "outward against the band", "elbows stay at your sides",
            "while your arms move, squeeze your shoulder blades together", "relax",
        )  # fmt: skip


def test_resisted_rows() -> None:
    exercise = EXERCISES["resisted-rows"]
    assert exercise.title == "Resisted rows"
    assert exercise.kind is Kind.STRENGTH
    assert exercise.dose.hold is None
    assert exercise.dose.repetitions == Span(8, 12)
    assert not any((exercise.cautions, exercise.safety_notes))
    assert has_in_order(
        steps("resisted-rows"),
        "band around something solid at waist height", "bedpost",
        "one end in each hand", "elbows at your sides", "bent to a right angle (90 degrees)",
        "pull back until your shoulder blades come together", "return",
    )  # fmt: skip


def test_rows_need_the_same_band_as_the_squeeze_and_something_solid() -> None:
    band, solid = EXERCISES["resisted-rows"].equipment
    assert (band,) == EXERCISES["resisted-shoulder-blade-squeeze"].equipment
    assert "something solid" in solid
