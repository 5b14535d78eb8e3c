"""The catalogue's pages, as an admin, a therapist and everybody else find them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask

from app.audit.service import Operator
from app.catalogue import service
from app.catalogue.models import Condition
from app.database import db
from tests.catalogue.conftest import Visit
from tests.catalogue.support import count, id_of, typed
from tests.factories import Cast
from tests.support import NOON
from tests.visitor import Visitor

# Reading


def test_the_list_shows_every_exercise_with_what_it_is(theo: Visitor) -> None:
    theo.open("/catalogue")
    rows = [" ".join(row.get_text(" ").split()) for row in theo.page.select(".row")]
    assert len(rows) == 6
    assert any("Midback stretch" in row and "Stretch" in row and "Kneeling" in row for row in rows)
    assert any("Resisted rows" in row and "elastic band" in row for row in rows)


def test_only_an_admin_is_offered_to_write(theo: Visitor, ada: Visitor, midback: str) -> None:
    assert "New exercise" in ada.open("/catalogue").text
    assert "New exercise" not in theo.open("/catalogue").text
    assert "Edit" in ada.open(midback).text
    assert "Edit" not in theo.open(midback).text


def test_a_search_shows_what_it_was_for_and_what_it_found(theo: Visitor) -> None:
    theo.open("/catalogue").submit("Search", q="kneeling")
    box = theo.page.select_one("input[name=q]")
    assert box is not None
    assert box["value"] == "kneeling"
    assert [a.get_text() for a in theo.page.select("a.row-title")] == ["Midback stretch"]


@pytest.mark.parametrize("query", ["q=zebra", "q=%00", "q=%25", "q=" + "x" * 5000])
def test_a_search_without_an_answer_offers_a_way_on(theo: Visitor, query: str) -> None:
    theo.open(f"/catalogue?{query}")
    if query != "q=%00":
        theo.follow("Show all exercises")
    assert len(theo.page.select(".row")) == 6


@pytest.mark.parametrize("after", ["x", "%00", str(uuid4()), "-1"])
def test_a_page_that_is_not_there_is_no_failure(theo: Visitor, after: str) -> None:
    theo.open(f"/catalogue?after={after}")


def test_a_long_list_goes_on_on_the_next_page(app: Flask, theo: Visitor) -> None:
    with app.app_context():
        text = service.list_exercises_by_slug(["midback-stretch"])[0].text
        for number in range(25):
            service.publish_exercise(
                None, replace(text, title=f"Bow {number}"), by=Operator(), now=NOON
            )
        db.session.commit()
    theo.open("/catalogue")
    seen = [a.get_text() for a in theo.page.select("a.row-title")]
    theo.follow("Next page")
    seen += [a.get_text() for a in theo.page.select("a.row-title")]
    assert len(set(seen)) == len(seen) == 31


def test_an_exercise_reads_as_its_patients_read_it(theo: Visitor, midback: str) -> None:
    theo.open(midback)
    for words in (
        "Kneeling", "Do not do this stretch if you have knee pain.", "15 to 30 seconds",
        "2 to 4 times", "Press your chest gently toward the floor.", "with knee pain",
        "CC BY 4.0", "Revision 1", "Reading grade",
    ):  # fmt: skip
        assert words in theo.text
    assert len(theo.page.select(".step")) == 3


def test_equal_starts_stand_side_by_side(app: Flask, theo: Visitor) -> None:
    theo.open(f"/catalogue/{id_of(app, 'shoulder-rolls')}")
    assert "Sitting or standing" in theo.text
    assert [h.get_text() for h in theo.page.select(".variants h3")] == ["Sitting", "Standing"]
    assert len(theo.page.select(".step")) == 8


@pytest.mark.parametrize("tail", ["", "/edit", "/revisions"])
def test_what_is_not_in_the_catalogue_is_not_found(ada: Visitor, tail: str) -> None:
    ada.open(f"/catalogue/{uuid4()}{tail}", expect=404)
    ada.open(f"/catalogue/1{tail}", expect=404)


@pytest.mark.parametrize("page", ["", "/new", "/conditions", "/midback", "/midback/edit"])
def test_patients_and_strangers_stay_outside(
    visit: Visit, cast: Cast, midback: str, page: str
) -> None:
    address = f"/catalogue{page}".replace("/catalogue/midback", midback)
    visit(cast.pia).open(address, expect=403)
    assert "Sign in" in visit(None).open(address).title


def test_a_therapist_may_not_write(theo: Visitor, midback: str) -> None:
    for address in ("/catalogue/new", f"{midback}/edit", "/catalogue/conditions"):
        theo.open(address, expect=403)
        theo.open("/catalogue")
        theo.send(address, {"csrf_token": theo.csrf_token}, expect=403)


# Revisions and conditions


def test_revisions_say_who_when_and_what(ada: Visitor, theo: Visitor, midback: str) -> None:
    ada.open(f"{midback}/edit").submit("do=publish", title="Middle back stretch")
    theo.open(f"{midback}/revisions")
    newest, oldest = theo.page.select("main section")
    assert "March 2, 2026" in newest.get_text()
    assert "by Ada" in newest.get_text()
    assert [tag.get_text() for tag in newest.select("del, ins")] == [
        "Old: Midback",
        "New: Middle back",
    ]
    assert "The first text." in oldest.get_text()


@pytest.mark.parametrize("before", ["1", "0", "x", "-5", "9" * 40])
def test_revisions_before_any_number_are_a_page(theo: Visitor, midback: str, before: str) -> None:
    theo.open(f"{midback}/revisions?before={before}")


def test_an_admin_adds_a_condition(app: Flask, ada: Visitor) -> None:
    before = count(app, Condition)
    ada.open("/catalogue/conditions").submit("Add", name="stiff jaw")
    assert "stiff jaw is on the list now." in ada.text
    assert count(app, Condition) == before + 1


@pytest.mark.parametrize("name", ["", "x" * 81, "Knee pain", "a\0b"])
def test_a_condition_without_its_own_name_is_refused(ada: Visitor, name: str) -> None:
    ada.open("/catalogue/conditions").submit("Add", expect=422, name=name)
    assert len(ada.errors) == 1
    assert typed(ada)["name"] == name.replace("\0", "\ufffd")
