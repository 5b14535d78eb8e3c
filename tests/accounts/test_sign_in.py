"""Signing in and out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, func, select, update

from app.accounts import passwords, signing
from app.accounts.models import Account, SignIn
from app.audit.models import AuditRow
from app.clock import now
from app.database import db
from tests.factories import PASSWORD, Cast, CastMember, app_code
from tests.support import NOON, TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def stranger(visit: Visit) -> Visitor:
    return visit(None)


def sign_in(page: Visitor, email: str, password: str = PASSWORD, expect: int = 200) -> Visitor:
    return page.open("/sign-in").submit("Sign in", email=email, password=password, expect=expect)


def enter_code(page: Visitor, clock: TestClock) -> Visitor:
    """What staff do after the password."""
    return page.submit("Sign in", code=app_code(clock.instant))


def audit(in_app: InApp, action: str) -> list[AuditRow]:
    with in_app():
        rows = db.session.scalars(
            select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.seq)
        )
        return list(rows)


def test_each_role_lands_on_its_own_first_page(visit: Visit, clock: TestClock) -> None:
    assert sign_in(visit(None), "pia@example.org").path == "/today"
    for email, landing in (("theo@example.org", "/patients"), ("ada@example.org", "/catalogue")):
        page = sign_in(visit(None), email)
        assert page.path == "/sign-in/code"
        assert enter_code(page, clock).path == landing


def test_case_and_spaces_in_the_address_do_not_matter(stranger: Visitor) -> None:
    assert sign_in(stranger, " PIA@Example.org ").path == "/today"


def test_after_signing_in_one_is_where_one_wanted_to_be(
    stranger: Visitor, cast: Cast, clock: TestClock
) -> None:
    wanted = f"/patients/{cast.pia.patient_id}/conditions"
    stranger.open(wanted)
    assert stranger.path == f"/sign-in?next={wanted}"
    assert "Please sign in to see that page." in stranger.text
    stranger.submit("Sign in", email="theo@example.org", password="nonsense", expect=422)
    stranger.submit("Sign in", email="theo@example.org", password=PASSWORD)
    assert enter_code(stranger, clock).path == wanted


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out"]
)
def test_signing_in_leads_to_no_other_site(stranger: Visitor, target: str) -> None:
    stranger.open("/sign-in").submit(
        "Sign in", email="pia@example.org", password=PASSWORD, next=target
    )
    assert stranger.path == "/today"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("theo@example.org", "not the right password"),
        ("nobody@example.org", PASSWORD),
        ("theo@example.org", PASSWORD.upper()),
        ("x" * 200, "\0" * 200),
    ],
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    stranger: Visitor, email: str, password: str
) -> None:
    sign_in(stranger, email, password, expect=422)
    assert stranger.errors == [WRONG]
    assert stranger.value_of("email") == email
    assert not stranger.value_of("password")


@pytest.mark.parametrize("change", [{"disabled_at": NOON}, {"password_hash": "another"}])
def test_what_changes_while_the_slow_hash_runs_counts(
    visit: Visit, cast: Cast, in_app: InApp, change: dict[str, object]
) -> None:
    """All places where hashes are made are taken, so the sign-in waits right there."""
    page, has_begun = visit(None).open("/sign-in"), threading.Event()
    with in_app(), ExitStack() as places, ThreadPoolExecutor(1) as elsewhere:
        for _ in range(4):
            places.enter_context(passwords._at_once)
        event.listen(db.engine, "commit", lambda _connection: has_begun.set())
        typed = {"email": "pia@example.org", "password": PASSWORD}
        answer = elsewhere.submit(page.submit, "Sign in", expect=422, **typed)
        assert has_begun.wait(10), "the try is counted"
        db.session.execute(update(Account).where(Account.id == cast.pia.id).values(change))
        db.session.commit()
        places.close()
        answer.result()
    assert page.errors == [WRONG]


def test_a_disabled_person_gets_that_answer_too_and_is_signed_out_at_once(
    visit: Visit, cast: Cast, in_app: InApp
) -> None:
    theo = visit(cast.theo).open("/patients")
    with in_app():
        db.session.get_one(Account, cast.theo.id).disabled_at = now()
        db.session.commit()
    theo.open("/patients")
    assert theo.path.startswith("/sign-in")
    sign_in(theo, "theo@example.org", expect=422)
    assert theo.errors == [WRONG]


@pytest.mark.parametrize(
    ("email", "password", "sentences"),
    [
        ("", "", ["Enter your e-mail address or sign-in name.", "Enter your password."]),
        ("x" * 255, PASSWORD, ["Use at most 254 characters."]),
        ("theo@example.org", "x" * 257, ["Use at most 256 characters."]),
        ("a\0b", PASSWORD, ["This has a character that we cannot store. Type it again."]),
    ],
)
def test_wrong_input_gets_a_sentence_at_its_field(
    stranger: Visitor, email: str, password: str, sentences: list[str]
) -> None:
    sign_in(stranger, email, password, expect=422)
    assert stranger.errors == sentences


def test_every_try_is_in_the_audit(stranger: Visitor, cast: Cast, in_app: InApp) -> None:
    before = len(audit(in_app, "sign-in"))
    sign_in(stranger, "theo@example.org", "nonsense", expect=422)
    sign_in(stranger, "nobody@example.org", "nonsense", expect=422)
    sign_in(stranger, "pia@example.org")
    rows = audit(in_app, "sign-in")[before:]
    assert [(row.outcome, row.object_id) for row in rows] == [
        ("refused", cast.theo.id),
        ("refused", None),
        ("done", cast.pia.id),
    ]


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(visit: Visit, cast: Cast) -> None:
    theo = visit(cast.theo).open("/patients")
    kept = theo.client.get_cookie("homestretch")
    assert kept is not None
    theo.submit("Sign out", expect=303)
    assert theo.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert theo.location == "/"
    thief = visit(None)
    thief.client.set_cookie("homestretch", kept.value)
    assert thief.open("/patients").path.startswith("/sign-in")


@pytest.mark.parametrize("email", ["theo@example.org", "pia@example.org"])
def test_signing_in_anew_ends_the_session_that_this_browser_had(
    visit: Visit, cast: Cast, in_app: InApp, email: str
) -> None:
    tess = visit(cast.tess).open("/patients")
    fields = {"email": email, "password": PASSWORD, "csrf_token": tess.csrf_token}
    tess.send("/sign-in", fields, expect=303)
    with in_app():
        ended = select(func.count()).where(
            SignIn.account_id == cast.tess.id, SignIn.ended_at.is_not(None)
        )
        assert db.session.scalar(ended) == 1


def test_who_is_signed_in_is_not_asked_again(visit: Visit, cast: Cast) -> None:
    assert visit(cast.theo).open("/sign-in").path == "/patients"


def test_a_forgotten_browser_is_signed_out_and_one_in_use_is_not(
    visit: Visit, cast: Cast, clock: TestClock
) -> None:
    used, forgotten = visit(cast.theo), visit(cast.theo)
    for _ in range(3):
        clock.move(minutes=20)
        used.open("/patients")
        assert used.path == "/patients"
    assert forgotten.open("/patients").path.startswith("/sign-in")


def test_nobody_waits_for_the_slow_hash(
    app: Flask, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is checked outside of any transaction."""
    inside: list[bool] = []
    real = passwords.verify_password

    def watch(stored: str | None, password: str) -> bool:
        inside.append(db.session().in_transaction())
        return real(stored, password)

    monkeypatch.setattr(signing, "verify_password", watch)
    sign_in(stranger, "pia@example.org")
    sign_in(stranger.submit("Sign out"), "nobody@example.org", expect=422)
    assert inside == [False, False]


