"""Nothing typed is lost when a session ends, or when a page is too old."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import copy

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.patients.models import Patient
from tests.access_world import audit_rows, last_audit_seq
from tests.factories import PASSWORD, Cast, CastMember, app_code
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
NAME = '"Maria" <Ruiz> & Co'
OURS = {"Origin": "http://localhost"}


def count(in_app: InApp) -> int:
    with in_app():
        return db.session.scalar(select(func.count()).where(Patient.name == NAME)) or 0


def sign_in_in_another_tab(page: Visitor, clock: TestClock) -> None:
    """The same browser, so the same cookies; ``page`` stays what its tab shows."""
    tab = copy(page).open("/sign-in").submit("Sign in", email="theo@example.org", password=PASSWORD)
    tab.submit("Sign in", code=app_code(clock.instant))


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_again(
    visit: Visit, cast: Cast, in_app: InApp, clock: TestClock
) -> None:
    theo = visit(cast.theo).open("/patients/new")
    clock.move(hours=1)
    theo.submit("Add patient", name=NAME, birth_date="1958-04-17", expect=401)
    assert "Nothing that you typed is lost" in theo.text
    link = theo.tag("main a[target=_blank]")
    assert link["href"] == "/sign-in"
    assert count(in_app) == 0
    sign_in_in_another_tab(theo, clock)
    theo.submit("Send it again", expect=400)  # the sign-in changed the token of every page
    assert "You were signed out" not in theo.text
    theo.submit("Send it again")
    assert theo.heading == NAME
    assert "April 17, 1958" in theo.text
    assert count(in_app) == 1


def test_sent_before_signing_in_it_is_kept_once_more(
    visit: Visit, cast: Cast, clock: TestClock
) -> None:
    theo = visit(cast.theo).open("/patients/new")
    clock.move(hours=1)
    theo.submit("Add patient", name=NAME, expect=401)
    theo.submit("Send it again", expect=401)
    assert theo.value_of("name") == NAME


def test_a_page_from_before_signing_out_and_in_again_is_sent_with_one_more_click(
    visit: Visit, cast: Cast, in_app: InApp, clock: TestClock
) -> None:
    theo = visit(cast.theo).open("/patients/new")
    old = theo.fields_of("Add patient")
    old.setlist("name", [NAME])
    theo.submit("Sign out")
    sign_in_in_another_tab(theo, clock)
    theo.send("/patients/new", old, expect=400, headers=OURS)
    assert "We have to be sure that this came from you." in theo.text
    theo.submit("Send it again")
    assert count(in_app) == 1


def test_several_values_of_one_name_and_line_ends_are_all_kept(visit: Visit, cast: Cast) -> None:
    theo = visit(cast.theo).open("/patients")
    sent = {"do": ["one", "two"], "note": "first\r\n\r\nlast"}
    theo.send("/patients/new", sent, expect=400, headers=OURS)
    kept = theo.fields_of("Send it again")
    assert kept.getlist("do") == ["one", "two"]
    assert kept["note"].replace("\r\n", "\n") == "first\n\nlast"


def test_a_password_is_never_written_into_the_page(visit: Visit) -> None:
    stranger = visit(None).open("/sign-in")
    sent = {"email": "theo@example.org", "password": PASSWORD, "csrf_token": "old"}
    stranger.send("/sign-in", sent, expect=400, headers=OURS)
    assert PASSWORD not in str(stranger.page)
    stranger.submit("Send it again", expect=422)
    assert stranger.errors == ["Enter your password."]
    assert stranger.value_of("email") == "theo@example.org"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_another_sites_words_are_not_offered_to_be_sent(
    visit: Visit, cast: Cast, origin: str
) -> None:
    theo = visit(cast.theo)
    headers = {"Origin": origin} if origin else {}
    theo.send("/patients/new", {"name": "Mallory"}, expect=400, headers=headers)
    assert "Mallory" not in str(theo.page)
    assert not theo.has_button("Send it again")


def test_a_form_that_is_of_no_page_of_ours_is_a_refusal_in_the_audit(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    theo, nobody = visit(cast.theo), visit(None)
    seen = last_audit_seq(app)
    theo.send("/patients/new", {"name": "Mallory"}, expect=400)
    for _ in range(3):  # the first is written, the others are counted
        nobody.send("/sign-in", {"email": "theo@example.org"}, expect=400)
    assert [(row.actor_id, row.action, row.outcome) for row in audit_rows(app, seen)] == [
        (cast.theo.id, "patients.new", "refused"),
        (None, "accounts.sign_in", "refused"),
    ]
    page = visit(cast.ada).open("/audit").text
    assert "the form was not of a page of this session" in page
