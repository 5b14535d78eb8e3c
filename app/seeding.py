"""What a new clinic starts with, and the made-up people of a demonstration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy import Connection, exists, select

from app.accounts.models import Account
from app.accounts.passwords import verify_password
from app.accounts.service import add_person, find_by_email
from app.audit.service import Operator
from app.catalogue.models import Exercise
from app.catalogue.seeding import seed_catalogue
from app.catalogue.service import find_handout, list_conditions
from app.clock import day_of, now
from app.config import PREFIX, ROOT, Settings, SettingsError
from app.database import db, note_statistics
from app.patients.models import Patient
from app.patients.service import add_patient, link_account, note_condition
from app.plans.approval import Clinic
from app.plans.demo import make_demo_plan
from app.plans.handles import PatientHandle
from app.policy import Role

SEED_DATA = ROOT / "seed_data"
DEMO_PASSWORD = "gentle-stretch-every-day"  # noqa: S105  # a demonstration's, printed for all


class NotForPatients(SettingsError):
    """The demonstration's people, with a password that everybody knows, have no place here."""


def seed(*, demo: bool) -> Iterator[str]:
    """Load the catalogue where it is empty, and with ``demo`` its people; gives lines to print."""
    settings: Settings = current_app.extensions["homestretch_settings"]
    if demo and not settings.demo:
        raise NotForPatients(
            "The demonstration has a password that everybody knows. "
            "Set HOMESTRETCH_DEMO=1 if no real patient is on this database."
        )
    if not db.session.scalar(select(exists().where(Exercise.id.is_not(None)))):
        added = seed_catalogue(SEED_DATA, by=Operator(), now=now())
        db.session.commit()
        yield f"{added} entries added to the catalogue."
    if demo:
        people = _demo()
        if find_by_email(people["people"][0]["email"]) is None:
            _add_demo(people, settings, now())
            db.session.commit()
        yield settings.base_url
        for person in people["people"]:
            yield f"{person['email']}  {DEMO_PASSWORD}"
    db.session.rollback()
    note_statistics(db.session.connection())
    db.session.commit()


def refuse_demo_people(connection: Connection) -> None:
    """Raises SettingsError where somebody can sign in with the password that everybody knows."""
    emails = [person["email"] for person in _demo()["people"]]
    known = select(Account.email, Account.password_hash).where(
        Account.email.in_(emails), Account.disabled_at.is_(None)
    )
    for email, stored in connection.execute(known):
        if verify_password(stored, DEMO_PASSWORD):
            raise SettingsError(
                f"This database has the demonstration's people: {email} can sign in with a "
                "password that everybody knows. Serve a database of your own: set "
                f"{PREFIX}DATABASE_URL, or {PREFIX}INSTANCE_DIR to another folder."
            )


def _demo() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SEED_DATA / "demo.json").read_text(encoding="utf-8"))
    return found


def _add_demo(demo: dict[str, Any], settings: Settings, instant: datetime) -> None:
    by = Operator()
    people = {
        person["email"]: add_person(
            person["email"],
            person["name"],
            map(Role, person["roles"]),
            DEMO_PASSWORD,
            by=by,
            now=instant,
        )
        for person in demo["people"]
    }
    conditions = {condition.slug: condition for condition in list_conditions()}
    for one in demo["patients"]:
        therapist = _as_actor(people[one["therapist"]])
        patient = add_patient(
            uuid4(),
            one["name"],
            date.fromisoformat(one["birth_date"]),
            one["record_number"],
            by=therapist,
            now=instant,
        )
        for slug in one["conditions"]:
            note_condition(patient, conditions[slug], by=therapist, now=instant)
        if one["account"]:
            link_account(patient, people[one["account"]], by=by, now=instant)
        if one["plan"]:
            _add_demo_plan(patient, one["plan"], therapist, settings, instant)


def _add_demo_plan(
    patient: Patient, plan: dict[str, Any], by: Operator, settings: Settings, instant: datetime
) -> None:
    handout = find_handout(plan["handout"])
    if handout is None:
        raise LookupError(f"the demonstration's plan needs handout {plan['handout']}")
    make_demo_plan(
        PatientHandle(patient.id, patient.name, patient.person_id, frozenset()),
        handout,
        plan["withheld"],
        clinic=Clinic(settings.clinic_name, settings.clinic_phone, settings.emergency_number),
        by=by,
        now=instant,
        today=day_of(instant, settings.time_zone),
    )


def _as_actor(account: Account) -> Operator:
    """The server's own hand, in the name of a person of the demonstration."""
    return Operator(account.id, frozenset(account.roles))
