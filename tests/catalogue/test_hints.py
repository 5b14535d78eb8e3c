"""Hints while an exercise is being written: what is missing, what is hard to read."""

from __future__ import annotations

import pytest
from flask import Flask

from app.catalogue import service
from app.catalogue.forms import exercise_fields
from app.catalogue.hints import Sketch, find_hints
from app.catalogue.words import grade_of
from app.database import db
from tests.access_world import digest
from tests.catalogue.conftest import Visit
from tests.catalogue.support import NEW, typed
from tests.factories import Cast
from tests.visitor import Visitor

HARD = "Subsequently, maintaining appropriate scapular retraction throughout, continue rowing."
LONG = "Lift your arm and then your leg and then your head and then the other arm and rest."


def asked(**boxes: object) -> list[str]:
    """The boxes that a whole exercise with these changes is told of."""
    step = {"text": "Sit tall.", "picture": "ab"}
    whole = {
        "title": "Chin tuck",
        "kind": "movement",
        "goals": ["posture"],
        "purpose": "Wakes up your neck.",
        "body_areas": "neck",
        "variants": [{"position": "sitting", "steps": [step]}],
        "dose": {"repetitions": {"low": "3", "high": "5"}},
        "attribution": "We",
    }
    return [hint.box for hint in find_hints(Sketch(whole | boxes))]


def steps(*texts: str, picture: str = "ab") -> list[dict[str, object]]:
    rows = [{"text": text, "picture": picture} for text in texts]
    return [{"position": "sitting", "steps": rows}]


@pytest.mark.parametrize(
    ("changes", "boxes"),
    [
        ({}, []),
        ({"title": " ", "kind": None, "goals": []}, ["title", "kind", "goals"]),
        ({"purpose": "", "body_areas": None}, ["purpose", "body_areas"]),
        ({"variants": steps("")}, ["variants-0-steps-0-text"]),
        ({"variants": [{}]}, ["variants-0-position", "variants-0-steps-0-text"]),
        ({"variants": steps("Sit.", "Rest.", picture="")},
         ["variants-0-steps-0-text", "variants-0-steps-1-text"]),
        ({"dose": {}}, ["dose-repetitions-low"]),
        ({"dose": {"repetitions": {"low": "3", "high": ""}}}, ["dose-repetitions-low"]),
        ({"kind": "stretch"}, ["dose-hold-low"]),
        ({"attribution": ""}, ["attribution"]),
        ({"variants": steps("Sit.", HARD)}, ["purpose"]),
        ({"variants": steps("Sit.", LONG)}, ["variants-0-steps-1-text"]),
    ],
)  # fmt: skip
def test_a_hint_names_the_box_that_it_is_about(
    changes: dict[str, object], boxes: list[str]
) -> None:
    assert asked(**changes) == boxes


def test_a_sketch_has_the_grade_that_the_published_text_has(app: Flask) -> None:
    with app.app_context():
        for slug in ("midback-stretch", "shoulder-rolls", "wall-push-up"):
            text = service.list_exercises_by_slug([slug])[0].text
            assert Sketch(exercise_fields(text, 1)).grade == pytest.approx(grade_of(text))
        db.session.rollback()


def hints(visitor: Visitor) -> list[str]:
    return [a.get_text() for a in visitor.page.select("#hints a")]


def test_the_editor_says_what_is_missing_on_every_round(ada: Visitor) -> None:
    ada.open("/catalogue/new")
    assert hints(ada)[:2] == ["Write a title.", "Choose a kind."]
    ada.submit("Preview", **NEW)
    assert hints(ada) == [
        "Choose a goal: therapists search by it.",
        "Choose a picture for “Sit tall. Draw your chin…”.",
        "Say who made it.",
    ]
    assert "Reading grade: 0.0, easy to read. 3 things to look at:" in ada.text
    ada.submit("do=add:variants-0-steps", title="")
    assert hints(ada)[0] == "Write a title."


def test_the_same_hints_are_given_while_somebody_types(
    app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit")
    sent, before = typed(ada), digest(app)
    answer = ada.client.post("/catalogue/hints", data=sent | {"title": "", "attribution": ""})
    assert answer.status_code == 200
    said = answer.get_data(as_text=True)
    assert said.count("<li>") == len(hints(ada)) + 2
    assert 'href="#title"' in said
    assert "<html" not in said
    assert digest(app) == before


def test_hints_forgive_whatever_is_sent(visit: Visit, cast: Cast) -> None:
    ada = visit(cast.ada).open("/catalogue/new")
    token = {"csrf_token": ada.csrf_token}
    for strange in (
        {"variants-²-position": "x"}, {"variants-0-steps-²-text": "x"}, {"kind": "\0"},
        {"variants-99999999999-position": "x"}, {"cautions-x-sentence": "x"}, {"title": "x" * 9999},
        {"goals": "fame"}, {"dose-repetitions-low": "9" * 400},
    ):  # fmt: skip
        assert ada.client.post("/catalogue/hints", data=token | strange).status_code == 200
    assert ada.client.post("/catalogue/hints", data={"title": "x"}).status_code == 400


@pytest.mark.parametrize(
    "name", ["variants-²-position", "variants-0-steps-²-text", "cautions-²-level", "exercises-²"]
)
def test_a_row_with_no_number_is_no_row(ada: Visitor, midback: str, name: str) -> None:
    page = "/handouts/T680/edit" if "exercises" in name else f"{midback}/edit"
    ada.open(page)
    sent = {"csrf_token": ada.csrf_token, "do": "publish"}
    ada.send(page, sent | {name: "x"}, expect=422)
