"""What the record's verbs promise beyond its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts.models import Account
from app.accounts.service import add_person
from app.audit.service import Operator
from app.catalogue.service import list_conditions
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.patients import reads, service
from app.patients.models import Patient
from app.policy import Role
from tests.factories import PASSWORD, Cast, CastMember

OPERATOR = Operator()


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.rollback()


def found(patient_id: UUID | None) -> Patient:
    assert patient_id is not None
    patient = service.find_patient(patient_id)
    assert patient is not None
    return patient


def person(role: Role = Role.PATIENT) -> Account:
    return add_person(
        f"{uuid4()}@example.org", "Maria Ruiz", {role}, PASSWORD, by=OPERATOR, now=now()
    )


def new_patient(by: CastMember) -> Patient:
    return service.add_patient(uuid4(), "Maria Ruiz", None, "", by=by, now=now())


def test_a_patient_is_read_in_two_statements_however_much_is_known(cast: Cast) -> None:
    patient = found(cast.pia.patient_id)
    for condition in list_conditions()[:5]:
        service.note_condition(patient, condition, by=cast.theo, now=now())
    service.add_to_team(patient, db.session.get_one(Account, cast.tess.id), by=cast.theo, now=now())
    db.session.commit()
    db.session.remove()
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    patient = found(cast.pia.patient_id)
    assert len(service.current_conditions(patient)) == 5
    assert sorted(member.therapist.name for member in patient.members) == ["Tess", "Theo"]
    assert patient.person is not None
    assert len(said) == 2, said


def test_who_is_not_there_is_none() -> None:
    assert service.find_patient(uuid4()) is None


def test_a_linked_account_is_the_patients_own(cast: Cast) -> None:
    patient, account = new_patient(cast.theo), person()
    service.link_account(patient, account, by=OPERATOR, now=now())
    assert found(patient.id).person_id == account.id


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.ADMIN])
def test_only_somebody_with_the_role_of_a_patient_is_linked(cast: Cast, role: Role) -> None:
    with pytest.raises(RuleBroken, match="does not have the role"):
        service.link_account(new_patient(cast.theo), person(role), by=OPERATOR, now=now())


def test_a_patient_has_one_account(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="can already sign in"):
        service.link_account(found(cast.pia.patient_id), person(), by=OPERATOR, now=now())


def test_an_account_has_one_patient(cast: Cast) -> None:
    paul = db.session.get_one(Account, cast.paul.id)
    with pytest.raises(RuleBroken, match="linked to another patient"):
        service.link_account(new_patient(cast.theo), paul, by=OPERATOR, now=now())


def test_a_disabled_therapist_is_neither_listed_nor_added(cast: Cast) -> None:
    tess = db.session.get_one(Account, cast.tess.id)
    tess.disabled_at = now()
    db.session.flush()
    assert [one.name for one in reads.list_therapists()] == ["Theo"]
    with pytest.raises(RuleBroken):
        service.add_to_team(found(cast.pia.patient_id), tess, by=cast.theo, now=now())


def test_somebody_with_several_roles_is_listed_as_a_therapist(cast: Cast) -> None:
    both = {Role.ADMIN, Role.THERAPIST, Role.PATIENT}
    add_person("owner@example.org", "Olga", both, PASSWORD, by=OPERATOR, now=now())
    assert [one.name for one in reads.list_therapists()] == ["Olga", "Tess", "Theo"]


def test_a_record_is_made_by_a_person_and_never_by_nobody() -> None:
    with pytest.raises(ValueError, match="kept by a person"):
        service.add_patient(uuid4(), "Maria", None, "", by=OPERATOR, now=now())


def test_nobody_is_born_in_the_future_whatever_the_caller(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        service.add_patient(uuid4(), "Maria", date(2026, 3, 4), "", by=cast.theo, now=now())


def test_a_condition_of_somebody_else_cannot_be_ended_here(cast: Cast) -> None:
    paul = found(cast.paul.patient_id)
    condition = list_conditions()[0]
    service.note_condition(paul, condition, by=cast.tess, now=now())
    noted = found(cast.paul.patient_id).conditions[0]
    with pytest.raises(ValueError, match="another patient's"):
        service.end_condition(found(cast.pia.patient_id), noted, by=cast.theo, now=now())


def test_what_ended_last_stands_first_and_each_condition_once(cast: Cast) -> None:
    knee, hip = list_conditions()[:2]
    patient = found(cast.pia.patient_id)
    for day, condition in enumerate((knee, hip, knee)):
        instant = now() + timedelta(days=day)
        service.note_condition(patient, condition, by=cast.theo, now=instant)
        patient = found(cast.pia.patient_id)
        noted = service.current_conditions(patient)[0]
        service.end_condition(patient, noted, by=cast.theo, now=instant)
    past = service.past_conditions(found(cast.pia.patient_id))
    assert [noted.condition_id for noted in past] == [knee.id, hip.id]
    assert past[0].ended_at == now() + timedelta(days=2)
