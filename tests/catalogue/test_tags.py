"""Goals, and one tag put on many exercises at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.catalogue import service
from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import Goal
from app.catalogue.tagging import MAX_TAGGED
from app.database import db
from tests.catalogue.conftest import Visit
from tests.catalogue.seeds import ORDER
from tests.catalogue.support import NEW, OPERATOR, audited, count, id_of, text_of, typed
from tests.catalogue.test_rules import TEXT
from tests.factories import Cast
from tests.support import NOON
from tests.visitor import Visitor

TAGS = "/catalogue/tags"


def tick(app: Flask, *slugs: str) -> list[str]:
    return [str(id_of(app, slug)) for slug in slugs]


def tag(ada: Visitor, app: Flask, *slugs: str, expect: int = 200, **typed: Any) -> None:
    values = {"facet": "area", "value": "spine", "exercises": tick(app, *slugs)} | typed
    ada.submit(values.pop("do", "Add the tag"), expect=expect, **values)


def numbers(app: Flask) -> dict[str, int]:
    slugs = ("midback-stretch", "shoulder-rolls", "wall-push-up")
    return {slug: text_of(app, f"/{id_of(app, slug)}")[0] for slug in slugs}


# Goals


def test_an_exercise_says_what_it_is_for_and_is_found_by_it(
    app: Flask, ada: Visitor, theo: Visitor
) -> None:
    ada.open("/catalogue/new").submit("do=publish", **NEW, goals=["posture", "mobility"])
    assert text_of(app, ada.path)[1].goals == (Goal.MOBILITY, Goal.POSTURE)
    assert "Goals Mobility, Posture" in theo.open(ada.path).text
    ada.follow("Edit").submit("do=publish", goals=["posture"])
    theo.open("/catalogue").submit("Search", goal="posture")
    assert [a.get_text() for a in theo.page.select("a.row-title")] == ["Chin tuck"]
    theo.open("/catalogue?q=posture")
    assert "Chin tuck" in theo.text
    ada.follow("All revisions")
    assert "Goals Old: Mobility" in ada.text


def test_a_goal_that_nobody_knows_is_refused(app: Flask, ada: Visitor) -> None:
    ada.open("/catalogue/new")
    ada.send("/catalogue/new", typed(ada) | NEW | {"goals": "fame", "do": "publish"}, expect=422)
    assert len(ada.errors) == 1


# Many at once


def test_one_tag_is_put_on_many_exercises_with_a_revision_each(
    app: Flask, ada: Visitor, theo: Visitor
) -> None:
    ada.open("/catalogue?q=shoulder").follow("Tag many of these")
    assert ada.value_of("q") == "shoulder"
    ada.open(TAGS)
    tag(ada, app, "midback-stretch", "wall-push-up", value=" Spine ")
    assert "2 exercises are changed." in ada.text
    assert not ada.page.select("[name=exercises][checked]")
    assert numbers(app) == {"midback-stretch": 2, "shoulder-rolls": 1, "wall-push-up": 2}
    theo.open("/catalogue").submit("Search", area="spine")
    assert len(theo.page.select("a.row-title")) == 2
    with app.app_context():
        assert [row.changed for row in audited("revise-exercise")] == [["body_areas"]] * 2

    ada.open(TAGS)
    tag(ada, app, "midback-stretch", "shoulder-rolls", value="SPINE")
    assert "1 exercise is changed. 1 was so already." in ada.text
    ada.open(TAGS)
    tag(ada, app, "midback-stretch", "shoulder-rolls", "wall-push-up", do="Take the tag off")
    assert "3 exercises are changed." in ada.text
    with app.app_context():
        shelf = service.list_exercises_by_slug(list(numbers(app)))
        assert not any("spine" in map(str.lower, one.text.body_areas) for one in shelf)


def test_many_are_changed_in_the_order_in_which_an_approval_locks_them(
    app: Flask, ada: Visitor
) -> None:
    """In any other order, each of the two could wait for what the other holds."""
    ada.open(TAGS)
    tag(ada, app, *ORDER)
    with app.app_context():
        changed = [row.object_id for row in audited("revise-exercise") if row.object_id]
    assert len(changed) == len(ORDER)
    assert changed == sorted(changed)


@pytest.mark.parametrize(
    ("facet", "value", "part", "held"),
    [
        ("equipment", "mat", "equipment", "mat"),
        ("goal", "Relaxation", "goals", Goal.RELAXATION),
        ("goal", "balance", "goals", Goal.BALANCE),
    ],
)
def test_every_kind_of_tag_goes_where_it_belongs(
    app: Flask, ada: Visitor, facet: str, value: str, part: str, held: str
) -> None:
    ada.open(TAGS)
    tag(ada, app, "wall-push-up", facet=facet, value=value)
    assert held in getattr(text_of(app, f"/{id_of(app, 'wall-push-up')}")[1], part)


def test_the_last_body_area_stays_and_is_named(app: Flask, ada: Visitor) -> None:
    with app.app_context():
        service.publish_exercise(None, TEXT, by=OPERATOR, now=NOON)
        db.session.commit()
    ada.open(TAGS)
    slugs = ("chin-tuck", "lower-neck-and-upper-back-stretch")
    tag(ada, app, *slugs, value="neck", do="Take the tag off")
    assert "1 exercise is changed." in ada.text
    assert "Left as they are, because something would be missing: Chin tuck." in ada.text


def test_what_is_wrong_is_said_and_the_ticks_stay(app: Flask, ada: Visitor) -> None:
    ada.open(TAGS)
    tag(ada, app, "wall-push-up", value=" ", expect=422)
    assert ada.errors == ["Write the tag."]
    assert len(ada.page.select("[name=exercises][checked]")) == 1
    ada.submit("do=add", facet="goal", value="fame", expect=422)
    assert ada.errors == ["Choose one of the goals in the list."]
    ada.open(TAGS).submit("do=add", value="neck", expect=422)
    assert ada.errors == [f"Tick at least one exercise, and at most {MAX_TAGGED}."]
    sly = {"csrf_token": ada.csrf_token, "facet": "area", "value": "neck", "do": "add"}
    for strange in ("x", "²", "\0", str(OPERATOR)):
        ada.send(TAGS, sly | {"exercises": strange}, expect=422)
    assert count(app, ExerciseRevision) == 6


def test_all_that_are_shown_can_be_ticked_and_an_open_editor_meets_the_change(
    app: Flask, visit: Visit, cast: Cast, ada: Visitor, midback: str
) -> None:
    editor = visit(cast.ada).open(f"{midback}/edit")
    ada.open(f"{TAGS}?kind=stretch").follow("Tick all that are shown")
    ada.submit("Add the tag", value="spine")
    assert "2 exercises are changed." in ada.text
    editor.submit("do=publish", expect=409, purpose="Loosens your back.")
    assert "Ada published revision 2" in editor.text


def test_two_hundred_are_tagged_in_one_go(app: Flask, ada: Visitor) -> None:
    with app.app_context():
        for number in range(MAX_TAGGED + 1):
            service.publish_exercise(
                None, replace(TEXT, title=f"Nod {number}"), by=OPERATOR, now=NOON
            )
        db.session.commit()
    ada.open(f"{TAGS}?q=nod&all=1")
    assert len(ada.page.select("[name=exercises][checked]")) == MAX_TAGGED
    sent = ada.fields_of("do=add")
    sent.setlist("value", ["spine"])
    ada.send(f"{TAGS}?q=nod", sent)
    assert "200 exercises are changed." in ada.text
    ada.follow("Next page")
    assert len(ada.page.select("[name=exercises]")) == 1
