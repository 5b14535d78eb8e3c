"""Codes of an authenticator app and recovery codes: asked, set up, used once, lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyotp
import pytest
import segno
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.accounts import second_factor
from app.accounts.models import Account, Authenticator, RecoveryCode
from app.accounts.rules import normal_code, step_of
from app.accounts.sealing import KeyMissing, Sealed, seal, unseal
from app.accounts.sessions import digest
from app.audit.models import AuditRow
from app.audit.service import Operator
from app.clock import now
from app.config import Settings
from app.database import db
from app.policy import Role
from tests.factories import APP_SECRET, PASSWORD, Cast, CastMember, app_code
from tests.support import NOON, TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
WRONG = "This code is not right, or was used already."


def with_password(page: Visitor, email: str, **typed: Any) -> Visitor:
    return page.open("/sign-in").submit("Sign in", email=email, password=PASSWORD, **typed)


def secret_of(page: Visitor) -> str:
    return page.tag(".code-letters").get_text().replace(" ", "")


def codes_of(page: Visitor) -> list[str]:
    return [code.get_text() for code in page.page.select(".recovery-codes code")]


@pytest.fixture
def recovery(app: Flask, cast: Cast) -> list[str]:
    """Theo's recovery codes."""
    with app.app_context():
        codes = second_factor.new_recovery_codes(cast.theo.id, by=Operator(), now=now())
        db.session.commit()
        return codes


def test_the_password_alone_opens_nothing_for_staff(visit: Visit, cast: Cast) -> None:
    page = with_password(visit(None), cast.theo.email)
    assert page.path == "/sign-in/code"
    for path in ("/patients", "/account", f"/patients/{cast.pia.patient_id}"):
        assert page.open(path).path.startswith("/sign-in")


def test_a_code_lets_in_once(visit: Visit, cast: Cast, clock: TestClock) -> None:
    page = with_password(visit(None), cast.theo.email)
    page.submit("Sign in", code="000000", expect=422)
    assert page.errors == [WRONG]
    code = app_code(clock.instant)
    page.submit("Sign in", code=f" {code[:3]} {code[3:]}")
    assert page.path == "/patients"
    thief = with_password(visit(None), cast.theo.email)
    thief.submit("Sign in", code=code, expect=422)
    assert thief.errors == [WRONG]
    clock.move(seconds=30)
    thief.submit("Sign in", code=app_code(clock.instant))
    assert thief.path == "/patients"


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_clocks_may_differ_by_half_a_minute(
    visit: Visit, cast: Cast, clock: TestClock, seconds: int, right: bool
) -> None:
    page = with_password(visit(None), cast.theo.email)
    clock.move(seconds=seconds)
    code = app_code(clock.instant)
    clock.move(seconds=-seconds)
    page.submit("Sign in", code=code, expect=200 if right else 422)


def test_a_recovery_code_stands_in_once(
    visit: Visit, cast: Cast, recovery: list[str], in_app: InApp
) -> None:
    assert len(set(recovery)) == 10
    typed = recovery[0].upper().replace("-", " ")
    page = with_password(visit(None), cast.theo.email).submit("Sign in", code=typed)
    assert page.path == "/patients"
    page = with_password(visit(None), cast.theo.email)
    page.submit("Sign in", code=recovery[0], expect=422)
    page.submit("Sign in", code=recovery[1])
    with in_app():
        assert second_factor.count_recovery_codes(cast.theo.id) == 8
        kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
        assert {len(one) for one in kept} == {32}
        with pytest.raises(DBAPIError, match="never changes"):
            db.session.execute(update(RecoveryCode).values(used_at=None))
        db.session.rollback()


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_parallel_uses_of_one_code_one_counts(
    app: Flask, cast: Cast, recovery: list[str], settings: Settings, kind: str
) -> None:
    code = app_code(NOON) if kind == "app" else recovery[0]

    def use(_number: int) -> bool:
        with app.app_context():
            keys = settings.second_factor_keys
            return second_factor.check_code(cast.theo.id, code, NOON, keys=keys, device=None)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(use, range(6))) == 1


