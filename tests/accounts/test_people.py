"""One's own account, and the admin's list of people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.accounts.models import Account
from app.database import db
from app.policy import Role
from app.text import search_key
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.ada)


def names(page: Visitor) -> list[str]:
    return [tag.get_text() for tag in page.page.select(".row-title")]


def test_everybody_finds_their_own_account_and_the_way_out(visit: Visit, cast: Cast) -> None:
    for member, role in (
        (cast.ada, "administrator"),
        (cast.theo, "therapist"),
        (cast.pia, "patient"),
    ):
        page = visit(member).open("/account")
        assert f"Name {member.name} E-mail address {member.email} You are {role}" in page.text
        page.submit("Sign out of this device")
        assert page.path == "/"


def test_people_are_listed_by_name_with_address_and_roles(ada: Visitor) -> None:
    ada.open("/people")
    assert names(ada) == ["Ada", "Paul", "Pia", "Tess", "Theo"]
    assert "theo@example.org" in ada.text
    ada.follow("Theo")
    assert "Signs in as theo@example.org Is therapist" in ada.text


def test_the_list_goes_on_page_by_page(ada: Visitor, in_app: InApp) -> None:
    with in_app():
        for number in range(30):
            name = f"Person {number:02}"
            account = Account(
                id=uuid4(),
                email=f"{number}@example.org",
                name=name,
                name_key=search_key(name),
                password_hash="-",
                roles=frozenset({Role.PATIENT}),
                created_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
            db.session.add(account)
        db.session.commit()
    first = names(ada.open("/people"))
    second = names(ada.follow("Next page"))
    assert (len(first), len(second)) == (25, 10)
    assert first + second == sorted(first + second)


@pytest.mark.parametrize("words", ["the", "THEO", "theo@example.org", " Theo@Example.org "])
def test_a_person_is_found_by_name_or_address(ada: Visitor, words: str) -> None:
    ada.open("/people").submit("Find", words=words)
    assert names(ada) == ["Theo"]
    assert ada.path == "/people"


def test_nobody_found_is_a_fact_and_a_way_on(ada: Visitor) -> None:
    ada.open("/people").submit("Find", words="zzz")
    assert "Nobody here has this name or address." in ada.text
    ada.follow("Show everybody")
    assert len(names(ada)) == 5


def test_a_search_with_a_wrong_character_gets_a_sentence(ada: Visitor) -> None:
    ada.open("/people").submit("Find", words="a\0", expect=422)
    assert ada.errors == ["This has a character that we cannot store. Type it again."]


def test_only_an_admin_sees_the_list(visit: Visit, cast: Cast) -> None:
    visit(cast.theo).open("/people", expect=403)
    visit(cast.pia).open("/people", expect=403)
    assert visit(None).open("/people").path.startswith("/sign-in")
