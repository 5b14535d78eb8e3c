"""How often a password may be tried, and that a refusal tells nothing about an account."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.accounts.limits import begin_try
from app.accounts.models import Account
from app.accounts.rules import MOST_TRIES, TRIES_WITHIN, TooManyTries, count_try
from app.clock import now
from app.config import Settings
from app.database import db
from tests.factories import PASSWORD, Cast, CastMember
from tests.support import NOON, TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
PIA = "pia@example.org"
TOO_OFTEN = "That was tried too often. Wait five minutes and try again."


def send(page: Visitor, email: str, password: str, expect: int, **options: object) -> Visitor:
    fields = {"email": email, "password": password, "csrf_token": page.csrf_token}
    return page.send("/sign-in", fields, expect=expect, **options)


def guess(page: Visitor, email: str, times: int) -> None:
    page.open("/sign-in")
    for number in range(times):
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=192.0.2.{number}"}
        send(page, email, f"guess number {number}", 422, headers=headers)


@given(st.lists(st.integers(0, 400), max_size=60))
def test_no_span_of_five_minutes_ever_holds_more_than_ten(waits: list[int]) -> None:
    at = NOON
    kept: list[float] = []
    counted: list[datetime] = []
    for wait in waits:
        at += timedelta(seconds=wait / 4)
        try:
            kept = count_try(kept, at)
            counted.append(at)
        except TooManyTries:
            assert sum(at - TRIES_WITHIN < one for one in counted) == MOST_TRIES
    for first in counted:
        assert sum(first <= one < first + TRIES_WITHIN for one in counted) <= MOST_TRIES


def test_ten_wrong_passwords_lock_whoever_guesses_wherever_they_come_from(
    visit: Visit, clock: TestClock
) -> None:
    guess(visit(None), PIA, 10)
    other = visit(None).open("/sign-in")
    send(other, " PIA@example.org ", PASSWORD, 429, headers={"X-Forwarded-For": "203.0.113.9"})
    assert other.errors == [TOO_OFTEN]
    assert other.headers["Retry-After"] == "300"
    send(other, "theo@example.org", "nonsense", 422)
    clock.move(minutes=5)
    send(other, PIA, PASSWORD, 303)


def test_a_restart_forgives_nothing(app: Flask, visit: Visit, clock: TestClock) -> None:
    guess(visit(None), PIA, MOST_TRIES)
    settings: Settings = app.extensions["homestretch_settings"]
    restarted = create_app(settings, clock)
    restarted.testing = True
    send(Visitor(restarted).open("/sign-in"), PIA, PASSWORD, 429)
    with restarted.app_context():
        db.engine.dispose()


def test_the_owner_gets_in_where_they_signed_in_before(visit: Visit) -> None:
    owner = visit(None).open("/sign-in")
    send(owner, PIA, PASSWORD, 303)
    owner.open("/today").submit("Sign out")
    guess(visit(None), PIA, MOST_TRIES)
    owner.open("/sign-in")
    send(owner, PIA, PASSWORD, 303)


def test_a_known_device_has_no_more_tries_and_is_known_for_its_people_only(visit: Visit) -> None:
    owner = visit(None).open("/sign-in")
    send(owner, PIA, PASSWORD, 303)
    owner.open("/today").submit("Sign out")
    guess(owner, PIA, MOST_TRIES)
    send(owner, PIA, PASSWORD, 429)
    guess(visit(None), "paul@example.org", MOST_TRIES)
    send(owner, "paul@example.org", PASSWORD, 429)


@pytest.mark.parametrize("change", [lambda v: v + "x", lambda v: "", lambda v: v.split(".")[0]])
def test_a_device_that_only_says_it_is_known_is_not(
    visit: Visit, change: Callable[[str], str]
) -> None:
    owner = visit(None).open("/sign-in")
    send(owner, PIA, PASSWORD, 303)
    cookie = owner.client.get_cookie("device")
    assert cookie is not None
    thief = visit(None)
    thief.client.set_cookie("device", change(cookie.value))
    guess(thief, PIA, MOST_TRIES)
    send(thief, PIA, PASSWORD, 429)


def test_what_went_well_does_not_count(visit: Visit) -> None:
    for _ in range(MOST_TRIES + 1):
        send(visit(None).open("/sign-in"), PIA, PASSWORD, 303)


def test_parallel_tries_are_counted_one_by_one(app: Flask) -> None:
    def attempt(_number: int) -> bool:
        with app.app_context():
            try:
                begin_try("sign-in", PIA, NOON)
            except TooManyTries:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == MOST_TRIES


def test_existing_absent_disabled_and_invited_people_get_one_answer(
    visit: Visit, cast: Cast, in_app: InApp
) -> None:
    """Status, body and names of headers; how long it takes, `make bench` measures."""
    with in_app():
        db.session.get_one(Account, cast.paul.id).disabled_at = now()
        db.session.get_one(Account, cast.tess.id).password_hash = ""
        db.session.commit()
    answers = set()
    for email in ("theo@example.org", "nobody@example.org", "paul@example.org", "tess@example.org"):
        page = visit(None).open("/sign-in")
        for status in [422] * MOST_TRIES + [429]:
            send(page, email, "not the password", status)
            body = str(page.page).replace(email, "").replace(page.csrf_token, "")
            answers.add((status, body, tuple(name for name, _value in page.headers)))
    assert len(answers) == 2, "one for a wrong password, one for too many of them"