def test_ten_wrong_codes_lock_but_not_the_owners_device(
    visit: Visit, cast: Cast, clock: TestClock
) -> None:
    owner = with_password(visit(None), cast.theo.email)
    owner.submit("Sign in", code=app_code(clock.instant)).submit("Sign out")
    clock.move(seconds=30)
    thief = with_password(visit(None), cast.theo.email)
    for _ in range(10):
        thief.submit("Sign in", code="123456", expect=422)
    thief.submit("Sign in", code=app_code(clock.instant), expect=429)
    with_password(owner, cast.theo.email).submit("Sign in", code=app_code(clock.instant))
    assert owner.path == "/patients"


def test_half_way_lasts_ten_minutes_and_not_beyond_a_new_password(
    visit: Visit, cast: Cast, clock: TestClock, in_app: InApp
) -> None:
    slow, other = (with_password(visit(None), cast.theo.email) for _ in range(2))
    with in_app():
        db.session.get_one(Account, cast.theo.id).password_hash = "another"
        db.session.commit()
    assert other.open("/sign-in/code").path == "/sign-in"
    with_password(slow, cast.tess.email)
    clock.move(minutes=10)
    assert slow.open("/sign-in/code").path == "/sign-in"


def test_new_staff_set_up_an_app_before_they_get_in(
    app: Flask, visit: Visit, cast: Cast, in_app: InApp, clock: TestClock, settings: Settings
) -> None:
    with in_app():
        db.session.delete(db.session.get_one(Authenticator, cast.theo.id))
        db.session.commit()
    page = visit(None).open(f"/patients/{cast.pia.patient_id}")
    page.submit("Sign in", email=cast.theo.email, password=PASSWORD)
    assert page.path == "/sign-in/set-up"
    assert page.open("/patients").path.startswith("/sign-in")
    secret = secret_of(page.open("/sign-in/set-up"))
    address = second_factor.address_for_app(secret, cast.theo.email, settings.clinic_name)
    assert pyotp.parse_uri(address).secret == secret
    drawn = page.tag(".authenticator-qr svg path")["d"]
    assert f'd="{drawn}"' in segno.make_qr(address, error="m").svg_inline(border=4)
    page.submit("Go on", code="000000", expect=422)
    assert page.errors == ["This code is not right. Enter the one that the app shows now."]
    assert secret_of(page) == secret
    page.submit("Go on", code=pyotp.TOTP(secret).at(clock.instant))
    codes = codes_of(page)
    assert len(codes) == 10
    assert codes_of(page.open("/account/recovery-codes")) == codes
    page.submit("I have kept them. Go on")
    assert page.path == f"/patients/{cast.pia.patient_id}"
    assert page.open("/account/recovery-codes").path == "/account"
    with in_app():
        kept = db.session.get_one(Authenticator, cast.theo.id)
        assert secret.encode() not in kept.secret
        sealed = Sealed(kept.key_id, kept.secret)
        assert unseal(sealed, str(cast.theo.id), settings.second_factor_keys) == secret
        hashes = set(db.session.scalars(select(RecoveryCode.code_hash)))
        assert hashes == {digest(normal_code(code)) for code in codes}


def test_a_patient_may_have_one_and_do_without_again(
    visit: Visit, cast: Cast, clock: TestClock
) -> None:
    pia = visit(cast.pia).open("/account").follow("Set up a second factor")
    secret = secret_of(pia)
    pia.submit("Use this app", expect=422)
    assert pia.errors == ["Enter the code."]
    pia.submit("Use this app", code=pyotp.TOTP(secret).at(clock.instant))
    pia.submit("I have kept them. Go on")
    assert pia.path == "/account"
    page = with_password(visit(None), cast.pia.email)
    assert page.path == "/sign-in/code"
    clock.move(minutes=11)
    pia.open("/account").follow("Change the second factor")
    pia.submit("Go on", password=PASSWORD, expect=422)
    pia.submit("Go on", password=PASSWORD, code=pyotp.TOTP(secret).at(clock.instant))
    assert "10 recovery codes are left." in pia.text
    pia.submit("Make new recovery codes")
    assert len(codes_of(pia)) == 10
    pia.open("/account/second-factor").submit("Do without a second factor")
    assert with_password(visit(None), cast.pia.email).path == "/today"


