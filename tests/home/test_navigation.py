"""The way around: few places, the right ones for each role, the current one marked."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts.models import Account
from app.database import db
from app.home.navigation import MOST_ITEMS
from app.policy import Role
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
A, T, P = Role.ADMIN, Role.THERAPIST, Role.PATIENT


def labels(page: Visitor) -> list[str]:
    return [link.get_text() for link in page.page.select(".site-nav a")]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({P}, ["Today", "Help", "Account"]),
        ({T}, ["Patients", "Catalogue", "Handouts", "Account"]),
        ({A}, ["Catalogue", "Handouts", "People", "Account"]),
        ({A, T}, ["Patients", "Catalogue", "Handouts", "People", "Account"]),
        ({T, P}, ["Patients", "Today", "Catalogue", "Handouts", "Account"]),
        ({A, T, P}, ["Patients", "Today", "Catalogue", "People", "Account"]),
    ],
)
def test_each_role_sees_its_few_places(
    app: Flask, visit: Visit, cast: Cast, roles: set[Role], expected: list[str]
) -> None:
    with app.app_context():
        db.session.get_one(Account, cast.theo.id).roles = frozenset(roles)
        db.session.commit()
    theo = visit(cast.theo).open("/account")
    assert labels(theo) == expected
    assert len(expected) <= MOST_ITEMS
    for label in expected:
        theo.follow(label)
        assert [tag.get_text() for tag in theo.page.select("[aria-current=page]")] == [label]


def test_a_stranger_has_no_places_but_the_sign_in(visit: Visit) -> None:
    page = visit(None).open("/")
    assert labels(page) == []
    assert "Sign in" in page.tag("footer").get_text()


def test_the_place_above_a_page_is_current_too(visit: Visit, cast: Cast) -> None:
    page = visit(cast.theo).open(f"/patients/{cast.pia.patient_id}/edit")
    assert [tag.get_text() for tag in page.page.select("[aria-current=page]")] == ["Patients"]


def test_the_mark_leads_home(visit: Visit, cast: Cast) -> None:
    for member, home in ((cast.theo, "/patients"), (cast.pia, "/today"), (None, "/")):
        page = visit(member).open("/help")
        assert page.tag("a.site-name")["href"] == home


def test_a_page_of_words_asks_the_database_only_who_reads_it(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    theo, said = visit(cast.theo), []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    theo.open("/help")
    assert len(said) == 1, said


def test_every_failure_has_plain_words_a_number_and_a_way_on(visit: Visit, cast: Cast) -> None:
    theo = visit(cast.theo)
    for path, status, words in (
        ("/nowhere", 404, "We could not find this page"),
        (f"/patients/{uuid4()}", 404, "We could not find this page"),
        (f"/patients/{cast.paul.patient_id}", 404, "We could not find this page"),
        ("/people", 403, "You may not open this page"),
        ("/text-size", 405, "This page cannot do that"),
    ):
        theo.open(path, expect=status)
        assert words in theo.text
        assert "give this number:" in theo.text
        theo.follow("Go to the first page")
        assert theo.path == "/patients"


def test_too_much_at_once_is_said_in_words(visit: Visit, cast: Cast) -> None:
    theo = visit(cast.theo).open("/patients/new")
    sent = {"csrf_token": theo.csrf_token, "name": "x" * 2_000_000}
    theo.send("/patients/new", sent, expect=413)
    assert "That was too much at once" in theo.text


@pytest.mark.parametrize(
    ("who", "path", "place"),
    [("theo", "/templates", "Patients"), ("ada", "/audit", "People")],
)
def test_pages_that_belong_to_a_place_name_it_too(
    visit: Visit, cast: Cast, who: str, path: str, place: str
) -> None:
    page = visit(getattr(cast, who)).open(path)
    assert [tag.get_text() for tag in page.page.select("[aria-current=page]")] == [place]
