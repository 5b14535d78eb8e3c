"""What is on record about a plan and its patient: short lists, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select

from app.catalogue.models import Condition
from app.database import db
from app.listed import listed
from app.patients.models import Patient, PatientCondition
from app.patients.rules import BodySide
from app.patients.words import condition_words
from app.plans.models import Plan
from app.plans.past_stops import PastStop, past_stops_of, read_past_stops
from app.plans.reads import Answers, answers_of, read_answers

_CONDITIONS = (
    select(Condition.name_key, Condition.slug, Condition.name, PatientCondition.side)
    .join(PatientCondition, PatientCondition.condition_id == Condition.id)
    .where(PatientCondition.patient_id == Patient.id, PatientCondition.ended_at.is_(None))
)
CONDITIONS = listed(_CONDITIONS, Patient).label("conditions")
"""What is true of the Patient now, for :func:`read_conditions`."""
ANSWERS = listed(answers_of(Plan.id.expression), Plan).label("answers")
"""The reasons at the Plan's warnings, for :func:`reads.read_answers`."""
_STOPS = listed(past_stops_of(Patient.id.expression), Patient).label("stops")
ON_RECORD = (CONDITIONS, _STOPS, ANSWERS)
"""For :func:`read_on_record`."""

_OF_PLAN = (
    select(*ON_RECORD)
    .select_from(Plan)
    .join(Patient, Patient.id == Plan.patient_id)
    .where(Plan.id == bindparam("plan_id"))
)


@dataclass(frozen=True)
class OnRecord:
    """What is true of the patient (slug -> name), the stops of all their plans, and the answers to
    this plan's warnings."""

    conditions: Mapping[str, str]
    stops: tuple[PastStop, ...]
    answers: Answers


def find_on_record(plan_id: UUID) -> OnRecord:
    """In one statement."""
    return read_on_record(db.session.execute(_OF_PLAN, {"plan_id": plan_id}).one())


def read_on_record(row: Row[*tuple[Any, ...]]) -> OnRecord:
    return OnRecord(
        read_conditions(row.conditions), read_past_stops(row.stops), read_answers(row.answers)
    )


def read_conditions(rows: Iterable[Iterable[Any]]) -> dict[str, str]:
    """Slug -> name with its side, by name."""
    found = sorted(map(tuple, rows))
    return {slug: condition_words(name, BodySide(side)) for _key, slug, name, side in found}
