"""Lists of patients and therapists: each in one statement, a page at a time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Select, String, func, select, type_coerce

from app.accounts.models import Account
from app.accounts.service import names_begin_with
from app.database import db
from app.paging import Page, fetch_page
from app.patients import rules
from app.patients.models import CareTeamMember, Patient
from app.policy import Role

MOST_THERAPISTS = 500


def list_my_patients(therapist_id: UUID, after: UUID | None = None) -> Page[Patient]:
    """The patients whose care team this therapist is on, by name."""
    return fetch_page(_patients_of(therapist_id), Patient.name_key, Patient.id, after)


def search_my_patients(therapist_id: UUID, words: str) -> Page[Patient]:
    """Those of them with all ``words`` at the beginning of a name, or with that record number."""
    found = _patients_of(therapist_id).where(
        names_begin_with(Patient.name_key, words)
        | (func.lower(Patient.record_number) == words.lower())
    )
    return fetch_page(found, Patient.name_key, Patient.id, None)


def find_namesake(
    therapist_id: UUID, name: str, birth_date: date | None, *, besides: UUID
) -> Patient | None:
    """A patient of this therapist with the same name and birth date: perhaps the same person."""
    return db.session.scalar(
        _patients_of(therapist_id)
        .where(
            Patient.name_key == rules.name_key(name),
            Patient.birth_date == birth_date,
            Patient.id != besides,
        )
        .order_by(Patient.created_at, Patient.id)
        .limit(1)
    )


def list_therapists() -> list[Account]:
    """Everybody who may be on a care team, by name."""
    roles = type_coerce(Account.roles, String)
    return list(
        db.session.scalars(
            select(Account)
            .where(roles.contains(Role.THERAPIST.value), Account.disabled_at.is_(None))
            .order_by(Account.name_key, Account.id)
            .limit(MOST_THERAPISTS)
        )
    )


def _patients_of(therapist_id: UUID) -> Select[Patient]:
    return (
        select(Patient)
        .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
        .where(CareTeamMember.therapist_id == therapist_id)
    )
