"""What `make serve` refuses beyond single settings, and keys that change under way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import app as application
from app import create_app
from app.accounts.models import Account
from app.accounts.passwords import hash_password
from app.audit.service import About, Operator, record
from app.clock import now
from app.config import Settings, SettingsError
from app.database import db
from app.seeding import DEMO_PASSWORD
from tests.factories import Cast, sign_in_token
from tests.support import TestClock, make_settings
from tests.test_config import OTHER, serving
from tests.visitor import Visitor

Serve = Callable[..., Flask]


@pytest.fixture
def serve(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Flask]:
    """``serve(BASE_URL="…")``: what gunicorn loads, on this test's database, good settings else."""

    def start(**changes: str) -> Flask:
        mine = {"DATABASE_URL": settings.database_url, "AUDIT_KEY": settings.audit_key}
        for name, value in serving(tmp_path, **(mine | changes)).items():
            monkeypatch.setenv(name, value)
        started = application.serve()
        with started.app_context():
            db.engine.dispose()
        return started

    return start


def test_a_clinic_with_good_settings_is_served(serve: Serve) -> None:
    browser = serve().test_client()
    secure = {"base_url": "https://clinic.example"}
    answer = browser.get("/", **secure)
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-homestretch=")
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "clinic.example.evil.example", "clinic.example@evil"]
)
def test_another_name_is_not_served(serve: Serve, host: str) -> None:
    answer = serve().test_client().get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text


def test_a_refusal_is_one_sentence_and_no_traceback(serve: Serve) -> None:
    with pytest.raises(SystemExit, match=r"^Error: HOMESTRETCH_BASE_URL must begin with .*\.$"):
        serve(BASE_URL="http://clinic.example")


def test_the_demonstrations_people_are_not_served(serve: Serve, app: Flask) -> None:
    """Also where somebody set everything else, on the folder that `make run` filled."""
    with app.app_context():
        account = db.session.scalars(select(Account).order_by(Account.name)).first()
        assert account is not None
        account.email = "therapist@example.org"
        db.session.commit()
        serve()
        account.password_hash = hash_password(DEMO_PASSWORD)
        db.session.commit()
    with pytest.raises(SystemExit, match=r"therapist@example\.org can sign in"):
        serve()


def test_another_audit_key_is_refused_at_the_start_and_in_every_command(
    serve: Serve, settings: Settings, app: Flask
) -> None:
    with pytest.raises(SystemExit, match="AUDIT_KEY is not the key of this database's audit"):
        serve(AUDIT_KEY=OTHER)
    serve(AUDIT_KEY=OTHER, AUDIT_KEY_FALLBACKS=settings.audit_key)
    wrong = make_settings(settings.database_url, settings.instance_dir, audit_key=OTHER)
    other = create_app(wrong, TestClock())
    with other.app_context():
        with pytest.raises(SettingsError):
            record("x", About("exercise"), by=Operator(), now=now())
        db.session.rollback()
        for command in ("verify-audit", "anchor-audit -"):
            done = other.test_cli_runner().invoke(args=command.split())
            assert done.exit_code == 1
            assert "is not the key of this database's audit" in done.output
        db.engine.dispose()
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["verify-audit"]).exit_code == 0


def test_a_new_secret_key_signs_nobody_out(app: Flask, settings: Settings, cast: Cast) -> None:
    """And a form that was open meanwhile comes back with what was typed."""
    with app.app_context():
        theo = Visitor(app, sign_in_token(cast.theo))
    theo.open("/patients/new")
    form = {"csrf_token": theo.csrf_token, "name": "Maria Ruiz"}
    cookie = theo.client.get_cookie("homestretch")
    assert cookie is not None
    for fallbacks, status in ((settings.secret_key,), 200), ((), 303):
        changes = {"secret_key": OTHER, "secret_key_fallbacks": fallbacks}
        rotated = create_app(
            make_settings(settings.database_url, settings.instance_dir, **changes), TestClock()
        )
        browser = Visitor(rotated)
        browser.client.set_cookie("homestretch", cookie.value)
        browser.open("/patients", expect=status)
        if fallbacks:
            browser.send("/patients/new", form, 400, headers={"Origin": "http://localhost"})
            browser.submit("Send it again")
            assert browser.heading == "Maria Ruiz"
        with rotated.app_context():
            db.engine.dispose()