def test_a_hash_of_weaker_days_is_made_anew_at_sign_in(
    stranger: Visitor, cast: Cast, in_app: InApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords.make_hasher())
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with in_app():
        db.session.get_one(Account, cast.theo.id).password_hash = weak
        db.session.commit()
    sign_in(stranger, "theo@example.org")
    with in_app():
        kept = db.session.get_one(Account, cast.theo.id).password_hash
    assert str(kept).startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert passwords.verify_password(kept, PASSWORD)


def test_a_form_without_our_token_signs_nobody_in(stranger: Visitor) -> None:
    stranger.open("/sign-in")
    fields = stranger.fields_of("Sign in")
    fields.pop("csrf_token")
    stranger.send("/sign-in", fields, expect=400)


def test_each_session_token_is_kept_only_as_a_hash(visit: Visit, cast: Cast, in_app: InApp) -> None:
    theo = visit(cast.theo)
    with theo.client.session_transaction() as session:
        token = session["_user_id"]
    with in_app():
        hashes = db.session.scalars(select(SignIn.token_hash)).all()
    assert token.encode() not in hashes
    assert {len(kept) for kept in hashes} == {32}


@pytest.mark.parametrize("value", ["a|\u00e9", "a|b", "|", "\u00e9", ""])
def test_a_cookie_that_we_never_give_is_not_even_read(visit: Visit, cast: Cast, value: str) -> None:
    """Flask-Login knows one that signs people in again; here the session's row is all there is."""
    for page in (visit(None), visit(cast.theo)):
        page.client.set_cookie("remember_token", value)
        page.open("/help")
    assert page.open("/account").heading == "Your account"
    page.submit("Sign out")
    assert page.open("/account").path.startswith("/sign-in")
