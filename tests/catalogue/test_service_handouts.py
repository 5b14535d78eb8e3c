"""Handouts, conditions and what a new clinic starts with, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask

from app.catalogue import service
from app.catalogue.models import HandoutRevision
from app.catalogue.revisions import HANDOUTS
from app.catalogue.rules import HandoutText
from app.catalogue.seeding import seed_catalogue
from app.config import ROOT
from app.database import db
from app.errors import Conflict, RuleBroken
from tests.catalogue.support import OPERATOR, audited
from tests.catalogue.test_rules import HANDOUT
from tests.support import NOON


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


# Handouts


def handout_text(**changes: object) -> HandoutText:
    return replace(HANDOUT, exercises=("wall-push-up",), **changes)  # type: ignore[arg-type]  # changes are fields of HandoutText


@pytest.mark.parametrize("typed", ["T680", "t-680", " t 680 "])
def test_a_handout_is_found_by_its_code(typed: str) -> None:
    handout = service.find_handout(typed)
    assert handout is not None
    assert len(handout.text.exercises) == 6


@pytest.mark.parametrize("typed", ["", "T68O", "\0", "x" * 1000])
def test_an_unknown_code_finds_nothing(typed: str) -> None:
    assert service.find_handout(typed) is None


def test_a_handout_is_revised_like_an_exercise() -> None:
    handout = service.publish_handout("n-100", handout_text(), by=OPERATOR, now=NOON)
    assert handout.code == "N100"
    revision = service.revise_handout(
        handout, handout_text(title="My neck"), based_on=1, by=OPERATOR, now=NOON
    )
    assert isinstance(revision, HandoutRevision)
    assert revision.number == 2
    with pytest.raises(Conflict):
        service.revise_handout(handout, handout_text(), based_on=1, by=OPERATOR, now=NOON)
    db.session.commit()
    assert [row.changed for row in audited("revise-handout")] == [["title"]]
    assert [one.number for one in HANDOUTS.list_published(handout)] == [2, 1]
    assert [one.code for one in service.list_handouts()] == ["N100", "T680"]


def test_a_taken_code_is_refused() -> None:
    for code in ("t-680", "", "--"):
        with pytest.raises(RuleBroken):
            service.publish_handout(code, handout_text(), by=OPERATOR, now=NOON)


def test_a_handout_lists_only_what_is_in_the_catalogue() -> None:
    with pytest.raises(RuleBroken):
        service.publish_handout("N100", HANDOUT, by=OPERATOR, now=NOON)


# Conditions


def test_a_condition_is_added_once() -> None:
    id = uuid4()
    for _click in range(2):
        added = service.add_condition(" Stiff  jaw ", by=OPERATOR, now=NOON, id=id)
        db.session.commit()
        assert (added.id, added.name, added.slug) == (id, "Stiff jaw", "stiff-jaw")
    assert len([row for row in audited("add-condition") if row.object_id == id]) == 1
    assert id in [condition.id for condition in service.list_conditions()]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "KNEE pain"])
def test_a_condition_needs_a_name_of_its_own(name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        service.add_condition(name, by=OPERATOR, now=NOON)
    assert refused.value.field == "name"


def test_conditions_are_in_the_order_of_their_names() -> None:
    names = [condition.name_key for condition in service.list_conditions()]
    assert names == sorted(names)
    assert "knee pain" in names


# Seeding


def test_seeding_again_changes_nothing() -> None:
    exercise = service.list_exercises_by_slug(["midback-stretch"])[0]
    ours = replace(exercise.text, title="Our midback stretch")
    service.revise_exercise(exercise, ours, based_on=1, by=OPERATOR, now=NOON)
    db.session.commit()
    assert seed_catalogue(ROOT / "seed_data", by=OPERATOR, now=NOON) == 0
    assert service.list_exercises_by_slug(["midback-stretch"])[0].text == ours
