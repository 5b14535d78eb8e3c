"""Texts of revisions are asked of the database once, and never too many are remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue import texts
from app.catalogue.models import ExerciseRevision
from app.catalogue.texts import find_texts, text_of
from app.database import db
from tests.statements import statements


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def revisions() -> list[ExerciseRevision]:
    return list(db.session.scalars(select(ExerciseRevision).order_by(ExerciseRevision.id)))


def test_a_text_is_read_once() -> None:
    found = revisions()
    ids = [revision.id for revision in found]
    with statements() as seen:
        assert find_texts(ids[:2]) == {one.id: one.text for one in found[:2]}
        assert find_texts(ids) == {one.id: one.text for one in found}
        assert find_texts(ids) == {one.id: one.text for one in found}
        assert text_of(found[0]) is find_texts(ids)[ids[0]]
    assert len(seen) == 2
    assert find_texts([]) == {}


def test_so_many_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST_REMEMBERED", 3)
    found = revisions()
    assert len(found) > 4
    for revision in (*found, *found):
        assert text_of(revision) == revision.text
        assert find_texts([revision.id]) == {revision.id: revision.text}
        assert len(texts._known()) <= 3
    assert len(find_texts(revision.id for revision in found)) == len(found)
