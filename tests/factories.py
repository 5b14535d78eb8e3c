"""The cast of the tests, and short ways to what they need. All through the real services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pyotp
from flask import current_app
from sqlalchemy import select

from app.accounts.models import Account, Authenticator
from app.accounts.sealing import seal
from app.accounts.service import add_person
from app.accounts.sessions import open_session
from app.audit.service import Operator
from app.catalogue.seeding import seed_catalogue
from app.clock import now
from app.config import ROOT
from app.database import db
from app.patients.models import CareTeamMember, Patient
from app.patients.service import add_patient, find_patient, link_account
from app.plans.blueprint import facts
from app.plans.clinic_history import note_facts
from app.policy import Role

PASSWORD = "correct horse battery staple"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""What the authenticator apps of the staff make their codes from."""


@dataclass(frozen=True)
class CastMember:
    """One person of the cast; ``patient_id`` is the record of a patient."""

    id: UUID
    email: str
    name: str
    roles: frozenset[Role]
    patient_id: UUID | None = None
    session_id: UUID | None = None
    emergency: None = None


@dataclass(frozen=True)
class Cast:
    """Ada keeps the catalogue. Pia is Theo's patient, Paul is Tess's."""

    ada: CastMember
    theo: CastMember
    tess: CastMember
    pia: CastMember
    paul: CastMember


def make_cast() -> None:
    """Fill an empty, migrated database with the catalogue, the handout and the cast."""
    operator, instant = Operator(), now()
    note_facts(facts(), instant)
    seed_catalogue(ROOT / "seed_data", by=operator, now=instant)
    people = {
        name: add_person(
            f"{name.lower()}@example.org", name, roles, PASSWORD, by=operator, now=instant
        )
        for name, roles in (
            ("Ada", {Role.ADMIN}),
            ("Theo", {Role.THERAPIST}),
            ("Tess", {Role.THERAPIST}),
            ("Pia", {Role.PATIENT}),
            ("Paul", {Role.PATIENT}),
        )
    }
    db.session.commit()
    for name in ("Ada", "Theo", "Tess"):
        give_app(people[name])
    for therapist, patient in (("Theo", "Pia"), ("Tess", "Paul")):
        by = _member(people[therapist])
        record = add_patient(uuid4(), patient, None, "", by=by, now=instant)
        db.session.commit()
        found = find_patient(record.id)
        assert found is not None
        link_account(found, people[patient], by=operator, now=instant)
        db.session.commit()


def give_app(account: Account) -> None:
    keys = current_app.extensions["homestretch_settings"].second_factor_keys
    sealed = seal(APP_SECRET, str(account.id), keys)
    db.session.add(
        Authenticator(
            account_id=account.id,
            key_id=sealed.key_id,
            secret=sealed.data,
            last_step=0,
            created_at=now(),
        )
    )
    db.session.commit()


def app_code(instant: datetime) -> str:
    """What the app of any of the staff shows at ``instant``."""
    return pyotp.TOTP(APP_SECRET).at(instant)


def find_cast() -> Cast:
    accounts = {a.name.lower(): _member(a) for a in db.session.scalars(select(Account))}
    db.session.rollback()
    return Cast(**{name: accounts[name] for name in Cast.__dataclass_fields__})


def put_on_team(patient_id: UUID | None, account_id: UUID) -> None:
    """As nobody may: without a look at who is put there."""
    patient = db.session.get_one(Patient, patient_id)
    db.session.add(
        CareTeamMember(
            patient_id=patient.id, name_key=patient.name_key, therapist_id=account_id, since=now()
        )
    )


def sign_in_token(member: CastMember) -> str:
    """Open a session for ``member`` without the password's slow hash."""
    token = open_session(db.session.get_one(Account, member.id), now()).token
    db.session.commit()
    return token


def _member(account: Account) -> CastMember:
    patient_id = db.session.scalar(select(Patient.id).where(Patient.person_id == account.id))
    return CastMember(account.id, account.email, account.name, account.roles, patient_id)
