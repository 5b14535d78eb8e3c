"""What is true of a patient: noted, corrected, ended, put back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.audit.service import Actor
from app.catalogue.models import Condition
from app.database import db
from app.errors import Conflict
from app.patients.models import Patient, PatientCondition
from app.patients.records import changed, lock, person_id
from app.patients.rules import BodySide, ConditionFacts, check_condition, latest_today
from app.patients.words import condition_words

NOTHING_MORE = ConditionFacts()


def note_condition(
    patient: Patient,
    condition: Condition,
    *,
    facts: ConditionFacts = NOTHING_MORE,
    by: Actor,
    now: datetime,
) -> None:
    """Put a condition on the record. One that stands there already stays as it is."""
    check_condition(facts, latest_today(now))
    lock(patient)
    if _current(patient.id, condition.id) is not None:
        return
    _add(patient.id, condition.id, facts, by, now)
    changed("note-condition", patient, by, now, "conditions")


def change_condition(
    patient: Patient,
    noted: PatientCondition,
    facts: ConditionFacts,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Correct where a condition is or since when; with a last day it ends.

    What stood there before is kept as a row that ended. Raises Conflict where somebody else
    corrected or ended it first; the same form sent twice changes it once.
    """
    _check_owner(patient, noted)
    check_condition(facts, latest_today(now))
    lock(patient)
    db.session.refresh(noted, ("ended_at", "until"))
    if noted.ended_at is not None:
        newest = _newest(noted)
        if newest.facts != facts:
            raise Conflict(newest)
        return
    if noted.facts == facts:
        return
    same_place = (noted.side, noted.since) == (facts.side, facts.since)
    if facts.until and same_place:
        noted.until = facts.until
    noted.ended_at, noted.ended_by = now, person_id(by)
    db.session.flush()
    if not (facts.until and same_place):
        _add(patient.id, noted.condition_id, facts, by, now)
    changed("change-condition", patient, by, now, "conditions")


def end_condition(patient: Patient, noted: PatientCondition, *, by: Actor, now: datetime) -> None:
    """Say that a condition is no longer true. It stays in the record as ended."""
    _check_owner(patient, noted)
    lock(patient)
    db.session.refresh(noted, ("ended_at",))
    if noted.ended_at is not None:
        return
    noted.ended_at, noted.ended_by = now, person_id(by)
    changed("end-condition", patient, by, now, "conditions")


_TRUE_NOW = (
    select(Condition.slug, Condition.name, PatientCondition.side)
    .join(PatientCondition, PatientCondition.condition_id == Condition.id)
    .where(
        PatientCondition.patient_id == bindparam("patient_id"),
        PatientCondition.ended_at.is_(None),
    )
    .order_by(Condition.name_key)
)


def find_conditions(patient_id: UUID) -> dict[str, str]:
    """Slug, and name with its side, of each condition that is true of the patient now."""
    found = db.session.execute(_TRUE_NOW, {"patient_id": patient_id})
    return {slug: condition_words(name, BodySide(side)) for slug, name, side in found}


def current_conditions(patient: Patient) -> list[PatientCondition]:
    """What is true now, by name."""
    current = [noted for noted in patient.conditions if noted.ended_at is None]
    return sorted(current, key=lambda noted: noted.condition.name_key)


def past_conditions(patient: Patient) -> list[PatientCondition]:
    """The last end of each condition that is not true any more, the newest first."""
    now_true = {noted.condition_id for noted in patient.conditions if noted.ended_at is None}
    ended = sorted(
        (n for n in patient.conditions if n.ended_at and n.condition_id not in now_true),
        key=lambda noted: (noted.ended_at, noted.until is not None, noted.id),
        reverse=True,
    )
    last: dict[UUID, PatientCondition] = {}
    for noted in ended:
        last.setdefault(noted.condition_id, noted)
    return list(last.values())


def _check_owner(patient: Patient, noted: PatientCondition) -> None:
    if noted.patient_id != patient.id:
        raise ValueError("this condition is another patient's")


def _current(patient_id: UUID, condition_id: UUID) -> PatientCondition | None:
    return db.session.scalar(
        select(PatientCondition).where(
            PatientCondition.patient_id == patient_id,
            PatientCondition.condition_id == condition_id,
            PatientCondition.ended_at.is_(None),
        )
    )


def _newest(noted: PatientCondition) -> PatientCondition:
    """What stands, or stood last, where ``noted`` was."""
    rows = db.session.scalars(
        select(PatientCondition)
        .where(
            PatientCondition.patient_id == noted.patient_id,
            PatientCondition.condition_id == noted.condition_id,
        )
        .options(joinedload(PatientCondition.condition))
        .execution_options(populate_existing=True)
    )
    return max(rows, key=lambda row: (row.ended_at is None, row.noted_at, row.until is not None))


def _add(
    patient_id: UUID, condition_id: UUID, facts: ConditionFacts, by: Actor, now: datetime
) -> None:
    """One more row; one with a last day has ended already."""
    person = person_id(by)
    db.session.add(
        PatientCondition(
            id=uuid4(),
            patient_id=patient_id,
            condition_id=condition_id,
            noted_at=now,
            noted_by=person,
            side=facts.side,
            since=facts.since,
            until=facts.until,
            ended_at=now if facts.until else None,
            ended_by=person if facts.until else None,
        )
    )
