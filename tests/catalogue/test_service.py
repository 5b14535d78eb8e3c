"""The catalogue's verbs and reads, on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue import search, service
from app.catalogue.models import Exercise, ExerciseRevision
from app.catalogue.revisions import EXERCISES
from app.catalogue.rules import Caution, ExerciseText, Level
from app.database import db
from app.errors import Conflict, RuleBroken
from tests.catalogue.support import OPERATOR, audited
from tests.catalogue.test_rules import TEXT
from tests.statements import statements
from tests.support import NOON


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def publish(text: ExerciseText = TEXT, slug: str | None = None, id: UUID | None = None) -> Exercise:
    made = service.publish_exercise(slug, text, by=OPERATOR, now=NOON, id=id)
    db.session.commit()
    return made


def revise(exercise: Exercise, text: ExerciseText, based_on: int) -> ExerciseRevision:
    made = service.revise_exercise(exercise, text, based_on=based_on, by=OPERATOR, now=NOON)
    db.session.commit()
    return made


def again(exercise: Exercise) -> Exercise:
    """The same exercise as the next request finds it."""
    db.session.expire_all()
    found = service.find_exercise(exercise.id)
    assert found is not None
    return found


# Exercises


def test_a_published_exercise_is_found_with_its_text() -> None:
    exercise = publish()
    assert exercise.slug == "chin-tuck"
    assert again(exercise).text == TEXT
    assert again(exercise).current.number == 1
    assert service.find_exercise(uuid4()) is None


def test_equal_titles_get_different_slugs() -> None:
    assert [publish().slug for _time in range(3)] == ["chin-tuck", "chin-tuck-2", "chin-tuck-3"]


@pytest.mark.parametrize("title", ["ストレッチ", "!!!", "x" * 120, "İ" * 120, "ﷺ" * 120])
def test_any_title_may_be_published(title: str) -> None:
    exercise = publish(replace(TEXT, title=title))
    assert len(exercise.slug) <= 80
    assert again(exercise).text.title == title


def test_a_slug_that_is_given_and_taken_is_refused() -> None:
    with pytest.raises(RuleBroken):
        publish(slug="midback-stretch")


def test_the_same_id_twice_makes_one_exercise() -> None:
    id = uuid4()
    assert publish(id=id).id == publish(id=id).id == id
    assert len(audited("publish-exercise")) == 6 + 1


def test_the_same_id_with_another_text_loses_neither() -> None:
    id = uuid4()
    first, second = publish(id=id), publish(replace(TEXT, title="Nod"), id=id)
    assert second.id != id
    assert again(first).text == TEXT
    assert again(second).text.title == "Nod"


def test_a_condition_that_nobody_knows_is_refused() -> None:
    strange = Caution("no-such-condition", Level.PRECAUTION, "Go slowly.")
    with pytest.raises(RuleBroken) as refused:
        publish(replace(TEXT, cautions=(*TEXT.cautions, strange)))
    assert refused.value.field == "cautions-1-condition"


def test_a_revision_follows_the_one_before_and_both_stay() -> None:
    exercise = publish()
    changed = replace(TEXT, title="Nod", purpose="Moves your neck.")
    assert revise(exercise, changed, based_on=1).number == 2
    assert again(exercise).text == changed
    first = EXERCISES.find(exercise, 1)
    assert first is not None
    assert first.text == TEXT
    assert exercise.slug == "chin-tuck"
    assert [row.changed for row in audited("revise-exercise")] == [["purpose", "title"]]


def test_the_same_wording_writes_nothing() -> None:
    exercise = publish()
    assert revise(exercise, TEXT, based_on=1).number == 1
    assert not audited("revise-exercise")


def test_a_stale_edit_is_a_conflict_with_what_stands_there() -> None:
    exercise = publish()
    revise(exercise, replace(TEXT, title="Nod"), based_on=1)
    with pytest.raises(Conflict) as conflict:
        revise(again(exercise), replace(TEXT, title="Bow"), based_on=1)
    assert isinstance(conflict.value.theirs, ExerciseRevision)
    assert conflict.value.theirs.text.title == "Nod"


def test_the_second_click_of_the_same_edit_succeeds() -> None:
    exercise, changed = publish(), replace(TEXT, title="Nod")
    first = revise(exercise, changed, based_on=1)
    assert revise(again(exercise), changed, based_on=1).id == first.id


def test_an_unfit_revision_is_refused() -> None:
    with pytest.raises(RuleBroken):
        revise(publish(), replace(TEXT, title=""), based_on=1)


def at_once(app: Flask, *deeds: Callable[[], str]) -> list[str]:
    """What each of the deeds gave; all begin at the same moment, each in its own session."""
    ready, answers = Barrier(len(deeds)), []

    def run(deed: Callable[[], str]) -> None:
        with app.app_context():
            ready.wait()
            answers.append(deed())

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_two_admins_at_once_make_one_revision_and_one_conflict(app: Flask) -> None:
    exercise = publish()
    db.session.remove()

    def edit(title: str) -> str:
        found = service.find_exercise(exercise.id)
        assert found is not None
        try:
            return f"revision {revise(found, replace(TEXT, title=title), based_on=1).number}"
        except Conflict:
            return "conflict"

    answers = at_once(app, lambda: edit("Nod"), lambda: edit("Bow"))
    assert answers == ["conflict", "revision 2"]


def test_many_copies_of_one_publication_make_one_exercise(app: Flask) -> None:
    id = uuid4()
    db.session.remove()
    assert at_once(app, *[lambda: str(publish(id=id).id)] * 8) == [str(id)] * 8
    count = select(func.count()).select_from(Exercise).where(Exercise.slug.startswith("chin"))
    assert db.session.scalar(count) == 1


def test_many_exercises_of_one_title_at_once_are_all_published(app: Flask) -> None:
    db.session.remove()
    slugs = at_once(app, *[lambda: publish().slug] * 5)
    assert len(set(slugs)) == 5


# Lists


def titles(words: str) -> list[str]:
    return [exercise.text.title for exercise in search.list_exercises(words).items]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("rows", ["Resisted rows"]),
        ("WALL push", ["Wall push-up"]),
        ("kneeling", ["Midback stretch"]),
        ("bedpost", ["Resisted rows"]),
        ("stretch neck", ["Lower neck and upper back stretch"]),
        ("strength tubing", ["Resisted rows", "Resisted shoulder blade squeeze"]),
        ("röws", ["Resisted rows"]),
        ("zebra", []),
        ("%", []),
        ("_", []),
        ("rows\0", ["Resisted rows"]),
    ],
)
def test_a_search_finds_what_has_all_its_words(words: str, found: list[str]) -> None:
    assert titles(words) == found


def test_a_search_reads_the_newest_text() -> None:
    exercise = publish()
    revise(exercise, replace(TEXT, title="Nod"), based_on=1)
    assert titles("chin tuck") == []
    assert titles("nod") == ["Nod"]


def test_the_list_is_in_the_order_of_titles_page_by_page() -> None:
    for number in range(30):
        publish(replace(TEXT, title=f"Chin tuck {number % 3}"))
    first = search.list_exercises("tuck")
    second = search.list_exercises("tuck", first.next)
    assert (len(first.items), len(second.items), second.next) == (25, 5, None)
    seen = [(e.text.title, e.id.hex) for e in (*first.items, *second.items)]
    assert len(set(seen)) == 30
    assert [title for title, _id in seen] == sorted(title for title, _id in seen)


def test_a_page_after_nothing_we_know_is_no_failure() -> None:
    assert search.list_exercises(after=uuid4()).items == ()


def test_the_list_takes_as_many_statements_however_long() -> None:
    with statements() as few:
        [exercise.text for exercise in search.list_exercises().items]
    for _time in range(20):
        publish()
    db.session.expire_all()
    with statements() as many:
        [exercise.text for exercise in search.list_exercises().items]
    reads = [[s for s in seen if s.lstrip().startswith("SELECT")] for seen in (few, many)]
    assert [len(seen) for seen in reads] == [3, 3]


def test_exercises_come_in_the_order_of_their_slugs() -> None:
    found = service.list_exercises_by_slug(["wall-push-up", "unknown", "midback-stretch"])
    assert [exercise.slug for exercise in found] == ["wall-push-up", "midback-stretch"]
