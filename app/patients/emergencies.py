"""Emergency access: a therapist opens the record of a patient of others, for an hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, exists, func, select, true
from sqlalchemy.orm import selectinload

from app.access import SignedIn
from app.accounts.emergencies import EmergencyAccess, EmergencySeen
from app.accounts.limits import Try, begin_try
from app.accounts.models import Account, SignIn
from app.accounts.rules import TooManyTries
from app.audit.service import About, record, record_all, record_refusal
from app.database import db, read_rows
from app.errors import N_, RuleBroken
from app.patients import rules
from app.patients.models import CareTeamMember, Patient
from app.policy import is_admin, is_on_team

MOST_FOUND = 10
MOST_SHOWN = 20


def begin_search(by: SignedIn, now: datetime) -> Try:
    """Count a search, in a transaction of its own. Raises TooManyTries: record numbers count up,
    and nobody is to go through them."""
    db.session.rollback()
    try:
        return begin_try("emergency", str(by.id), now)
    except TooManyTries:
        about = About("caseload")
        record_refusal("find-for-emergency", about, by=by, now=now, reason="too many tries")
        raise


def find_for_emergency(typed: str, person: SignedIn) -> tuple[Patient, ...]:
    """Patients of others than ``person`` with exactly this name or record number.

    Beginnings find nobody, so that this is no way to leaf through the patients of the clinic.
    """
    found = [*_found_by(Patient.name_key == rules.name_key(typed))]
    if key := rules.record_key(typed):
        seen = {patient.id for patient in found}
        found += [one for one in _found_by(Patient.record_key == key) if one.id not in seen]
    return tuple(patient for patient in found if not is_on_team(person, patient))


def record_search(found: Iterable[Patient], *, by: SignedIn, now: datetime) -> None:
    """That somebody saw these names; or that there are none."""
    abouts = [About("patient", patient.id, patient.id) for patient in found]
    record_all("find-for-emergency", abouts or [About("caseload")], by=by, now=now)


def _found_by(condition: ColumnElement[bool]) -> list[Patient]:
    statement = select(Patient).where(condition).options(selectinload(Patient.members))
    return list(db.session.scalars(statement.order_by(Patient.id).limit(MOST_FOUND)))


def begin_emergency(
    id: UUID, patient: Patient, reason: str, *, by: SignedIn, now: datetime
) -> EmergencyAccess:
    """Open ``patient``'s record to this session for an hour; another one that is open ends.

    Sent twice, it begins once. Raises RuleBroken without a reason, or for one's own patient.
    """
    reason = rules.check_reason(reason)
    if is_on_team(by, patient):
        raise RuleBroken(N_("This patient is in your list already."), field="patient")
    _lock(SignIn, by.session_id)
    there = db.session.get(EmergencyAccess, id)
    if there and there.session_id == by.session_id:
        return there
    end_emergency(by=by, now=now)
    access = EmergencyAccess(
        id=uuid4() if there else id,
        patient_id=patient.id,
        therapist_id=by.id,
        session_id=by.session_id,
        reason=reason,
        began_at=now,
        until=now + rules.EMERGENCY_LASTS,
    )
    db.session.add(access)
    about = About("emergency", access.id, patient.id)
    record("begin-emergency", about, by=by, now=now, reason=reason)
    return access


def end_emergency(*, by: SignedIn, now: datetime) -> None:
    """End the emergency access of this session, if it has one that nobody ended."""
    mine = and_(EmergencyAccess.session_id == by.session_id, EmergencyAccess.ended_at.is_(None))
    access = db.session.scalar(select(EmergencyAccess).where(mine).with_for_update())
    if access is None:
        return
    access.ended_at = min(now, access.until)
    if now < access.until:
        about = About("emergency", access.id, access.patient_id)
        record("end-emergency", about, by=by, now=now)


def _lock(of: type[SignIn] | type[EmergencyAccess], id: UUID) -> None:
    """Let the second of two clicks wait for the first."""
    db.session.execute(select(of.id).where(of.id == id).with_for_update())


@dataclass(frozen=True)
class EmergencyHandle:
    """An emergency access, and whose record it opened: what the policy asks."""

    id: UUID
    patient: Patient


def find_emergency(emergency_id: UUID) -> EmergencyHandle | None:
    access = db.session.get(EmergencyAccess, emergency_id)
    if access is None:
        return None
    patient = db.session.scalars(
        select(Patient)
        .where(Patient.id == access.patient_id)
        .options(selectinload(Patient.members))
    ).one()
    return EmergencyHandle(access.id, patient)


def acknowledge_emergency(emergency: EmergencyHandle, *, by: SignedIn, now: datetime) -> None:
    """Note that this person knows of it; a second time changes nothing."""
    _lock(EmergencyAccess, emergency.id)
    if db.session.get(EmergencySeen, (emergency.id, by.id)):
        return
    db.session.add(EmergencySeen(emergency_id=emergency.id, account_id=by.id, at=now))
    about = About("emergency", emergency.id, emergency.patient.id)
    record("acknowledge-emergency", about, by=by, now=now)


@dataclass(frozen=True)
class EmergencyNotice:
    """What the care team and the admins are told of an emergency access."""

    id: UUID
    therapist: str
    patient_id: UUID
    patient: str
    reason: str
    began_at: datetime
    until: datetime


def _build_unseen(*, on_team: bool) -> Select[UUID, str, UUID, str, str, datetime, datetime]:
    access, seen, me = EmergencyAccess, EmergencySeen, bindparam("person_id", type_=Uuid())
    known = exists().where(seen.emergency_id == access.id, seen.account_id == me)
    here_since = select(Account.created_at).where(Account.id == me).scalar_subquery()
    mine = exists().where(
        CareTeamMember.patient_id == access.patient_id, CareTeamMember.therapist_id == me
    )
    return (
        select(
            access.id,
            Account.name,
            access.patient_id,
            Patient.name,
            access.reason,
            access.began_at,
            func.coalesce(access.ended_at, access.until),
        )
        .join(Account, Account.id == access.therapist_id)
        .join(Patient, Patient.id == access.patient_id)
        .where(access.therapist_id != me, ~known, access.began_at >= here_since)
        .where(mine if on_team else true())
        .order_by(access.began_at.desc(), access.id)
        .limit(MOST_SHOWN)
    )


_UNSEEN = _build_unseen(on_team=False)
_UNSEEN_ON_TEAM = _build_unseen(on_team=True)


def list_unseen_emergencies(person: SignedIn) -> tuple[EmergencyNotice, ...]:
    """Emergency accesses of others that this person has to know of, the newest first."""
    statement = _UNSEEN if is_admin(person) else _UNSEEN_ON_TEAM
    return tuple(EmergencyNotice(*row) for row in read_rows(statement, {"person_id": person.id}))
