"""A plan as its builder opens: whose it is, its draft, and all short lists, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, select

from app.access import signed_in_person
from app.catalogue.favourites import FAVOURITES, read_favourites
from app.catalogue.ladder import LINKS, Ladder, is_linked, read_ladders
from app.catalogue.texts import Listed
from app.database import db
from app.listed import listed
from app.patients.models import CareTeamMember, Patient
from app.plans.handles import PatientHandle, PlanHandle
from app.plans.models import Plan, PlanRevision, Prescription
from app.plans.on_record import ON_RECORD, OnRecord, read_on_record

_TEAM = select(CareTeamMember.therapist_id).where(CareTeamMember.patient_id == Patient.id)
_LINKS = (
    LINKS.join(Prescription, is_linked(Prescription.exercise_id.expression))
    .join(PlanRevision, PlanRevision.id == Prescription.revision_id)
    .where(PlanRevision.plan_id == bindparam("plan_id"), PlanRevision.number.is_(None))
)
AT_HAND = (
    listed(FAVOURITES).label("favourites"),
    listed(_LINKS).label("links"),
)
_AT_HAND = select(*AT_HAND)
_DESK = (
    select(
        Plan.id,
        Plan.code,
        Patient.id.label("patient_id"),
        Patient.name,
        Patient.person_id,
        listed(_TEAM, Patient).label("team"),
        PlanRevision,
        *ON_RECORD,
        *AT_HAND,
    )
    .join(Patient, Patient.id == Plan.patient_id)
    .outerjoin(PlanRevision, and_(PlanRevision.plan_id == Plan.id, PlanRevision.number.is_(None)))
    .where(Plan.id == bindparam("plan_id"))
)


@dataclass(frozen=True)
class AtHand:
    """What the person at the builder may add: favourites, and what is harder or easier."""

    favourites: Sequence[Listed]
    ladders: Mapping[UUID, Ladder]


@dataclass(frozen=True)
class Desk:
    """A plan's draft, if there is one, and what its builder shows beside it."""

    plan: PlanHandle
    draft: PlanRevision | None
    on_record: OnRecord
    at_hand: AtHand

    shown_as = "plan"

    @property
    def id(self) -> UUID:
        return self.plan.id

    @property
    def patient(self) -> PatientHandle:
        return self.plan.patient


def find_desk(plan_id: UUID) -> Desk | None:
    """For the person who is signed in."""
    asked = {"plan_id": plan_id, "account_id": signed_in_person().id}
    row = db.session.execute(_DESK, asked).one_or_none()
    if row is None:
        return None
    team = frozenset(therapist_id for (therapist_id,) in row.team)
    patient = PatientHandle(row.patient_id, row.name, row.person_id, team)
    plan = PlanHandle(row.id, row.code, patient)
    return Desk(plan, row.PlanRevision, read_on_record(row), _read_at_hand(row))


def find_at_hand(plan_id: UUID) -> AtHand:
    """The same of a builder that is shown again."""
    asked = {"plan_id": plan_id, "account_id": signed_in_person().id}
    return _read_at_hand(db.session.execute(_AT_HAND, asked).one())


def _read_at_hand(row: Row[*tuple[Any, ...]]) -> AtHand:
    return AtHand(read_favourites(row.favourites), read_ladders(row.links))
