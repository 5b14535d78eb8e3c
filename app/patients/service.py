"""A patient's record: made, edited, archived, linked to an account, found.

What is true of a patient (conditions.py) and who treats them (team.py) are verbs of their own;
other features find the ones that they need here.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, exists, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Account
from app.audit.service import Actor
from app.database import db
from app.errors import N_, Conflict, RuleBroken
from app.patients import rules
from app.patients.conditions import (
    current_conditions,
    end_condition,
    find_conditions,
    note_condition,
    past_conditions,
)
from app.patients.models import CareTeamMember, Patient, PatientCondition, PatientNameWord
from app.patients.records import changed, lock, person_id, record_patient
from app.patients.team import add_to_team, remove_from_team
from app.policy import Role

__all__ = [
    "add_patient",
    "add_to_team",
    "archive_patient",
    "bring_back_patient",
    "check_can_link",
    "current_conditions",
    "edit_patient",
    "end_condition",
    "find_conditions",
    "find_patient",
    "link_account",
    "note_condition",
    "past_conditions",
    "remove_from_team",
]

_DETAILS = ("name", "birth_date", "record_number")


def add_patient(
    id: UUID, name: str, birth_date: date | None, record_number: str, *, by: Actor, now: datetime
) -> Patient:
    """Make a record; whoever makes it is the first of the care team.

    The same form sent twice (same ``id``, same words) gives the one record that it made.
    """
    therapist_id = person_id(by)
    name, record_number = _checked(name, birth_date, record_number, now)
    patient = Patient(
        id=id,
        name=name,
        name_key=rules.name_key(name),
        birth_date=birth_date,
        record_number=record_number,
        record_key=rules.record_key(record_number),
        version=1,
        created_at=now,
        members=[
            CareTeamMember(therapist_id=therapist_id, name_key=rules.name_key(name), since=now)
        ],
        conditions=[],
    )
    try:
        with db.session.begin_nested():
            db.session.add(patient)
    except IntegrityError:
        found = find_patient(id)
        if found and therapist_id in found.team and not _differ(found, patient):
            return found
        return add_patient(uuid4(), name, birth_date, record_number, by=by, now=now)
    _write_words(patient)
    record_patient("add-patient", patient.id, by, now, *_DETAILS)
    return patient


def edit_patient(
    patient: Patient,
    name: str,
    birth_date: date | None,
    record_number: str,
    *,
    based_on: int,
    by: Actor,
    now: datetime,
) -> None:
    """Change who the record is about; the same words again change nothing.

    Raises Conflict, with the record as it stands, when it was saved after ``based_on``.
    """
    name, record_number = _checked(name, birth_date, record_number, now)
    db.session.refresh(patient, (*_DETAILS, "version"), with_for_update=True)
    new = {"name": name, "birth_date": birth_date, "record_number": record_number}
    altered = [field for field in _DETAILS if getattr(patient, field) != new[field]]
    if not altered:
        return
    if based_on != patient.version:
        raise Conflict(patient)
    for field in altered:
        setattr(patient, field, new[field])
    patient.name_key = rules.name_key(name)
    patient.record_key = rules.record_key(record_number)
    patient.version += 1
    db.session.flush()
    if "name" in altered:
        _write_words(patient)
    record_patient("edit-patient", patient.id, by, now, *altered)


def archive_patient(patient: Patient, *, by: Actor, now: datetime) -> None:
    """Take a patient out of the lists of those in treatment. Record, plans and team stay."""
    _set_archived(patient, "archive-patient", now, by=by, now=now)


def bring_back_patient(patient: Patient, *, by: Actor, now: datetime) -> None:
    """Put an archived patient into the lists again."""
    _set_archived(patient, "bring-back-patient", None, by=by, now=now)


def _set_archived(
    patient: Patient, action: str, at: datetime | None, *, by: Actor, now: datetime
) -> None:
    db.session.refresh(patient, ("archived_at",), with_for_update=True)
    if (patient.archived_at is None) == (at is None):
        return
    patient.archived_at = at
    db.session.flush()
    record_patient(action, patient.id, by, now, "archived_at")


def check_can_link(patient: Patient) -> None:
    """Refuse a second account for one patient."""
    if patient.person_id is not None:
        raise RuleBroken(N_("Somebody can already sign in as this patient."))


def link_account(patient: Patient, account: Account, *, by: Actor, now: datetime) -> None:
    """Let this person see this patient's plans. One account to a patient, one patient to it."""
    if Role.PATIENT not in account.roles:
        raise RuleBroken(N_("This person does not have the role of a patient."))
    lock(patient)
    db.session.refresh(patient, ("person_id",))
    check_can_link(patient)
    if db.session.scalar(select(exists().where(Patient.person_id == account.id))):
        raise RuleBroken(N_("This person is linked to another patient."))
    patient.person_id = account.id
    changed("link-account", patient, by, now, "person")


_BY_ID = (
    select(Patient)
    .where(Patient.id == bindparam("patient_id"))
    .options(
        joinedload(Patient.members).joinedload(CareTeamMember.therapist),
        joinedload(Patient.person),
        selectinload(Patient.conditions).joinedload(PatientCondition.condition),
    )
)


def find_patient(patient_id: UUID) -> Patient | None:
    """A patient with care team, conditions and account, in two statements."""
    found = db.session.scalars(_BY_ID, {"patient_id": patient_id})
    return found.unique().one_or_none()


def _checked(
    name: str, birth_date: date | None, record_number: str, now: datetime
) -> tuple[str, str]:
    name, record_number = " ".join(name.split()), " ".join(record_number.split())
    rules.check_details(name, birth_date, record_number, rules.latest_today(now))
    return name, record_number


def _differ(one: Patient, other: Patient) -> bool:
    return any(getattr(one, field) != getattr(other, field) for field in _DETAILS)


def _write_words(patient: Patient) -> None:
    """The words by which the patient is found; those of a former name find nobody any more."""
    db.session.execute(delete(PatientNameWord).where(PatientNameWord.patient_id == patient.id))
    words = sorted(set(patient.name_key.split()))
    if words:
        rows = [
            {"word": word, "name_key": patient.name_key, "patient_id": patient.id} for word in words
        ]
        db.session.execute(insert(PatientNameWord), rows)
