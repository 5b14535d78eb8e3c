"""Patients: the record, what is true of them, and their care team."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import Condition
from app.clock import day_of
from app.database import db
from app.errors import N_, Conflict, RuleBroken
from app.patients import rules
from app.patients.models import CareTeamMember, Patient, PatientCondition
from app.policy import Role

_DETAILS = ("name", "birth_date", "record_number")
_FIRST_NEW_DAY = ZoneInfo("Pacific/Kiritimati")  # no clinic's today is later than the day here


def add_patient(
    id: UUID, name: str, birth_date: date | None, record_number: str, *, by: Actor, now: datetime
) -> Patient:
    """Make a record; whoever makes it is the first of the care team.

    The same form sent twice (same ``id``, same words) gives the one record that it made.
    """
    therapist_id = _person_id(by)
    name, record_number = _checked(name, birth_date, record_number, now)
    patient = Patient(
        id=id,
        name=name,
        name_key=rules.name_key(name),
        birth_date=birth_date,
        record_number=record_number,
        version=1,
        created_at=now,
        members=[CareTeamMember(therapist_id=therapist_id, since=now)],
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
    _record("add-patient", patient, by, now, *_DETAILS)
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
    changed = [field for field in _DETAILS if getattr(patient, field) != new[field]]
    if not changed:
        return
    if based_on != patient.version:
        raise Conflict(patient)
    for field in changed:
        setattr(patient, field, new[field])
    patient.name_key = rules.name_key(name)
    patient.version += 1
    db.session.flush()
    _record("edit-patient", patient, by, now, *changed)


def note_condition(patient: Patient, condition: Condition, *, by: Actor, now: datetime) -> None:
    """Put a condition on the record. One that stands there already stays as it is."""
    _lock(patient)
    if condition.id in _current_condition_ids(patient):
        return
    db.session.add(
        PatientCondition(
            id=uuid4(),
            patient_id=patient.id,
            condition_id=condition.id,
            noted_at=now,
            noted_by=_person_id(by),
        )
    )
    _changed("note-condition", patient, by, now, "conditions")


def end_condition(patient: Patient, noted: PatientCondition, *, by: Actor, now: datetime) -> None:
    """Say that a condition is no longer true. It stays in the record as ended."""
    if noted.patient_id != patient.id:
        raise ValueError("this condition is another patient's")
    _lock(patient)
    db.session.refresh(noted, ("ended_at",))
    if noted.ended_at is not None:
        return
    noted.ended_at, noted.ended_by = now, _person_id(by)
    _changed("end-condition", patient, by, now, "conditions")


def add_to_team(patient: Patient, therapist: Account, *, by: Actor, now: datetime) -> None:
    """Let one more therapist see and treat this patient."""
    if Role.THERAPIST not in therapist.roles or therapist.disabled_at is not None:
        raise RuleBroken(N_("Choose a therapist of this clinic."), field="therapist")
    _lock(patient)
    if therapist.id in _team_ids(patient):
        return
    db.session.add(CareTeamMember(patient_id=patient.id, therapist_id=therapist.id, since=now))
    _changed("add-to-team", patient, by, now, "members")


def remove_from_team(patient: Patient, therapist_id: UUID, *, by: Actor, now: datetime) -> None:
    """Take a therapist off the team, never the last one: somebody must answer for a patient."""
    _lock(patient)
    team = _team_ids(patient)
    if therapist_id not in team:
        return
    if len(team) == 1:
        raise RuleBroken(
            N_("A patient needs at least one therapist. Add another one first."), field="therapist"
        )
    db.session.execute(
        delete(CareTeamMember).where(
            CareTeamMember.patient_id == patient.id, CareTeamMember.therapist_id == therapist_id
        )
    )
    _changed("remove-from-team", patient, by, now, "members")


def check_can_link(patient: Patient) -> None:
    """Refuse a second account for one patient."""
    if patient.person_id is not None:
        raise RuleBroken(N_("Somebody can already sign in as this patient."))


def link_account(patient: Patient, account: Account, *, by: Actor, now: datetime) -> None:
    """Let this person see this patient's plans. One account to a patient, one patient to it."""
    if Role.PATIENT not in account.roles:
        raise RuleBroken(N_("This person does not have the role of a patient."))
    _lock(patient)
    db.session.refresh(patient, ("person_id",))
    check_can_link(patient)
    if db.session.scalar(select(exists().where(Patient.person_id == account.id))):
        raise RuleBroken(N_("This person is linked to another patient."))
    patient.person_id = account.id
    _changed("link-account", patient, by, now, "person")


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


def conditions_of(patient: Patient) -> dict[str, str]:
    """Slug and name of each condition that is true of this patient now."""
    return {noted.condition.slug: noted.condition.name for noted in current_conditions(patient)}


def current_conditions(patient: Patient) -> list[PatientCondition]:
    """What is true now, by name."""
    current = [noted for noted in patient.conditions if noted.ended_at is None]
    return sorted(current, key=lambda noted: noted.condition.name_key)


def past_conditions(patient: Patient) -> list[PatientCondition]:
    """The last end of each condition that is not true any more, the newest first."""
    now_true = {noted.condition_id for noted in patient.conditions if noted.ended_at is None}
    ended = sorted(
        (n for n in patient.conditions if n.ended_at and n.condition_id not in now_true),
        key=lambda noted: (noted.ended_at, noted.id),
        reverse=True,
    )
    last: dict[UUID, PatientCondition] = {}
    for noted in ended:
        last.setdefault(noted.condition_id, noted)
    return list(last.values())


def _checked(
    name: str, birth_date: date | None, record_number: str, now: datetime
) -> tuple[str, str]:
    name, record_number = " ".join(name.split()), " ".join(record_number.split())
    rules.check_details(name, birth_date, record_number, day_of(now, _FIRST_NEW_DAY))
    return name, record_number


def _differ(one: Patient, other: Patient) -> bool:
    return any(getattr(one, field) != getattr(other, field) for field in _DETAILS)


def _lock(patient: Patient) -> None:
    """Let nobody else change this patient's team, conditions or account in the meantime."""
    db.session.execute(select(Patient.id).where(Patient.id == patient.id).with_for_update())


def _current_condition_ids(patient: Patient) -> frozenset[UUID]:
    found = select(PatientCondition.condition_id).where(
        PatientCondition.patient_id == patient.id, PatientCondition.ended_at.is_(None)
    )
    return frozenset(db.session.scalars(found))


def _team_ids(patient: Patient) -> frozenset[UUID]:
    found = select(CareTeamMember.therapist_id).where(CareTeamMember.patient_id == patient.id)
    return frozenset(db.session.scalars(found))


def _person_id(by: Actor) -> UUID:
    if by.id is None:
        raise ValueError("a record is kept by a person")
    return by.id


def _changed(action: str, patient: Patient, by: Actor, now: datetime, part: str) -> None:
    """Send a change of one part of the record; what was loaded of it has to be read again."""
    db.session.flush()
    db.session.expire(patient, (part,))
    _record(action, patient, by, now, part)


def _record(action: str, patient: Patient, by: Actor, now: datetime, *changed: str) -> None:
    about = About("patient", patient.id, patient.id)
    record(action, about, by=by, now=now, changed=changed)
