"""Passkeys beside the app and the recovery codes: who has to keep one, and who may do without."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pyotp
from flask import Flask
from sqlalchemy import select

from app.access import SignedIn
from app.accounts.models import Account, Authenticator, Passkey
from app.accounts.passkeys import remove_passkey
from app.clock import now
from app.config import Settings
from app.database import db
from app.errors import RuleBroken
from tests.accounts.device import Device
from tests.accounts.passkey_pages import add, asked, try_in, with_password
from tests.accounts.posted import subjects
from tests.factories import Cast, CastMember
from tests.support import NOON, TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


def test_the_last_second_factor_of_staff_stays(
    visit: Visit, cast: Cast, device: Device, half: Visitor, in_app: InApp
) -> None:
    theo = visit(cast.theo).open("/account/second-factor")
    theo.submit("Remove the app, keep the passkeys")
    theo.open("/account/passkeys")
    assert "This is your only second factor." in theo.text
    assert not theo.has_button("Remove: Phone")
    with in_app():
        passkey = db.session.scalars(select(Passkey)).one()
    form = {"csrf_token": theo.csrf_token, "do": f"remove:{passkey.id}"}
    theo.send("/account/passkeys", form, expect=422)
    assert "This is your last second factor." in theo.text
    tess = visit(cast.tess).open("/account/passkeys")
    tess.send("/account/passkeys", form | {"csrf_token": tess.csrf_token})
    theo.open("/account/passkeys")
    assert "Phone" in theo.text
    theo.send("/account/second-factor", form | {"do": "remove"}, expect=400)
    theo.send("/account/second-factor", form | {"do": "remove-app"}, expect=303)
    half.open("/sign-in/code")
    assert half.heading == "Use your passkey"
    add(theo, Device(), "Key")
    theo.submit("Remove: Phone").open("/account/passkeys")
    assert not theo.has_button("Remove: Key")


def test_whoever_changes_the_second_step_is_told_by_mail_and_other_devices_are_signed_out(
    visit: Visit, cast: Cast, settings: Settings
) -> None:
    theo, elsewhere = visit(cast.theo), visit(cast.theo)
    told = (cast.theo.email, "The second step of your sign in was changed")
    add(theo, Device())
    assert subjects(settings) == [told]
    assert elsewhere.open("/patients").path == "/patients"
    theo.open("/account/second-factor").submit("Remove the app, keep the passkeys")
    assert elsewhere.open("/patients").path.startswith("/sign-in")
    elsewhere = visit(cast.theo)
    add(theo, Device(), "Key")
    theo.submit("Remove: Key")
    assert elsewhere.open("/patients").path.startswith("/sign-in")
    assert theo.open("/patients").path == "/patients"
    assert subjects(settings) == [told] * 4


def test_new_staff_may_begin_with_a_passkey_and_get_recovery_codes(
    visit: Visit, cast: Cast, in_app: InApp, clock: TestClock
) -> None:
    with in_app():
        db.session.delete(db.session.get_one(Authenticator, cast.theo.id))
        db.session.commit()
    page = with_password(visit(None), cast.theo.email)
    assert page.path == "/sign-in/set-up"
    page.submit("Make a passkey", expect=422)
    device = Device()
    page.submit("Make a passkey", passkey=device.make(asked(page, "/sign-in/passkey")))
    codes = [code.get_text() for code in page.page.select(".recovery-codes code")]
    assert len(codes) == 10
    page.submit("I have kept them. Go on")
    assert page.path == "/patients"
    page = with_password(visit(None), cast.theo.email)
    page.submit("Sign in", code=codes[0])
    assert page.path == "/patients"


def test_of_two_who_set_up_the_first_app_at_once_one_gets_in(
    visit: Visit, cast: Cast, in_app: InApp, clock: TestClock
) -> None:
    """Both know the password; one of them may be a thief."""
    with in_app():
        db.session.delete(db.session.get_one(Authenticator, cast.theo.id))
        db.session.commit()
    pages = [with_password(visit(None), cast.theo.email) for _ in range(2)]

    def answer(page: Visitor) -> str:
        secret = page.tag(".code-letters").get_text().replace(" ", "")
        code = pyotp.TOTP(secret).at(clock.instant)
        form = {"csrf_token": page.csrf_token, "code": code}
        return str(page.client.post("/sign-in/set-up", data=form).location)

    with ThreadPoolExecutor(2) as pool:
        places = sorted(pool.map(answer, pages))
    assert places == ["/account/recovery-codes", "/sign-in"]


def test_an_administrators_reset_takes_passkeys_too(
    visit: Visit, cast: Cast, half: Visitor, device: Device
) -> None:
    answer = device.use(asked(half, "/sign-in/passkey"))
    ada = visit(cast.ada).open(f"/people/{cast.theo.id}")
    ada.submit("Reset the second factor", reason="Everything stolen")
    try_in(half, answer)
    assert half.path == "/sign-in"
    assert half.open("/patients").path.startswith("/sign-in")


def test_a_patient_may_have_one_and_do_without_again(visit: Visit, cast: Cast) -> None:
    pia, device = visit(cast.pia), Device()
    add(pia, device).submit("I have kept them. Go on")
    assert pia.path == "/account/passkeys"
    page = with_password(visit(None), cast.pia.email)
    try_in(page, device.use(asked(page, "/sign-in/passkey")))
    assert page.path == "/today"
    pia.follow("Recovery codes and the app").submit("Do without a second factor")
    assert with_password(visit(None), cast.pia.email).path == "/today"


def test_one_that_never_counts_works_again_and_again(visit: Visit, cast: Cast) -> None:
    synced = Device(count=None)
    add(visit(cast.theo), synced)
    for _ in range(2):
        page = with_password(visit(None), cast.theo.email)
        try_in(page, synced.use(asked(page, "/sign-in/passkey")))
        assert page.path == "/patients"


def test_of_two_last_passkeys_removed_at_once_one_stays(
    app: Flask, visit: Visit, cast: Cast, device: Device, in_app: InApp
) -> None:
    theo = visit(cast.theo)
    add(theo, Device(), "Key").open("/account/second-factor")
    theo.submit("Remove the app, keep the passkeys")
    with in_app():
        both = db.session.scalars(select(Passkey.id)).all()
        db.session.rollback()

    by = SignedIn(cast.theo.id, "", "", cast.theo.roles, uuid4(), "", NOON)

    def remove(passkey_id: UUID) -> bool:
        with app.app_context():
            account = db.session.get_one(Account, cast.theo.id)
            try:
                remove_passkey(account, passkey_id, by=by, now=now())
            except RuleBroken:
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, both)) == [False, True]
