"""The handout that a new clinic starts with: its facts exact, its words plain."""

import json

import pytest

from app.catalogue.reading import reading_grade, words_per_sentence
from app.catalogue.rules import HandoutText, handout_from_data, normal_code, to_data
from tests.catalogue.seeds import ORDER, load

HANDOUT: HandoutText = handout_from_data(load("handouts/T680.json")["text"])
HANDOUT_TEXT = "\n".join(
    (*HANDOUT.introduction, *HANDOUT.follow_up, *HANDOUT.learn_more, *HANDOUT.owner)
)


def test_the_handout_reads_at_grade_6_or_below() -> None:
    assert reading_grade(HANDOUT_TEXT) <= 6
    assert words_per_sentence(HANDOUT_TEXT) <= 15


def test_the_handout_has_its_code_exercises_and_titles() -> None:
    file = load("handouts/T680.json")
    assert file["code"] == normal_code(file["code"]) == "T680"
    assert json.loads(json.dumps(to_data(HANDOUT))) == file["text"]
    assert HANDOUT.exercises == ORDER
    assert HANDOUT.title == HANDOUT.running_title == "Healthy upper back: exercises"


@pytest.mark.parametrize(
    ("part", "fact"),
    [
        (HANDOUT.introduction, "examples"),
        (HANDOUT.introduction, "Begin each one slowly."),
        (HANDOUT.introduction, "Ease off if it starts to hurt."),
        (HANDOUT.introduction, "Your doctor or physical therapist tells you when you may start."),
        (HANDOUT.introduction, "which ones suit you best"),
        (HANDOUT.follow_up, "part of your treatment"),
        (HANDOUT.follow_up, "Keep every appointment."),
        (HANDOUT.follow_up, "Call the clinic if there is a problem."),
        (HANDOUT.follow_up, "Know your test results."),
        (HANDOUT.follow_up, "Keep a list of your medicines."),
        (HANDOUT.learn_more, "your clinic’s Homestretch page"),
        (HANDOUT.learn_more, "Type the code T680 into the search box."),
        (HANDOUT.owner, "Homestretch contributors"),
        (HANDOUT.owner, "CC BY 4.0"),
        (HANDOUT.owner, "Use it together with your clinician."),
    ],
)
def test_the_handout_says(part: tuple[str, ...], fact: str) -> None:
    assert fact in " ".join(part)
