"""What a process keeps of exercise revisions: the same words, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask, current_app, g

from app.catalogue import kept, kept_texts
from app.catalogue.search import search_exercises
from app.catalogue.search_filters import Wanted
from app.database import db
from tests.catalogue.test_rules import TEXT
from tests.catalogue.test_service import publish, revise
from tests.statements import statements
from tests.visitor import Visitor


@pytest.fixture
def in_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/catalogue"):
        yield


@pytest.mark.usefixtures("in_context")
def test_texts_are_read_once_and_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_texts, "MOST_TEXTS", 2)
    ids = [publish(replace(TEXT, title=title)).current.id for title in ("One", "Two", "Three")]
    for id, title in zip(ids, ("One", "Two", "Three"), strict=True):
        for times in (1, 0):
            with statements() as seen:
                assert kept.texts_of([id])[id].title == title
            assert len(seen) == times
    assert len(current_app.extensions["homestretch_exercise_texts"]) <= 2
    assert kept.texts_of([uuid4()]) == {}


@pytest.mark.usefixtures("in_context")
def test_rows_are_kept_by_language_and_place_within_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "MOST_ROWS", 10)
    found = search_exercises(Wanted()).page.items
    rows = kept.exercise_rows(found)
    assert kept.exercise_rows(found) == rows
    drawn = current_app.extensions["homestretch_exercise_rows"]
    assert len(drawn) == len(found)
    g.language = "de"
    kept.exercise_rows(found[:1])
    g.language = "en"
    kept.exercise_rows(found[:1] * (kept.AT_ONCE + 1))
    assert len(drawn) == len(found) + 2
    for _time in range(20):
        kept.exercise_rows([replace(found[0], revision_id=uuid4())])
        assert len(drawn) <= 11


def test_a_row_says_the_new_text_at_once(app: Flask, theo: Visitor) -> None:
    with app.app_context():
        exercise = publish(replace(TEXT, title="Lunge <b>", equipment=("soft & red ball",)))
    assert "Lunge <b>" in theo.open("/catalogue?q=lunge").text
    assert not theo.page.select("main ul.rows b")
    with app.app_context():
        exercise = db.session.merge(exercise, load=False)
        revise(exercise, replace(TEXT, title="Lunge to the side"), based_on=1)
    assert "Lunge to the side" in theo.open("/catalogue?q=lunge").text
    assert "Lunge <b>" not in theo.text