def test_staff_cannot_do_without(visit: Visit, cast: Cast) -> None:
    theo = visit(cast.theo).open("/account/second-factor")
    assert not theo.has_button("Do without a second factor")
    fields = {"csrf_token": theo.csrf_token, "do": "remove"}
    theo.send("/account/second-factor", fields, expect=400)


def test_new_recovery_codes_end_the_former_ones(
    visit: Visit, cast: Cast, recovery: list[str]
) -> None:
    visit(cast.theo).open("/account/second-factor").submit("Make new recovery codes")
    page = with_password(visit(None), cast.theo.email)
    page.submit("Sign in", code=recovery[0], expect=422)


def test_an_administrator_resets_what_was_lost_with_a_reason(
    visit: Visit, cast: Cast, in_app: InApp, recovery: list[str]
) -> None:
    theo, ada = visit(cast.theo).open("/patients"), visit(cast.ada)
    ada.open(f"/people/{cast.theo.id}").submit("Reset the second factor", expect=422)
    assert ada.errors == ["Write why. It is kept with the change."]
    ada.submit("Reset the second factor", reason="Phone stolen, seen in person")
    assert "Second factor none yet" in ada.text
    with in_app():
        row = db.session.scalars(
            select(AuditRow).where(AuditRow.action == "remove-second-factor")
        ).one()
        assert (row.actor_id, row.object_id) == (cast.ada.id, cast.theo.id)
        assert row.reason == "Phone stolen, seen in person"
    assert theo.open("/patients").path.startswith("/sign-in")
    assert with_password(visit(None), cast.theo.email).path == "/sign-in/set-up"


def test_in_the_demonstration_nobody_is_asked_and_the_page_says_so(
    app: Flask, settings: Settings, clock: TestClock, cast: Cast
) -> None:
    demo = create_app(replace(settings, demo=True), clock)
    demo.testing = True
    page = with_password(Visitor(demo), cast.theo.email)
    assert page.path == "/patients"
    assert (
        "In this demonstration nobody is asked for a second factor." in page.open("/account").text
    )
    with demo.app_context():
        db.engine.dispose()


def test_a_key_opens_only_what_it_sealed_for_the_same_person() -> None:
    sealed = seal("secret", "theo", ["new key", "old key"])
    assert unseal(sealed, "theo", ["old key", "new key"]) == "secret"
    assert seal("secret", "theo", ["new key"]).data != sealed.data
    for bound_to, keys in (("tess", ["new key"]), ("theo", ["old key"])):
        with pytest.raises(KeyMissing):
            unseal(sealed, bound_to, keys)
    with pytest.raises(KeyMissing):
        unseal(Sealed(sealed.key_id, sealed.data[:-1] + b"x"), "theo", ["new key"])


def test_a_new_key_in_front_seals_anew_at_the_next_code(
    app: Flask, cast: Cast, settings: Settings
) -> None:
    keys = ("a-new-key", *settings.second_factor_keys)
    with app.app_context():
        before = db.session.get_one(Authenticator, cast.theo.id).key_id
        code = app_code(NOON)
        assert second_factor.check_code(cast.theo.id, code, NOON, keys=keys, device=None)
        db.session.expire_all()
        kept = db.session.get_one(Authenticator, cast.theo.id)
        assert kept.key_id != before
        assert kept.last_step == step_of(NOON)
        sealed = Sealed(kept.key_id, kept.secret)
        assert unseal(sealed, str(cast.theo.id), ["a-new-key"]) == APP_SECRET


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    environ = {"HOMESTRETCH_INSTANCE_DIR": str(tmp_path)}
    first, second = (Settings.load(environ).second_factor_keys for _ in range(2))
    assert first == second
    assert first != (Settings.load(environ).secret_key,)
    assert (tmp_path / "second-factor-key").stat().st_mode & 0o777 == 0o600


def test_whoever_becomes_staff_is_asked_at_the_next_sign_in(
    visit: Visit, cast: Cast, in_app: InApp
) -> None:
    visit(cast.ada).open(f"/people/{cast.pia.id}").submit(
        "Change the roles", roles=[Role.PATIENT.value, Role.THERAPIST.value], reason="Works here"
    )
    assert with_password(visit(None), cast.pia.email).path == "/sign-in/set-up"
