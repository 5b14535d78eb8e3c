"""The command that invites somebody: as the page does, with the link where no mail goes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account
from app.audit.models import AuditRow
from app.config import Settings
from app.database import db
from app.policy import Role
from tests.accounts.posted import link_of, posted, subjects
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
Run = Callable[..., Result]
OTTO = ("otto@example.org", "--name", "Otto", "--role", "admin", "--role", "therapist")


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["invite", *words])


def shown_link(result: Result) -> str:
    (address,) = re.findall(r"https?://\S+", result.output)
    return str(urlsplit(address).path)


def test_a_colleague_chooses_a_password_with_the_link(
    run: Run, visit: Visit, in_app: InApp, settings: Settings
) -> None:
    result = run(*OTTO)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("No mail server is set. The mail waits in the server's folder.")
    assert subjects(settings) == [("otto@example.org", "Your account at Riverside Clinic")]
    assert link_of(posted(settings)[0], settings) == shown_link(result)
    otto = visit(None).open(shown_link(result))
    words = "seventeen quiet lamps"
    otto.submit("Keep this password and go on", password=words, again=words)
    assert otto.path == "/sign-in/set-up"
    with in_app():
        account = db.session.scalars(select(Account).where(Account.name == "Otto")).one()
        assert account.roles == {Role.ADMIN, Role.THERAPIST}
        row = select(AuditRow.roles, AuditRow.reason).where(AuditRow.action == "invite")
        assert db.session.execute(row).one() == ("operator", "by mail")


def test_a_second_invitation_ends_the_first(run: Run, visit: Visit) -> None:
    first, second = run(*OTTO), run(*OTTO[:3])
    assert "Invited already, with other roles." in run(*OTTO[:5]).output
    visit(None).open(shown_link(first), expect=404)
    visit(None).open(shown_link(second))


def test_a_patient_gets_the_account_of_their_record(
    run: Run, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    theo = visit(cast.theo).open("/patients/new").submit("Add patient", name="Nora Neu")
    result = run("nora@example.org", "--patient", theo.path.rpartition("/")[2])
    assert result.exit_code == 0, result.output
    nora = visit(None).open(shown_link(result))
    words = "seventeen quiet lamps"
    nora.submit("Keep this password and go on", password=words, again=words)
    assert nora.path == "/today"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("otto@example.org", "--role", "admin"), "Give the person's name with --name."),
        (("otto@example.org", "--name", "Otto"), "Choose at least one role."),
        (("no address", *OTTO[1:]), "Enter an e-mail address, like name@example.org."),
        (("theo@example.org", *OTTO[1:]), "Somebody already uses this e-mail address."),
        (("o@example.org", "--patient", str(uuid4())), "There is no patient with the id"),
    ],
)
def test_what_cannot_be_is_said_and_invites_nobody(
    run: Run, settings: Settings, in_app: InApp, words: tuple[str, ...], said: str
) -> None:
    with in_app():
        before = db.session.scalar(select(func.count(Account.id)))
        db.session.rollback()
    result = run(*words)
    assert result.exit_code == 1
    assert said in result.output
    assert not posted(settings)
    with in_app():
        assert db.session.scalar(select(func.count(Account.id))) == before


def test_a_server_that_is_away_is_told_apart(app: Flask, settings: Settings, run: Run) -> None:
    away = replace(settings, smtp_url="smtp://127.0.0.1:1")
    app.extensions["homestretch_settings"] = away
    result = run(*OTTO)
    assert result.output.startswith("The mail server is away. The mail waits")
    assert len(posted(settings)) == 1
