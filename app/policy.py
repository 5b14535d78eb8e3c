"""Who may do what. Pure: every rule on one screen, asked by guards and templates alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Role(StrEnum):
    """What a person may be; one person may be several."""

    ADMIN = "admin"
    THERAPIST = "therapist"
    PATIENT = "patient"


@dataclass(frozen=True)
class Emergency:
    """That a session may open the record of a patient of others, until an instant."""

    id: UUID
    patient_id: UUID
    until: datetime


class Person(Protocol):
    """``emergency`` is the one that lasts now, in this session."""

    @property
    def id(self) -> UUID: ...
    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def emergency(self) -> Emergency | None: ...


class PatientRecord(Protocol):
    """A patient as the rules see one: whose record it is, and who treats them."""

    @property
    def id(self) -> UUID: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def team(self) -> frozenset[UUID]: ...


class HasPatient(Protocol):
    """Anything that belongs to one patient: a plan, one of its revisions, a prescription."""

    @property
    def patient(self) -> PatientRecord: ...


class HasAuthor(Protocol):
    """Something that one person wrote and another one is to look at."""

    @property
    def author_id(self) -> UUID: ...


class HasReaders(Protocol):
    """Something that is for everybody, or for staff alone."""

    @property
    def is_public(self) -> bool: ...


def is_admin(person: Person) -> bool:
    return Role.ADMIN in person.roles


def is_therapist(person: Person) -> bool:
    return Role.THERAPIST in person.roles


def is_patient(person: Person) -> bool:
    return Role.PATIENT in person.roles


def is_staff(person: Person) -> bool:
    return is_admin(person) or is_therapist(person)


def is_signed_in(_person: Person) -> bool:
    return True


def can_read_catalogue(person: Person) -> bool:
    return is_staff(person)


def can_edit_catalogue(person: Person) -> bool:
    return is_admin(person)


def can_see_draft(person: Person, _draft: HasAuthor) -> bool:
    return is_admin(person)


def can_change_draft(person: Person, draft: HasAuthor) -> bool:
    """Its author alone: change it, or drop it."""
    return is_admin(person) and person.id == draft.author_id


def can_review_draft(person: Person, draft: HasAuthor) -> bool:
    """Somebody else than the author: publish it, or send it back."""
    return is_admin(person) and person.id != draft.author_id


def can_read_handout(person: Person | None, handout: HasReaders) -> bool:
    """Everybody, signed in or not; or staff alone."""
    return handout.is_public or (person is not None and is_staff(person))


def can_read_audit(person: Person) -> bool:
    return is_admin(person)


def can_list_patients(person: Person) -> bool:
    return is_therapist(person)


def can_add_patient(person: Person) -> bool:
    return is_therapist(person)


def is_on_team(person: Person, patient: PatientRecord) -> bool:
    return is_therapist(person) and person.id in patient.team


def is_emergency(person: Person, patient: PatientRecord) -> bool:
    """Whether this therapist's emergency access, which lasts now, is for this patient."""
    lasting = person.emergency
    return is_therapist(person) and lasting is not None and lasting.patient_id == patient.id


def can_see_patient(person: Person, patient: PatientRecord) -> bool:
    """A therapist on the care team, or in an emergency. Being an admin opens no record."""
    return is_on_team(person, patient) or is_emergency(person, patient)


def can_edit_patient(person: Person, patient: PatientRecord) -> bool:
    return can_see_patient(person, patient)


def can_keep_patient(person: Person, patient: PatientRecord) -> bool:
    """Say who is on the team and whether the treatment is over: not what an emergency is for."""
    return is_on_team(person, patient)


def can_open_in_emergency(person: Person) -> bool:
    return is_therapist(person)


def can_acknowledge_emergency(person: Person, thing: HasPatient) -> bool:
    """The care team and the admins are told of each emergency access."""
    return is_admin(person) or is_on_team(person, thing.patient)


def can_invite_patient(person: Person, patient: PatientRecord) -> bool:
    """Give a patient their link to sign in, by mail or by letter. Whoever holds it is let in as
    the patient, longer than an emergency lasts."""
    return is_on_team(person, patient)


def can_manage_people(person: Person) -> bool:
    """Invite, disable, give roles, end sessions. It opens no patient's record."""
    return is_admin(person)


def can_hand_over(person: Person) -> bool:
    """Give one's own patients to another therapist."""
    return is_therapist(person)


def can_assign_teams(person: Person) -> bool:
    """Say who treats whom, for the whole clinic, by names alone: it opens no record."""
    return is_admin(person)


def can_assign_team(person: Person, _patient: PatientRecord) -> bool:
    return can_assign_teams(person)


def can_write_plan(person: Person, thing: HasPatient) -> bool:
    """Write, approve, change, reprint an old revision or end."""
    return can_see_patient(person, thing.patient)


def can_see_plan(person: Person, thing: HasPatient) -> bool:
    """The care team, and the patient: what each of them sees of it is the sheet's business."""
    return can_write_plan(person, thing) or is_own(person, thing)


def is_own(person: Person, thing: HasPatient) -> bool:
    """Whether ``thing`` is this very patient's. Nobody's record (None) is nobody's."""
    owner = thing.patient.person_id
    return is_patient(person) and owner is not None and owner == person.id
