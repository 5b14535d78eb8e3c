"""Sessions: how long they last, where one is signed in, and what ends them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Account, SignIn
from app.accounts.rules import device_of, is_alive
from app.audit.models import AuditRow
from app.clock import now
from app.database import db
from app.policy import Role
from tests.factories import PASSWORD, Cast, CastMember
from tests.support import NOON, TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
STAFF, PATIENT = frozenset({Role.THERAPIST}), frozenset({Role.PATIENT})


@pytest.mark.parametrize(
    ("roles", "own_device", "idle", "age", "alive"),
    [
        (STAFF, False, timedelta(minutes=29), timedelta(hours=11), True),
        (STAFF, False, timedelta(minutes=30), timedelta(hours=1), False),
        (STAFF, False, timedelta(minutes=1), timedelta(hours=12), False),
        (STAFF, True, timedelta(minutes=30), timedelta(hours=1), False),
        (STAFF | PATIENT, True, timedelta(minutes=30), timedelta(hours=1), False),
        (PATIENT, False, timedelta(hours=11), timedelta(days=29), True),
        (PATIENT, False, timedelta(hours=12), timedelta(days=1), False),
        (PATIENT, True, timedelta(days=29), timedelta(days=29), True),
        (PATIENT, True, timedelta(minutes=1), timedelta(days=30), False),
    ],
)
def test_how_long_a_session_lives(
    roles: frozenset[Role], own_device: bool, idle: timedelta, age: timedelta, alive: bool
) -> None:
    found = is_alive(roles, NOON - age, NOON - idle, NOON, own_device=own_device)
    assert found == alive


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (CHROME, ("Chrome", "Android")),
        (IPHONE, ("Safari", "iPhone")),
        (f"{CHROME} Edg/138.0.0.0", ("Edge", "Android")),
        ("curl/8", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_has_a_name(user_agent: str, words: tuple[str, str]) -> None:
    assert device_of(user_agent) == words


def sign_in(app: Flask, email: str, agent: str, **typed: Any) -> Visitor:
    page = Visitor(app)
    page.client.environ_base["HTTP_USER_AGENT"] = agent
    return page.open("/sign-in").submit("Sign in", email=email, password=PASSWORD, **typed)


def devices(page: Visitor) -> list[str]:
    rows = page.open("/account").page.select("#devices .row-title")
    return [row.get_text() for row in rows]


def test_a_person_sees_their_devices_and_signs_one_or_all_others_out(
    app: Flask, cast: Cast, clock: TestClock
) -> None:
    pages = []
    for agent in (FIREFOX, CHROME, IPHONE):
        pages.append(sign_in(app, cast.pia.email, agent))
        clock.move(minutes=1)
    firefox, chrome, iphone = pages
    assert set(devices(firefox)) == {"Firefox on Windows", "Chrome on Android", "Safari on iPhone"}
    assert [tag.get_text() for tag in firefox.page.select("#devices .badge")] == ["this device"]
    firefox.submit("Sign out: Chrome on Android")
    assert "1 device is signed out." in firefox.text
    assert chrome.open("/today").path.startswith("/sign-in")
    firefox.submit("Sign out of all other devices")
    assert iphone.open("/today").path.startswith("/sign-in")
    assert devices(firefox) == ["Firefox on Windows"]


def test_nobody_signs_out_a_stranger_nor_this_device(
    visit: Visit, cast: Cast, in_app: InApp
) -> None:
    pia, theo = visit(cast.pia).open("/account"), visit(cast.theo).open("/account")
    with in_app():
        ids = list(db.session.scalars(select(SignIn.id)))
    for which in ids:
        fields = {"csrf_token": pia.csrf_token, "do": f"end:{which}"}
        pia.send("/account/sessions", fields, expect=303)
    assert theo.open("/account").path == "/account"
    assert pia.open("/account").path == "/account"
    for do in ("end", "end:", "end:x", "nonsense"):
        status = 404 if do.startswith("end") else 400
        fields = {"csrf_token": pia.open("/account").csrf_token, "do": do}
        pia.send("/account/sessions", fields, expect=status)


def test_a_patients_own_device_stays_signed_in_for_a_month(
    app: Flask, cast: Cast, clock: TestClock
) -> None:
    own = sign_in(app, cast.pia.email, IPHONE, own_device="y")
    cookie = own.client.get_cookie("homestretch")
    assert cookie is not None
    assert cookie.expires is not None, "it outlives the browser"
    library = sign_in(app, cast.pia.email, FIREFOX)
    cookie = library.client.get_cookie("homestretch")
    assert cookie is not None
    assert cookie.expires is None
    clock.move(days=20)
    assert own.open("/today").path == "/today"
    assert library.open("/today").path.startswith("/sign-in")
    assert devices(own) == ["Safari on iPhone"]
    clock.move(days=10)
    assert own.open("/today").path.startswith("/sign-in")


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.ada)


def last_audit(in_app: InApp) -> AuditRow:
    with in_app():
        return db.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)).one()


def test_a_disabled_account_is_out_at_once_and_comes_back_without_its_sessions(
    ada: Visitor, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    theo, page = visit(cast.theo).open("/patients"), f"/people/{cast.theo.id}"
    ada.open(page).submit("Disable the account", expect=422)
    assert ada.errors == ["Write why. It is kept with the change."]
    ada.submit("Disable the account", reason="Left the clinic")
    assert "This account is disabled" in ada.text
    row = last_audit(in_app)
    assert (row.action, row.object_id, row.reason) == (
        "disable-account", cast.theo.id, "Left the clinic",
    )  # fmt: skip
    assert theo.open("/patients").path.startswith("/sign-in")
    ada.submit("Let sign in again", reason="Is back")
    assert theo.open("/patients").path.startswith("/sign-in")
    assert not ada.page.select(".notice-warning")


def test_a_changed_role_signs_out_and_counts_at_the_next_sign_in(
    ada: Visitor, visit: Visit, cast: Cast
) -> None:
    tess = visit(cast.tess).open("/patients")
    ada.open(f"/people/{cast.tess.id}")
    ada.submit("Change the roles", roles=None, reason="x", expect=422)
    assert ada.errors == ["Choose at least one role."]
    ada.submit("Change the roles", roles="admin", reason="Keeps the catalogue now")
    assert "You are" not in ada.text
    assert "Is administrator" in ada.text
    assert tess.open("/patients").path.startswith("/sign-in")
    visit(cast.tess).open("/patients", expect=403)


def test_an_administrator_changes_nothing_about_themselves(ada: Visitor, cast: Cast) -> None:
    page = f"/people/{cast.ada.id}"
    ada.open(page)
    assert not ada.has_button("Disable the account")
    for do in ("disable", "roles"):
        fields = {"csrf_token": ada.csrf_token, "do": do, "reason": "x", "roles": "patient"}
        ada.send(page, fields, expect=422)
        assert "Another administrator has to do this for you." in ada.text


def test_of_two_administrators_one_is_always_left(
    ada: Visitor, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    with in_app():
        db.session.get_one(Account, cast.theo.id).roles = frozenset({Role.ADMIN})
        db.session.commit()
    theo = visit(cast.theo)
    for do in ("disable", "roles"):
        ada.open("/people")
        theo.open(f"/people/{cast.ada.id}")
        fields = {"csrf_token": theo.csrf_token, "do": do, "reason": "x", "roles": "patient"}
        with in_app():
            db.session.get_one(Account, cast.theo.id).password_hash = ""
            db.session.commit()
        theo.send(theo.path, fields, expect=422)
        assert "This is the only administrator who can sign in." in theo.text


def test_an_administrator_signs_somebody_out_everywhere(
    ada: Visitor, visit: Visit, cast: Cast
) -> None:
    pia = visit(cast.pia).open("/today")
    ada.open(f"/people/{cast.pia.id}").submit("Sign out everywhere", reason="Lost the phone")
    assert pia.open("/today").path.startswith("/sign-in")
    assert not ada.has_button("Sign out everywhere")


@pytest.mark.parametrize("change", [{"ended_at": None}, {"seen_at": NOON}, {"token_hash": b"x"}])
def test_a_session_that_ended_stays_ended(
    visit: Visit, cast: Cast, in_app: InApp, change: dict[str, object]
) -> None:
    visit(cast.pia).open("/today").submit("Sign out")
    with in_app():
        with pytest.raises(DBAPIError, match="never changes"):
            db.session.execute(update(SignIn).values(change))
        db.session.rollback()
        assert db.session.scalars(select(SignIn.ended_at)).all() == [now()]
