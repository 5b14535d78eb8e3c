"""The clinic that is measured: the demonstration, and a caseload of 300 patients."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app, migrating
from app.accounts.models import Account
from app.accounts.sessions import open_session
from app.audit.service import Operator
from app.catalogue.service import find_handout
from app.clock import now
from app.config import Settings
from app.database import db
from app.patients.models import Patient
from app.patients.service import add_patient
from app.plans.handles import PatientHandle
from app.plans.models import Plan
from app.plans.service import start_plan
from app.seeding import seed

CASELOAD = 300
FIRST = ("Ana", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gina", "Hugo", "Ines", "Jan")
LAST = ("Abel", "Berg", "Cole", "Diaz", "Egger", "Frey", "Gold", "Hahn", "Ito", "Klein")


@dataclass(frozen=True)
class Clinic:
    """Where to look, and whose cookie opens it."""

    environ: dict[str, str]
    plan_path: str
    draft_path: str
    patient_cookie: str
    therapist_cookie: str


def make_clinic(folder: Path) -> tuple[Flask, Clinic]:
    """A migrated database in ``folder`` with the demonstration and the caseload."""
    environ = {"HOMESTRETCH_DEMO": "1", "HOMESTRETCH_INSTANCE_DIR": str(folder)}
    app = create_app(Settings.load(environ))
    migrating.enable(app)
    with app.app_context():
        upgrade()
        list(seed(demo=True))
        accounts = {a.email: a for a in db.session.scalars(select(Account))}
        therapist = accounts["therapist@example.org"]
        by = Operator(therapist.id, frozenset(therapist.roles))
        for n in range(CASELOAD - 2):
            name = f"{FIRST[n % 10]} {LAST[n // 10 % 10]} {n}"
            born = date(1930, 1, 1) + timedelta(days=77 * n)
            add_patient(uuid4(), name, born, f"B-{n}", by=by, now=now())
        plan_id = db.session.scalars(select(Plan.id)).one()
        nora = db.session.scalars(select(Patient).where(Patient.record_number == "DEMO-2")).one()
        handle = PatientHandle(nora.id, nora.name, nora.person_id, frozenset())
        handout = find_handout("T680")
        draft = start_plan(handle, "Upper back", by=by, now=now(), handout=handout)
        db.session.commit()
        tokens = {
            email: open_session(accounts[email], now()).token
            for email in ("patient@example.org", "therapist@example.org")
        }
        db.session.commit()
        upgrade()  # as every start does: SQLite counts its tables
    clinic = Clinic(
        environ,
        f"/plans/{plan_id}",
        f"/plans/{draft.id}/edit",
        cookie_for(app, tokens["patient@example.org"]),
        cookie_for(app, tokens["therapist@example.org"]),
    )
    return app, clinic


def cookie_for(app: Flask, token: str) -> str:
    """The session cookie of somebody who signed in with ``token``."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # of Flask's own cookie session
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token})}"


def table(rows: list[dict[str, object]]) -> str:
    """``rows`` as text, columns as wide as their widest cell."""
    heads = list(rows[0])
    cells = [[str(row[head]) for head in heads] for row in rows]
    widths = [max(len(head), *(len(c[n]) for c in cells)) for n, head in enumerate(heads)]
    lines = [heads, ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in lines
    )


def write_results(path: Path, results: object) -> None:
    path.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
