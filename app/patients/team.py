"""Who treats a patient: one team at a time, or a whole caseload handed over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, func, insert, literal, select
from sqlalchemy.orm import joinedload

from app.accounts.invitations import withdraw_letters
from app.accounts.models import Account
from app.audit.service import About, Actor, record_all
from app.database import db
from app.errors import N_, RuleBroken
from app.patients.models import CareTeamMember, Patient
from app.patients.records import changed, lock
from app.policy import Role


def add_to_team(
    patient: Patient, therapist: Account, *, by: Actor, now: datetime, reason: str = ""
) -> None:
    """Let one more therapist see and treat this patient."""
    _check_therapist(therapist)
    db.session.refresh(patient, ("name_key",), with_for_update=True)
    if therapist.id in _team_ids(patient):
        return
    db.session.add(
        CareTeamMember(
            patient_id=patient.id,
            name_key=patient.name_key,
            therapist_id=therapist.id,
            since=now,
        )
    )
    changed("add-to-team", patient, by, now, "members", reason=reason)


def remove_from_team(
    patient: Patient, therapist_id: UUID, *, by: Actor, now: datetime, reason: str = ""
) -> None:
    """Take a therapist off the team, never the last one: somebody must answer for a patient.

    A letter that they may have printed lets nobody in as the patient any more.
    """
    lock(patient)
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
    changed("remove-from-team", patient, by, now, "members", reason=reason)
    withdraw_letters(_accounts_of([patient.id]), by=by, now=now)


@dataclass(frozen=True)
class Caseload:
    """How many patients a therapist answers for; ``archived`` of them are not in treatment."""

    patients: int
    archived: int


def count_caseload(therapist_id: UUID, chosen: Collection[UUID] | None = None) -> Caseload:
    """All of them, or those among ``chosen``."""
    total, archived = db.session.execute(
        _handed(therapist_id, chosen).with_only_columns(
            func.count(), func.count(Patient.archived_at), maintain_column_froms=True
        )
    ).one()
    return Caseload(total, archived)


def hand_over(
    giver_id: UUID,
    taker: Account,
    chosen: Collection[UUID] | None,
    *,
    reason: str,
    by: Actor,
    now: datetime,
) -> int:
    """``taker`` treats the giver's patients (all, or those ``chosen``) in the giver's place.

    Gives how many. Each patient's audit says it, with the reason. Archived patients go along:
    somebody answers for them, too. Sent twice, the second finds nobody left.
    """
    _check_therapist(taker)
    if taker.id == giver_id:
        raise RuleBroken(N_("Choose another therapist than the one who hands over."), field="taker")
    handed = _handed(giver_id, chosen).order_by(Patient.id).with_for_update(of=Patient)
    ids = list(db.session.scalars(handed))
    for some in _parts(ids):
        there = select(CareTeamMember.patient_id).where(CareTeamMember.therapist_id == taker.id)
        db.session.execute(
            insert(CareTeamMember).from_select(
                ["patient_id", "name_key", "therapist_id", "since"],
                select(
                    Patient.id,
                    Patient.name_key,
                    literal(taker.id, CareTeamMember.therapist_id.type),
                    literal(now, CareTeamMember.since.type),
                ).where(Patient.id.in_(some), Patient.id.not_in(there)),
            )
        )
        db.session.execute(
            delete(CareTeamMember).where(
                CareTeamMember.therapist_id == giver_id, CareTeamMember.patient_id.in_(some)
            )
        )
        withdraw_letters(_accounts_of(some), by=by, now=now)
    abouts = [About("patient", patient_id, patient_id) for patient_id in ids]
    record_all("hand-over", abouts, by=by, now=now, changed=("members",), reason=reason)
    return len(ids)


_WITH_TEAM = (
    select(Patient)
    .where(Patient.id == bindparam("patient_id"))
    .options(joinedload(Patient.members).joinedload(CareTeamMember.therapist))
)


def find_team(patient_id: UUID) -> Patient | None:
    """A patient with the care team and nothing else that the record says of them."""
    found = db.session.scalars(_WITH_TEAM, {"patient_id": patient_id})
    return found.unique().one_or_none()


def _handed(giver_id: UUID, chosen: Collection[UUID] | None) -> Select[UUID]:
    statement = (
        select(Patient.id)
        .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
        .where(CareTeamMember.therapist_id == giver_id)
    )
    return statement if chosen is None else statement.where(Patient.id.in_(chosen))


def _accounts_of(patient_ids: list[UUID]) -> list[UUID]:
    """Of those who can sign in, or are invited."""
    known = Patient.id.in_(patient_ids), Patient.person_id.is_not(None)
    return [found for found in db.session.scalars(select(Patient.person_id).where(*known)) if found]


def _parts(ids: list[UUID], size: int = 500) -> list[list[UUID]]:
    """So many at once: databases bound the parameters of a statement."""
    return [ids[at : at + size] for at in range(0, len(ids), size)]


def _check_therapist(account: Account) -> None:
    if Role.THERAPIST not in account.roles or account.disabled_at is not None:
        raise RuleBroken(N_("Choose a therapist of this clinic."), field="therapist")


def _team_ids(patient: Patient) -> frozenset[UUID]:
    found = select(CareTeamMember.therapist_id).where(CareTeamMember.patient_id == patient.id)
    return frozenset(db.session.scalars(found))
