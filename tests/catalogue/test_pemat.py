"""The PEMAT-P checklist: its score, and what the admin fills and everybody of the staff sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue.pemat import (
    ACTIONABILITY,
    ITEMS,
    UNDERSTANDABILITY,
    Mark,
    Score,
    check_marks,
    score_of,
)
from app.catalogue.pemat_checks import PematCheck
from app.catalogue.service import list_exercises_by_slug
from app.database import db
from app.errors import RuleBroken
from tests.factories import Cast, CastMember
from tests.plans.made import revise_wall_push_up
from tests.visitor import Visitor

ALL = {item.number: Mark.AGREE for item in ITEMS}
Visit = Callable[[CastMember | None], Visitor]


def test_there_are_24_items_numbered_as_in_the_instrument() -> None:
    assert [item.number for item in ITEMS] == [*range(1, 13), *range(15, 27)]
    assert (len(UNDERSTANDABILITY), len(ACTIONABILITY)) == (17, 7)
    may_not = {item.number for item in ITEMS if item.may_not_apply}
    assert may_not == {6, 8, 9, 11, 16, 17, 18, 19, 24, 25}


def test_the_score_is_a_share_of_what_applies() -> None:
    assert score_of(ALL) == Score(100, 100)
    assert score_of(ALL | {1: Mark.DISAGREE, 20: Mark.DISAGREE}) == Score(94, 86)
    some = {24: Mark.NOT_APPLICABLE, 25: Mark.NOT_APPLICABLE, 20: Mark.DISAGREE}
    assert score_of(ALL | some).actionability == 80


@pytest.mark.parametrize("number", [1, 26])
def test_a_gap_is_refused_and_what_always_applies_applies(number: int) -> None:
    with pytest.raises(RuleBroken, match="Answer this"):
        check_marks({n: mark for n, mark in ALL.items() if n != number})
    with pytest.raises(RuleBroken, match="always applies"):
        check_marks(ALL | {number: Mark.NOT_APPLICABLE})


def test_the_admin_fills_it_for_one_revision_and_staff_see_the_score(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    with app.app_context():
        (wall,) = list_exercises_by_slug(["wall-push-up"])
        path = f"/catalogue/{wall.id}"
        db.session.rollback()
    ada, theo = visit(cast.ada), visit(cast.theo)
    ada.open(path).follow("Fill the checklist")
    marks: dict[str, Any] = {f"item-{n}": "agree" for n in ALL}
    ada.submit("Keep the checklist", expect=422, **(marks | {"item-3": []}))
    assert ada.errors == ["Answer this."]
    assert ada.tag("#item-4-0").has_attr("checked"), "nothing that was marked is lost"
    for _click in range(2):
        ada.open(f"{path}/checklist")
        ada.submit("Keep the checklist", **(marks | {"item-1": "disagree"}))
    assert "understood 94 %, acted on 100 %" in theo.open(path).text
    assert "Fill the checklist" not in theo.text
    with app.app_context():
        assert db.session.scalars(select(func.count(PematCheck.seq))).one() == 1
        revise_wall_push_up(cast.ada)
        db.session.remove()
    assert "not filled for this revision" in theo.open(path).text
    ada.open(f"{path}/checklist")
    fields = ada.fields_of("Keep the checklist")
    fields.setlist("based_on", ["1"])
    ada.send(f"{path}/checklist", {**fields.to_dict(), **marks})
    assert "A newer text was published meanwhile." in ada.text
