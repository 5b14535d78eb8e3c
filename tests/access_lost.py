"""People who were let in once and are not any more, while they are signed in."""

from __future__ import annotations

from uuid import UUID, uuid4

from app.accounts.managing import change_roles, disable_account
from app.accounts.service import add_account
from app.accounts.sessions import open_session
from app.clock import now
from app.database import db
from app.patients.service import find_patient
from app.patients.team import add_to_team, remove_from_team
from app.policy import Role
from tests.factories import Cast, put_on_team
from tests.plans.made import acting


def lose_two(cast: Cast) -> dict[str, str]:
    """Dora and Rolf treat both patients and are signed in. Then Dora is disabled, and Rolf made a
    patient; gives the tokens that they still have."""
    tokens, ada = {}, acting(cast.ada)
    for name in ("Dora", "Rolf"):
        email, roles = f"{name.lower()}@example.org", {Role.THERAPIST}
        account = add_account(email, name, roles, "none", by=ada, now=now())
        for patient in (cast.pia, cast.paul):
            put_on_team(patient.patient_id, account.id)
        tokens[email.partition("@")[0]] = open_session(account, now()).token
        db.session.commit()
        if name == "Dora":
            disable_account(account, "left", by=ada, now=now())
        else:
            change_roles(account, {Role.PATIENT}, "left", by=ada, now=now())
        db.session.commit()
    return tokens


def remove_one(cast: Cast) -> tuple[UUID, str]:
    """Rhea treats both patients, is signed in, and then is on neither care team any more."""
    ada = acting(cast.ada)
    account = add_account("rhea@example.org", "Rhea", {Role.THERAPIST}, "none", by=ada, now=now())
    token = open_session(account, now()).token
    for member in (cast.pia, cast.paul):
        patient = find_patient(member.patient_id or uuid4())
        assert patient is not None
        add_to_team(patient, account, by=ada, now=now())
        db.session.commit()
        remove_from_team(patient, account.id, by=ada, now=now())
        db.session.commit()
    return account.id, token
