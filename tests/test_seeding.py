"""The commands that fill a new database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app, migrating
from app.accounts.models import Account
from app.catalogue.models import Exercise
from app.database import db
from app.patients.models import Patient
from app.patients.service import find_conditions, find_patient
from app.seeding import DEMO_PASSWORD
from tests.support import TestClock, make_settings
from tests.visitor import Visitor

if TYPE_CHECKING:
    from tests.databases import Databases


@pytest.fixture
def new_clinic(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """A demonstration on a migrated database without a row."""
    url = databases.create()
    app = create_app(make_settings(url, tmp_path, demo=True), TestClock())
    migrating.enable(app)
    with app.app_context():
        upgrade()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


def run(app: Flask, *words: str) -> tuple[int, list[str]]:
    result = app.test_cli_runner().invoke(args=["seed", *words])
    return result.exit_code, result.output.splitlines()


def count(app: Flask, table: type[Account | Exercise | Patient]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_real_clinic_gets_the_catalogue_and_nobody_who_could_sign_in(
    new_clinic: Flask,
) -> None:
    status, lines = run(new_clinic)
    assert status == 0
    assert lines[0].endswith("entries added to the catalogue.")
    assert count(new_clinic, Exercise) == 6
    assert count(new_clinic, Account) == 0


def test_a_catalogue_that_is_there_is_left_alone(new_clinic: Flask) -> None:
    run(new_clinic)
    assert run(new_clinic) == (0, [])


def test_the_demonstration_prints_its_address_and_everybodys_password_each_time(
    new_clinic: Flask,
) -> None:
    expected = [
        "http://127.0.0.1:5000",
        *(
            f"{name}@example.org  {DEMO_PASSWORD}"
            for name in ("admin", "therapist", "second.therapist", "patient", "new.patient")
        ),
    ]
    status, lines = run(new_clinic, "--demo")
    assert (status, lines[1:]) == (0, expected)
    before = count(new_clinic, Account), count(new_clinic, Patient)
    assert run(new_clinic, "--demo") == (0, expected)
    assert (count(new_clinic, Account), count(new_clinic, Patient)) == before


def test_the_people_of_the_demonstration_are_as_promised(new_clinic: Flask) -> None:
    run(new_clinic, "--demo")
    therapist = Visitor(new_clinic).open("/sign-in")
    therapist.submit("Sign in", email="therapist@example.org", password=DEMO_PASSWORD)
    names = [tag.get_text() for tag in therapist.page.select("a.row-title")]
    assert names == ["Nora Demo", "Pia Demo"]
    with new_clinic.app_context():
        nora = db.session.scalars(select(Patient.id).where(Patient.name == "Nora Demo")).one()
        patient = find_patient(nora)
        assert patient is not None
        assert find_conditions(patient.id) == {"knee-pain": "knee pain"}
        assert patient.person is not None
        assert patient.person.email == "new.patient@example.org"


def test_no_demonstration_where_patients_may_be_real(app: Flask) -> None:
    status, lines = run(app, "--demo")
    assert status == 1
    assert "HOMESTRETCH_DEMO=1" in lines[0]
    assert count(app, Account) == 5


def test_a_database_without_tables_is_named(empty_app: Flask) -> None:
    status, lines = run(empty_app)
    assert status == 1
    assert "flask --app app db upgrade" in lines[0]
