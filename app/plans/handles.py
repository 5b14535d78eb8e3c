"""Who a plan belongs to: all that a guard asks, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select

from app.database import db, read_rows
from app.patients.models import CareTeamMember, Patient
from app.plans.models import Plan, PlanRevision, Prescription


@dataclass(frozen=True)
class PatientHandle:
    """Whose record, and who treats them: what the policy asks."""

    id: UUID
    name: str
    person_id: UUID | None
    team: frozenset[UUID]


@dataclass(frozen=True)
class PlanHandle:
    """A plan as its pages need it: who it belongs to, and nothing that changes with a revision."""

    id: UUID
    code: str
    patient: PatientHandle


_HANDLE = (
    select(
        Plan.id,
        Plan.code,
        Patient.id.label("patient_id"),
        Patient.name,
        Patient.person_id,
        CareTeamMember.therapist_id,
    )
    .join(Patient, Patient.id == Plan.patient_id)
    .outerjoin(CareTeamMember, CareTeamMember.patient_id == Patient.id)
)
_BY_ID = _HANDLE.where(Plan.id == bindparam("plan_id"))
_BY_CODE = _HANDLE.where(Plan.code == bindparam("code"))


def find_plan(plan_id: UUID) -> PlanHandle | None:
    """The plan with its patient and care team, in one statement."""
    return _plan(read_rows(_BY_ID, {"plan_id": plan_id}))


def find_plan_by_code(code: str) -> PlanHandle | None:
    """The plan that has this code for life."""
    return _plan(read_rows(_BY_CODE, {"code": code}))


def _plan(rows: Sequence[Row[UUID, str, UUID, str, UUID | None, UUID]]) -> PlanHandle | None:
    if not rows:
        return None
    first = rows[0]
    team = frozenset(row.therapist_id for row in rows if row.therapist_id)
    patient = PatientHandle(first.patient_id, first.name, first.person_id, team)
    return PlanHandle(first.id, first.code, patient)


@dataclass(frozen=True)
class PrescriptionHandle:
    """A prescription by its id, and whose it is."""

    id: UUID
    plan: PlanHandle

    @property
    def patient(self) -> PatientHandle:
        return self.plan.patient


@dataclass(frozen=True)
class RevisionHandle:
    """An approved revision by its number; ``newest`` is the number of the one in force."""

    plan: PlanHandle
    number: int
    newest: int

    @property
    def id(self) -> UUID:
        return self.plan.id

    @property
    def is_old(self) -> bool:
        """Whether another one is in force."""
        return self.number != self.newest

    @property
    def patient(self) -> PatientHandle:
        return self.plan.patient


def find_prescription(prescription_id: UUID) -> PrescriptionHandle | None:
    """A prescription of an approved revision."""
    plan_id = db.session.scalar(
        select(PlanRevision.plan_id)
        .join(Prescription, Prescription.revision_id == PlanRevision.id)
        .where(Prescription.id == prescription_id, PlanRevision.number.is_not(None))
    )
    plan = find_plan(plan_id) if plan_id else None
    return PrescriptionHandle(prescription_id, plan) if plan else None


def find_revision(plan_id: UUID, number: int) -> RevisionHandle | None:
    """The approved revision ``number`` of a plan."""
    plan = find_plan(plan_id)
    newest = db.session.scalar(
        select(func.max(PlanRevision.number)).where(PlanRevision.plan_id == plan_id)
    )
    if plan is None or not newest or not 0 < number <= newest:
        return None
    return RevisionHandle(plan, number, newest)
