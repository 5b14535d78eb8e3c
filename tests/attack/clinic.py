"""A clinic that is served for real, with people of every role in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from argon2 import PasswordHasher
from flask import Flask

from app import create_app
from app.accounts.models import Account
from app.accounts.service import add_account
from app.accounts.sessions import open_session
from app.audit.service import Operator
from app.clock import now
from app.config import Settings
from app.database import db
from app.patients.service import add_patient, find_patient, link_account
from app.policy import Role
from tests.access_lost import lose_two
from tests.access_world import Things, furnish
from tests.attack.agent import Agent
from tests.attack.gate import Gate
from tests.attack.server import Server
from tests.factories import PASSWORD, Cast, CastMember, find_cast, make_cast
from tests.plans.made import acting

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Of old and weak parameters, so that hundreds of wrong guesses are soon refused; whoever gets in
has it hashed anew."""
KEYS = ("SECRET_KEY", "AUDIT_KEY", "SECOND_FACTOR_KEYS")


@dataclass
class Clinic:
    """``app`` is the same clinic seen from this process: for preparing, and for looking after.

    ``lost`` are the tokens of those whose account was disabled or who lost their role.
    """

    app: Flask
    server: Server
    gate: Gate
    cast: Cast
    things: Mapping[str, Things]
    lost: Mapping[str, str]
    agents: dict[str, Agent] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["homestretch_settings"]
        return found

    def agent(self, name: str) -> Agent:
        """The client of one of the cast, dora or rolf, signed in; "nobody" is a stranger."""
        if name not in self.agents:
            self.agents[name] = self._first(name)
        return self.agents[name]

    def enter(self, member: CastMember, since: timedelta = timedelta()) -> Agent:
        """One more client, in which ``member`` has been signed in for so long."""
        with self.app.app_context():
            account = db.session.get_one(Account, member.id)
            token = open_session(account, now() - since).token
            db.session.commit()
            return self._with(token)

    def stranger(self) -> Agent:
        return Agent(self.gate)

    def add(self, name: str, *roles: Role) -> CastMember:
        """One more person, for what would spoil the others."""
        email = f"{name.lower()}@example.org"
        with self.app.app_context():
            account = add_account(email, name, roles, QUICK, by=Operator(), now=now())
            db.session.commit()
            return CastMember(account.id, email, name, account.roles)

    def add_patient_of(self, carer: CastMember, name: str) -> CastMember:
        """One more patient with an account."""
        member = self.add(name, Role.PATIENT)
        with self.app.app_context():
            record = add_patient(uuid4(), name, None, "", by=acting(carer), now=now())
            db.session.commit()
            found = find_patient(record.id)
            assert found is not None
            account = db.session.get_one(Account, member.id)
            link_account(found, account, by=Operator(), now=now())
            db.session.commit()
            return CastMember(member.id, member.email, name, member.roles, found.id)

    def furnish(self, patient: CastMember, carer: CastMember) -> Things:
        with self.app.app_context():
            return furnish(patient, carer, self.cast.tess, self.cast.ada)

    def _first(self, name: str) -> Agent:
        if name == "nobody":
            return self.stranger()
        return self._with(self.lost[name]) if name in self.lost else self.enter(self.member(name))

    def member(self, name: str) -> CastMember:
        found: CastMember = getattr(self.cast, name)
        return found

    def _with(self, token: str) -> Agent:
        sessions: Any = self.app.session_interface
        value = sessions.get_signing_serializer(self.app).dumps({"_user_id": token})
        return Agent(self.gate, {str(self.app.config["SESSION_COOKIE_NAME"]): value})


@contextmanager
def open_clinic(database_url: str, folder: Path) -> Iterator[Clinic]:
    """Serve a clinic on an empty database: `make serve` makes its tables."""
    gate = Gate(folder)
    settings = _settings(database_url, folder, gate.origin)
    server = Server(settings, folder / "server.log")
    gate.behind = server.port
    try:
        server.start()
        with patch.dict(os.environ, settings):
            app = create_app(Settings.load())
        with app.app_context():
            make_cast()
            cast = find_cast()
            things = {
                "pia": furnish(cast.pia, cast.theo, cast.tess, cast.ada),
                "paul": furnish(cast.paul, cast.tess, cast.theo, cast.ada),
            }
            lost = lose_two(cast)
        yield Clinic(app, server, gate, cast, things, lost)
        with app.app_context():
            db.engine.dispose()
    finally:
        server.stop()
        gate.close()


def _settings(database_url: str, folder: Path, origin: str) -> dict[str, str]:
    """A real clinic's, with its keys in files."""
    files = {}
    for name in KEYS:
        path = folder / name.lower()
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
        files[f"HOMESTRETCH_{name}_FILE"] = str(path)
    return files | {
        "HOMESTRETCH_DATABASE_URL": database_url,
        "HOMESTRETCH_INSTANCE_DIR": str(folder / "instance"),
        "HOMESTRETCH_BASE_URL": origin,
        "HOMESTRETCH_PROXY_HOPS": "1",
        "HOMESTRETCH_CLINIC_NAME": "Riverside Clinic",
        "HOMESTRETCH_CLINIC_PHONE": "555-0142",
        "HOMESTRETCH_EMERGENCY_NUMBER": "911",
    }
