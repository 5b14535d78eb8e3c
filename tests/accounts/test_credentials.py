"""A person's own password and address: changed, and set anew when forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from bs4 import BeautifulSoup
from flask import Flask

from app.accounts.models import Account
from app.clock import now
from app.config import Settings
from app.database import db
from tests.access_world import audit_rows, last_audit_seq
from tests.accounts.posted import link_of, posted, subjects
from tests.factories import PASSWORD, Cast, CastMember
from tests.statements import statements
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
NEW = "Old dogs, new tricks!"
PIA = "pia@example.org"
TAKES_TIME = re.compile(r"^(INSERT INTO|UPDATE) (links|audit|audit_heads|try_buckets)\b")
CHANGED = (PIA, "Your password was changed")


def sign_in(page: Visitor, email: str, password: str, expect: int = 200) -> Visitor:
    return page.open("/sign-in").submit("Sign in", email=email, password=password, expect=expect)


def ask(page: Visitor, email: str) -> Visitor:
    return page.open("/sign-in").follow("Password forgotten?").submit("Send me a link", email=email)


def test_a_forgotten_password_is_set_anew_and_every_device_signed_out(
    visit: Visit, cast: Cast, settings: Settings
) -> None:
    forgotten, page = visit(cast.pia).open("/today"), visit(None)
    ask(page, " PIA@example.org")
    path = link_of(posted(settings)[0], settings)
    page.open(path).submit("Change the password", password="short", again="short", expect=422)
    page.submit("Change the password", password=NEW, again=NEW)
    assert page.path == "/sign-in"
    assert "Your password is changed. Sign in with it now." in page.text
    assert forgotten.open("/today").path.startswith("/sign-in")
    sign_in(page, PIA, PASSWORD, 422)
    assert sign_in(page, PIA, NEW).path == "/today"
    visit(None).open(path, expect=404)
    assert subjects(settings)[1:] == [CHANGED]


def test_everybody_who_asks_gets_one_answer_and_only_whom_we_know_a_mail(
    visit: Visit, cast: Cast, in_app: InApp, settings: Settings
) -> None:
    with in_app():
        db.session.get_one(Account, cast.paul.id).disabled_at = now()
        db.session.get_one(Account, cast.tess.id).password_hash = ""
        db.session.commit()
    answers, work = set(), set()
    ask(visit(None), "the.first@example.org")  # begins a chain of the audit
    for name in ("pia", "nobody", "paul", "tess"):
        page = visit(None).open("/forgotten")
        with in_app(), statements() as said:
            page.submit("Send me a link", email=f"{name}@example.org")
        headers = tuple(header for header, _value in page.headers)
        answers.add((page.path, page.text, headers))
        work.add(tuple(sorted(s for s in said if TAKES_TIME.search(s))))
    assert len(answers) == 1
    assert len(work) == 1, "a link and its row in the audit, kept or not"
    assert [to for to, _subject in subjects(settings)] == [PIA]


def test_asking_too_often_sends_no_more_mail_and_is_not_seen(
    visit: Visit, settings: Settings
) -> None:
    said = {ask(visit(None), PIA).text for _ in range(12)}
    assert len(said) == 1
    assert len(posted(settings)) == 10


def test_a_link_for_a_new_password_works_for_an_hour_and_the_newest_only(
    visit: Visit, settings: Settings, clock: TestClock
) -> None:
    ask(visit(None), PIA)
    ask(visit(None), PIA)
    first, second = (link_of(mail, settings) for mail in posted(settings))
    visit(None).open(first, expect=404)
    clock.move(minutes=59)
    visit(None).open(second)
    clock.move(minutes=1)
    visit(None).open(second, expect=404)


def test_a_changed_password_signs_every_other_device_out_and_is_told(
    visit: Visit, cast: Cast, settings: Settings
) -> None:
    other, page = visit(cast.pia).open("/today"), visit(cast.pia)
    kept = page.client.get_cookie("homestretch")
    page.open("/account").follow("Change the password")
    page.submit("Change the password", password=NEW, again=NEW + "!", expect=422)
    page.submit("Change the password", password=NEW, again=NEW)
    assert "Your password is changed. Every other device is signed out." in page.text
    assert other.open("/today").path.startswith("/sign-in")
    assert page.open("/today").path == "/today"
    assert kept is not None
    thief = visit(None)
    thief.client.set_cookie("homestretch", kept.value)
    assert thief.open("/today").path.startswith("/sign-in")
    assert subjects(settings) == [CHANGED]


def test_whoever_signed_in_a_while_ago_is_asked_again_and_led_back(
    visit: Visit, cast: Cast, clock: TestClock
) -> None:
    page = visit(cast.pia)
    clock.move(minutes=11)
    page.open("/account").follow("Change the password")
    assert page.path == "/account/confirm?next=/account/password"
    page.submit("Go on", password=NEW, expect=422)
    assert page.errors == ["This is not your password."]
    page.submit("Go on", password=PASSWORD)
    assert page.path == "/account/password"
    clock.move(minutes=29)
    page.submit("Change the password", password="x", again="x", expect=422)
    clock.move(minutes=1)
    page.submit("Change the password", password=NEW, again=NEW)
    assert page.path.startswith("/account/confirm")


def test_a_stolen_session_guesses_no_password(
    app: Flask, visit: Visit, cast: Cast, clock: TestClock
) -> None:
    page, seen = visit(cast.pia), last_audit_seq(app)
    clock.move(minutes=11)
    page.open("/account/confirm")
    for _ in range(10):
        page.submit("Go on", password="a guess", expect=422)
    page.submit("Go on", password=PASSWORD, expect=422)
    assert page.errors == ["That was tried too often. Wait five minutes and try again."]
    rows = audit_rows(app, seen)
    assert [row.actor_id for row in rows] == [cast.pia.id] * 11, "the session that guessed"
    assert sign_in(visit(None), PIA, PASSWORD).path == "/today"


def test_a_new_address_counts_when_it_says_yes_and_the_old_one_is_told(
    visit: Visit, cast: Cast, settings: Settings
) -> None:
    page = visit(cast.pia).open("/account").follow("Change the e-mail address")
    page.submit("Send the link", email="pia.new@example.org")
    assert "We sent a mail to pia.new@example.org." in page.text
    assert f"E-mail address {PIA}" in page.text
    path = link_of(posted(settings)[0], settings)
    for _ in range(2):
        other = visit(None).open(path)
    other.submit("Yes, use this address")
    assert subjects(settings) == [
        ("pia.new@example.org", "Is this your new e-mail address?"),
        (PIA, "Your e-mail address was changed"),
    ]
    visit(None).open(path, expect=404)
    sign_in(visit(None), PIA, PASSWORD, 422)
    assert sign_in(visit(None), "pia.new@example.org", PASSWORD).path == "/today"


def test_somebody_elses_address_is_not_given_away_nor_told(
    visit: Visit, cast: Cast, settings: Settings
) -> None:
    page = visit(cast.pia).open("/account/email")
    page.submit("Send the link", email="theo@example.org")
    assert "We sent a mail to theo@example.org. Open the link in it." in page.text
    assert subjects(settings) == [("theo@example.org", "This address is in use already")]
    assert "http" not in posted(settings)[0].get_content()


def test_nobody_sends_mails_to_strangers_without_end(
    visit: Visit, cast: Cast, settings: Settings, clock: TestClock, app: Flask
) -> None:
    """Ten in five minutes, as with passwords; whoever is signed in may write to any address."""
    page = visit(cast.pia)
    for number in range(10):
        page.open("/account/email").submit("Send the link", email=f"{number}@example.net")
    seen = last_audit_seq(app)
    page.open("/account/email").submit("Send the link", email="10@example.net", expect=429)
    assert page.errors == ["That was tried too often. Wait five minutes and try again."]
    assert len(posted(settings)) == 10
    (row,) = audit_rows(app, seen)
    assert (row.action, row.outcome, row.actor_id) == ("ask-new-email", "refused", cast.pia.id)
    clock.move(minutes=5)
    page.submit("Send the link", email="10@example.net")
    assert len(posted(settings)) == 11


def test_an_address_that_is_none_gets_a_sentence(visit: Visit, cast: Cast) -> None:
    page = visit(cast.pia).open("/account/email")
    page.submit("Send the link", email="pia", expect=422)
    assert page.errors == ["Enter an e-mail address, like name@example.org."]
    assert page.value_of("email") == "pia"


def test_a_link_in_a_mail_leads_to_the_base_address_whatever_the_request_says(
    app: Flask, settings: Settings
) -> None:
    page, evil = Visitor(app), {"base_url": "http://evil.example"}
    found = BeautifulSoup(page.client.get("/forgotten", **evil).get_data(), "lxml")
    token = found.select("input[name=csrf_token]")[0]["value"]
    data = {"email": PIA, "csrf_token": token}
    headers = {"X-Forwarded-Host": "evil.example"}
    assert page.client.post("/forgotten", data=data, headers=headers, **evil).status_code == 303
    link_of(posted(settings)[0], settings)
