"""Lists beside a row: the same values that a statement of their own would give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select

from app.accounts.models import Account
from app.database import db
from app.listed import listed
from app.patients.models import CareTeamMember, Patient
from tests.factories import Cast


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def rows_of(statement: Select[*tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in db.session.execute(statement)}


def test_each_value_has_the_type_of_its_column(cast: Cast) -> None:
    people = select(Account.id, Account.name, Account.created_at, Account.disabled_at)
    patients = select(Patient.id, Patient.birth_date, Patient.version)
    (found_people, found_patients) = db.session.execute(
        select(listed(people), listed(patients))
    ).one()
    assert set(found_people) == rows_of(people)
    assert set(found_patients) == rows_of(patients)
    assert len(found_people) == len(rows_of(people)) > 1


def test_a_list_is_of_its_own_row(cast: Cast) -> None:
    team = select(CareTeamMember.therapist_id).where(CareTeamMember.patient_id == Patient.id)
    rows = db.session.execute(select(Patient.name, listed(team, Patient)))
    found = {row.name: row[1] for row in rows}
    assert found[cast.pia.name] == [(cast.theo.id,)]
    assert found[cast.paul.name] == [(cast.tess.id,)]


def test_no_rows_are_an_empty_list() -> None:
    nobody = select(Account.id).where(Account.name == "Nobody at all")
    assert db.session.scalars(select(listed(nobody))).one() == []


def test_signs_that_json_writes_otherwise_come_back(cast: Cast) -> None:
    patient = db.session.get_one(Patient, cast.pia.patient_id)
    patient.name = 'Pia "Ö" \\ O’Hara\n</script>'
    db.session.flush()
    names = select(Patient.name).where(Patient.id == patient.id)
    assert db.session.scalars(select(listed(names))).one() == [(patient.name,)]
