"""Texts of revisions are read once and kept within bounds; what changes is told at once."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app.catalogue import kept_texts
from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import exercise_from_data
from app.catalogue.texts import find_texts
from app.database import db
from tests.catalogue.test_rules import TEXT
from tests.catalogue.test_service import publish, revise
from tests.statements import statements
from tests.visitor import Visitor


def revisions() -> list[ExerciseRevision]:
    return list(db.session.scalars(select(ExerciseRevision).order_by(ExerciseRevision.id)))


def test_a_text_is_read_once(app: Flask) -> None:
    with app.app_context():
        found = revisions()
        texts = {one.id: exercise_from_data(one.data) for one in found}
        ids = list(texts)
        with statements() as seen:
            assert find_texts(ids[:2]) == {id: texts[id] for id in ids[:2]}
            assert find_texts(ids) == texts
            assert find_texts(ids) == texts
            assert found[0].text is find_texts(ids)[ids[0]]
        assert len(seen) == 2
        assert find_texts([]) == {}
        assert find_texts([uuid4()]) == {}


def test_so_many_are_kept_and_no_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_texts, "MOST_TEXTS", 3)
    with app.app_context():
        found = revisions()
        assert len(found) > 4
        for revision in (*found, *found):
            text = exercise_from_data(revision.data)
            assert revision.text == text
            assert find_texts([revision.id]) == {revision.id: text}
            assert len(current_app.extensions["homestretch_exercise_texts"]) <= 3
        assert len(find_texts(revision.id for revision in found)) == len(found)


def test_the_catalogue_says_the_new_text_at_once(app: Flask, theo: Visitor) -> None:
    with app.app_context():
        exercise = publish(replace(TEXT, title="Lunge <b>", equipment=("soft & red ball",)))
    assert "Lunge <b>" in theo.open("/catalogue?q=lunge").text
    assert not theo.page.select("main ul.rows b")
    with app.app_context():
        exercise = db.session.merge(exercise, load=False)
        revise(exercise, replace(TEXT, title="Lunge to the side"), based_on=1)
    assert "Lunge to the side" in theo.open("/catalogue?q=lunge").text
    assert "Lunge <b>" not in theo.text
