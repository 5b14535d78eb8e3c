"""What a search remembers: new words at once, within bounds, in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text

from app.catalogue import search, search_memory, service
from app.catalogue.models import Exercise
from app.catalogue.search_filters import Wanted
from app.catalogue.search_index import forget_exercise
from app.catalogue.search_ranking import Reading, WordSets, rank
from app.catalogue.search_shelf import Shelf
from app.catalogue.search_tables import SearchEntry, SearchWord
from app.database import db
from app.paging import PAGE_SIZE
from tests.catalogue.searching import named, titles
from tests.catalogue.support import OPERATOR
from tests.catalogue.test_rules import TEXT
from tests.catalogue.test_service import revise
from tests.statements import statements
from tests.support import NOON


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_what_was_published_revised_or_retired_is_known_at_once() -> None:
    exercise = named("Lunge")
    assert titles("lunge") == ["Lunge"]
    revise(exercise, replace(TEXT, title="Curtsy"), based_on=1)
    assert titles("lunge") == []
    assert titles("curtsy") == ["Curtsy"]
    forget_exercise(exercise)
    db.session.commit()
    assert titles("curtsy") == []
    assert not db.session.scalar(select(SearchWord).where(SearchWord.word == "curtsy"))


def test_what_was_taken_back_is_forgotten() -> None:
    service.publish_exercise(None, replace(TEXT, title="Lunge"), by=OPERATOR, now=NOON)
    assert titles("lunge") == ["Lunge"]
    db.session.rollback()
    assert titles("lunge") == []
    named("Curtsy")
    assert titles("lunge") == []
    assert titles("curtsy") == ["Curtsy"]


def test_another_process_sees_the_change_too() -> None:
    assert titles("lunge") == []
    remembered = current_app.extensions["homestretch_search"]
    named("Lunge")
    current_app.extensions["homestretch_search"] = remembered
    assert titles("lunge") == ["Lunge"]


def test_an_edit_without_a_change_forgets_nothing() -> None:
    exercise = named("Lunge")
    titles("lunge")
    remembered = current_app.extensions["homestretch_search"]
    revise(exercise, exercise.text, based_on=1)
    titles("lunge")
    assert current_app.extensions["homestretch_search"] is remembered


@pytest.mark.parametrize("typed", ["lunge", "lungge", "zzzzzz", "", "sholder stretch wall push"])
def test_a_search_takes_two_statements_at_the_most_however_long_the_list(typed: str) -> None:
    taken = []
    for _time in range(2):
        titles(typed)
        db.session.expire_all()
        remembered = current_app.extensions["homestretch_search"]
        remembered.sets.clear()
        remembered.answers.clear()
        with statements() as seen:
            titles(typed)
        taken.append(len([one for one in seen if one.lstrip().startswith("SELECT")]))
        for number in range(20):
            named(f"Lunge {number}")
    assert taken[0] <= 2  # the version, and the words that are looked up
    assert taken[1] <= 2


def test_answers_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_memory, "MAX_ANSWERS", 2)
    for typed in ("wall", "rows", "neck", "wall"):
        assert titles(typed) == titles(typed)
        assert len(current_app.extensions["homestretch_search"].answers) <= 2


def test_the_same_question_again_is_one_statement_whatever_page_is_wanted() -> None:
    for number in range(PAGE_SIZE + 1):
        named(f"Lunge {number:02}")
    first = search.search_exercises(Wanted("lunge")).page
    with statements() as seen:
        again = search.search_exercises(Wanted("lunge")).page
        assert len(seen) == 1
        rest = search.search_exercises(Wanted("lunge", after=first.next)).page
        assert len(seen) == 2  # the version again
    assert again == first
    assert [one.text.title for one in rest.items] == [f"Lunge {PAGE_SIZE:02}"]


def test_words_that_are_looked_up_are_remembered_within_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search_memory, "MAX_REMEMBERED", 6)
    for typed in ("wall", "rows", "neck stretch", "shoulder rolls", "hands on the wall"):
        assert titles(typed)
        assert len(current_app.extensions["homestretch_search"].sets) <= 12


def test_what_another_thread_empties_takes_nothing_from_a_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = titles("wall push")

    def rank_later(shelf: Shelf, reading: Reading, sets: Mapping[str, WordSets]) -> list[int]:
        remembered = current_app.extensions["homestretch_search"]
        remembered.sets.clear()
        return rank(shelf, reading, sets)

    current_app.extensions.pop("homestretch_search")
    monkeypatch.setattr(search_memory, "rank", rank_later)
    assert titles("wall push") == expected


def test_the_words_are_found_by_their_index() -> None:
    plan = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))  # of six exercises it would scan
    statement = search_memory._beginning("shoul").compile(
        db.engine, compile_kwargs={"literal_binds": True}
    )
    lines = db.session.connection().exec_driver_sql(plan + str(statement).replace("%%", "%")).all()
    said = " ".join(str(part) for line in lines for part in line).lower()
    assert "search search_words using primary key (word>? and word<?)" in said or (
        "pk_search_words" in said and "index cond" in said
    )


def test_every_exercise_has_one_entry() -> None:
    for _time in range(3):
        named("Lunge")
    entries = list(db.session.scalars(select(SearchEntry.exercise_id)))
    assert sorted(entries) == sorted(db.session.scalars(select(Exercise.id)))
