"""How the verbs of a patient's record lock it and write the audit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.audit.service import About, Actor, record
from app.database import db
from app.patients.models import Patient


def lock(patient: Patient) -> None:
    """Let nobody else change this patient's team, conditions or account in the meantime."""
    db.session.execute(select(Patient.id).where(Patient.id == patient.id).with_for_update())


def changed(
    action: str, patient: Patient, by: Actor, now: datetime, part: str, *, reason: str = ""
) -> None:
    """Send a change of one part of the record; what was loaded of it has to be read again."""
    db.session.flush()
    db.session.expire(patient, (part,))
    record_patient(action, patient.id, by, now, part, reason=reason)


def record_patient(
    action: str, patient_id: UUID, by: Actor, now: datetime, *changed: str, reason: str = ""
) -> None:
    about = About("patient", patient_id, patient_id)
    record(action, about, by=by, now=now, changed=changed, reason=reason)


def person_id(by: Actor) -> UUID:
    """Who wrote it; a record is never written by the program itself."""
    if by.id is None:
        raise ValueError("a record is kept by a person")
    return by.id
