"""A copied cookie opens nothing any more once its session is over, however it ended."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import update

from app.accounts.models import Account, Passkey, SignIn
from app.clock import now
from app.database import db
from app.policy import Role
from tests.access_world import digest
from tests.accounts.posted import link_of, posted
from tests.attack.agent import Agent
from tests.attack.clinic import Clinic
from tests.factories import PASSWORD, CastMember, give_app

NEW_PASSWORD = "seven tall herons wading slowly"
NUMBERS = count(1)


@dataclass
class Robbed:
    """Somebody whose cookies were copied while they were signed in."""

    clinic: Clinic
    member: CastMember
    own: Agent
    patient_id: object

    def from_another_device(self) -> Agent:
        return self.clinic.enter(self.member)

    def by_admin(self, **fields: object) -> None:
        """Ada presses a button on this person's page."""
        path = f"/people/{self.member.id}"
        answer = self.clinic.agent("ada").post(path, {"reason": "A lost phone", **fields})
        assert (answer.status, answer.location) == (303, path)

    def date_back(self, **columns: timedelta) -> None:
        """As if so long had passed since."""
        with self.clinic.app.app_context():
            values = {name: now() - ago for name, ago in columns.items()}
            mine = SignIn.account_id == self.member.id
            db.session.execute(update(SignIn).where(mine).values(values))
            db.session.commit()


def _sign_out(robbed: Robbed) -> None:
    assert robbed.own.post("/sign-out").status == 303


def _end_one(robbed: Robbed) -> None:
    other = robbed.from_another_device()
    page = other.get("/account").page
    (button,) = page.select("button[name=do][value^='end:']")
    assert other.post("/account/sessions", {"do": button["value"]}).status == 303
    assert other.is_let_in()


def _end_all(robbed: Robbed) -> None:
    other = robbed.from_another_device()
    assert other.post("/account/sessions", {"do": "end-others"}).status == 303
    assert other.is_let_in()


def _change_password(robbed: Robbed) -> None:
    words = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert robbed.own.post("/account/password", words).location == "/account"
    assert robbed.own.is_let_in(), "whoever changed it stays signed in, with another cookie"


def _set_anew(robbed: Robbed) -> None:
    """By the link of a mail, as somebody who forgot it."""
    clinic, stranger = robbed.clinic, robbed.clinic.stranger()
    assert stranger.post("/forgotten", {"email": robbed.member.email}).status == 303
    path = link_of(posted(clinic.settings)[-1], clinic.settings)
    words = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert stranger.post(path, words).location == "/sign-in"


def _remove_the_app(robbed: Robbed) -> None:
    """From another device, where there is a passkey, too."""
    with robbed.clinic.app.app_context():
        key = {"public_key": b"x", "sign_count": 0, "created_at": now(), "name": "Key"}
        mine = {"account_id": robbed.member.id, "credential_id": secrets.token_bytes(16)}
        db.session.add(Passkey(**key, **mine))
        db.session.commit()
    other = robbed.from_another_device()
    assert other.post("/account/second-factor", {"do": "remove-app"}).location == "/account"
    assert other.is_let_in()


def _sign_in_anew(robbed: Robbed) -> None:
    """In the same browser, whose former session ends with that."""
    robbed.own.sign_in(robbed.member.email, PASSWORD)


DEATHS: dict[str, Callable[[Robbed], None]] = {
    "signed out": _sign_out,
    "ended from another device": _end_one,
    "all others ended": _end_all,
    "password changed": _change_password,
    "password set anew by mail": _set_anew,
    "an app removed elsewhere": _remove_the_app,
    "signed in anew": _sign_in_anew,
    "disabled": lambda robbed: robbed.by_admin(do="disable"),
    "another role": lambda robbed: robbed.by_admin(do="roles", roles="patient"),
    "signed out by an administrator": lambda robbed: robbed.by_admin(do="sign-out"),
    "second factor reset": lambda robbed: robbed.by_admin(do="second-factor"),
    "not used for half an hour": lambda robbed: robbed.date_back(seen_at=timedelta(minutes=30)),
}


@pytest.fixture
def robbed(clinic: Clinic) -> Robbed:
    number = next(NUMBERS)
    member = clinic.add(f"Robin{number}", Role.THERAPIST)
    patient = clinic.add_patient_of(member, f"Quinn{number}")
    with clinic.app.app_context():
        give_app(db.session.get_one(Account, member.id))
    return Robbed(clinic, member, clinic.enter(member), patient.patient_id)


@pytest.mark.parametrize("death", DEATHS)
def test_a_copied_cookie_dies_with_its_session(death: str, clinic: Clinic, robbed: Robbed) -> None:
    thief = robbed.own.twin()
    page = f"/patients/{robbed.patient_id}"
    assert thief.get(page).status == 200
    token = thief.token
    DEATHS[death](robbed)
    before = digest(clinic.app)
    answer = thief.get(page)
    assert (answer.status, answer.location) == (303, f"/sign-in?next={page}")
    assert thief.post(f"{page}/edit", {"name": "X", "based_on": 1}, token=token).status == 401
    assert thief.get("/account/recovery-codes").status == 303
    assert digest(clinic.app) == before


@pytest.mark.parametrize(("minutes", "is_let_in"), [(11 * 60 + 58, True), (12 * 60, False)])
def test_a_cookie_in_use_dies_after_twelve_hours(
    minutes: int, is_let_in: bool, clinic: Clinic, robbed: Robbed
) -> None:
    """When a session began cannot be altered in the database, so this one began then."""
    thief = clinic.enter(robbed.member, since=timedelta(minutes=minutes))
    robbed.date_back(seen_at=timedelta())
    assert thief.is_let_in() == is_let_in
