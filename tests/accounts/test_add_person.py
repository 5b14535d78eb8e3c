"""The command that lets somebody sign in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account
from app.database import db
from app.patients.models import Patient
from app.policy import Role
from tests.factories import PASSWORD, Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def add_person(*words: str, password: str | bytes = PASSWORD + "\n") -> Result:
        command = ["add-person", *words]
        return app.test_cli_runner().invoke(args=command, input=password)

    return add_person


def test_the_new_person_can_sign_in(run: Run, visit: Visit) -> None:
    result = run("Sam@Example.org", "--name", "Sam Lee", "--role", "therapist", "--password-stdin")
    assert (result.exit_code, result.output) == (
        0,
        "Sam Lee can sign in now as sam@example.org.\n",
    )
    sam = visit(None).open("/sign-in")
    sam.submit("Sign in", email="sam@example.org", password=PASSWORD)
    assert sam.path == "/sign-in/set-up"


def test_several_roles_are_given_one_by_one(run: Run, in_app: InApp) -> None:
    run("o@example.org", "--name", "Olga", "--role", "admin", "--role", "therapist",
        "--password-stdin")  # fmt: skip
    with in_app():
        olga = db.session.scalars(select(Account).where(Account.email == "o@example.org")).one()
    assert olga.roles == {Role.ADMIN, Role.THERAPIST}


@pytest.fixture
def new_patient_id(visit: Visit, cast: Cast, in_app: InApp) -> str:
    visit(cast.theo).open("/patients/new").submit("Add patient", name="Maria Ruiz")
    with in_app():
        found = db.session.scalars(select(Patient.id).where(Patient.name == "Maria Ruiz")).one()
    return str(found)


def test_the_command_lets_a_patient_sign_in(
    run: Run, visit: Visit, cast: Cast, new_patient_id: str
) -> None:
    result = run("name@example.org", "--patient", new_patient_id, "--password-stdin")
    assert result.output == "Maria Ruiz can sign in now as name@example.org.\n"
    theo = visit(cast.theo).open(f"/patients/{new_patient_id}")
    assert "The patient signs in as name@example.org" in theo.text
    maria = visit(None).open("/sign-in")
    assert maria.submit("Sign in", email="name@example.org", password=PASSWORD).path == "/today"


@pytest.mark.parametrize(
    ("words", "password", "sentence"),
    [
        (["sam"], PASSWORD, "Enter an e-mail address, like name@example.org."),
        (["theo@example.org"], PASSWORD, "Somebody already uses this e-mail address."),
        (["sam@example.org"], "short", "Use at least 15 characters."),
        (["sam@example.org"], "", "Use at least 15 characters."),
        (["sam@example.org"], "a" * 40, "This password is too easy to guess."),
        (["sam@example.org"], b"\xff" * 20, "The password is not UTF-8 text."),
        (["sam@example.org", "--name", "x" * 101], PASSWORD, "Enter a name of at most 100"),
    ],
)
def test_each_refusal_is_one_sentence_and_exit_status_1(
    run: Run, in_app: InApp, words: list[str], password: str, sentence: str
) -> None:
    result = run("--name", "Sam", "--role", "patient", "--password-stdin", *words,
                 password=password)  # fmt: skip
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {sentence}")
    assert result.output.count("\n") == 1
    with in_app():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 5


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["sam@example.org", "--role", "patient"], "Give the person's name with --name."),
        (["sam@example.org", "--name", "Sam"], "Choose at least one role."),
        (["sam@example.org", "--patient", str(uuid4())], "There is no patient with the id"),
    ],
)
def test_what_is_missing_is_said(run: Run, words: list[str], sentence: str) -> None:
    result = run(*words, "--password-stdin")
    assert result.exit_code == 1
    assert f"Error: {sentence}" in result.output


def test_a_patient_who_can_sign_in_already_is_refused_before_the_password(
    run: Run, cast: Cast
) -> None:
    result = run("sam@example.org", "--patient", str(cast.pia.patient_id))
    assert result.exit_code == 1
    assert result.output == "Error: Somebody can already sign in as this patient.\n"


def test_a_role_or_an_id_that_is_none_is_refused(run: Run) -> None:
    assert run("sam@example.org", "--name", "Sam", "--role", "king").exit_code == 2
    assert run("sam@example.org", "--patient", "7").exit_code == 2


def test_without_a_terminal_it_says_how_to_give_the_password(run: Run) -> None:
    result = run("sam@example.org", "--name", "Sam", "--role", "patient")
    assert result.exit_code == 1
    assert "--password-stdin" in result.output


def test_a_database_without_tables_is_named(empty_app: Flask) -> None:
    words = ["add-person", "sam@example.org", "--name", "Sam", "--role", "patient"]
    result = empty_app.test_cli_runner().invoke(
        args=[*words, "--password-stdin"], input=PASSWORD + "\n"
    )
    assert result.exit_code == 1
    assert "flask --app app db upgrade" in result.output
