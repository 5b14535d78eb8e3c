"""Letting a patient sign in: by mail, or with a letter where there is no e-mail address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.accounts.invitations import add_invited, send_invitation, withdraw_invitation
from app.accounts.links import open_link
from app.accounts.models import Account, Link
from app.accounts.rules import Purpose
from app.audit.service import Actor
from app.database import db
from app.errors import N_, RuleBroken
from app.patients.models import Patient
from app.patients.records import lock
from app.patients.service import link_account
from app.policy import Role

ONLY_PATIENT = {Role.PATIENT}


def invite_patient(
    patient: Patient, email: str, *, id: UUID, by: Actor, now: datetime
) -> tuple[Link, bool]:
    """A new link for ``patient``, to ``email`` or for a letter; and whether it is new.

    With a letter somebody who forgot their password chooses another one. The first invitation
    makes the account. Raises RuleBroken.
    """
    lock(patient)
    db.session.refresh(patient, ("person_id",))
    if patient.person_id is None:
        account = add_invited(email, patient.name, ONLY_PATIENT, by=by, now=now)
        link_account(patient, account, by=by, now=now)
    else:
        account = patient_account(patient)
    return send_invitation(account, email, id=id, by=by, now=now)


def withdraw_from_patient(patient: Patient, *, by: Actor, now: datetime) -> None:
    """The open link works no more."""
    if patient.person_id is not None:
        withdraw_invitation(patient_account(patient), by=by, now=now)


def open_invitation(patient: Patient, now: datetime) -> Link | None:
    """The link that is open; none where it would open a colleague's account."""
    person = patient.person
    if person is None or person.roles != ONLY_PATIENT:
        return None
    return open_link(person.id, Purpose.INVITATION, now)


def patient_account(patient: Patient) -> Account:
    """The account of somebody who is a patient and nothing else: no colleague is let in by this."""
    account = db.session.get_one(Account, patient.person_id)
    if account.roles != ONLY_PATIENT:
        raise RuleBroken(N_("This patient works here, too. An administrator can help."))
    return account
