"""A clinic with very many patients, written in bulk: for measuring what growth costs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select, text, update

from app import create_app, migrating
from app.accounts.models import Account
from app.accounts.sessions import open_session
from app.audit.service import Operator
from app.catalogue.models import Condition, Exercise, ExerciseRevision
from app.catalogue.seeding import seed_catalogue
from app.clock import now
from app.config import ROOT, Settings
from app.database import db, note_statistics
from app.patients.models import CareTeamMember, Patient, PatientCondition, PatientNameWord
from app.patients.rules import name_key, record_key
from app.plans.models import EventKind, Plan, PlanEvent, PlanRevision, Prescription
from app.policy import Role
from benchmarks.clinic import cookie_for

CASELOAD = 300
PART = 5_000
SYLLABLES = """
    ma ro li sa ben tor kel vi an ne da fi gu hor is jo ka len mi no ol pa qui ra so ta ul wen
""".split()  # noqa: SIM905  # shorter to read so

Row = dict[str, Any]


@dataclass(frozen=True)
class Crowd:
    """Whose cookie opens what; the therapist's first patient, and one late in the list."""

    cookies: dict[str, str]
    patient: UUID
    name: str
    born: date
    late: UUID


def make_crowd(url: str, folder: Path, patients: int) -> tuple[Flask, Crowd]:
    """A migrated database with so many patients; four of five have an approved plan or a draft."""
    environ = {
        "HOMESTRETCH_DEMO": "1",
        "HOMESTRETCH_INSTANCE_DIR": str(folder),
        "HOMESTRETCH_DATABASE_URL": url,
    }
    app = create_app(Settings.load(environ))
    migrating.enable(app)
    app.config["WTF_CSRF_ENABLED"] = False  # the search is a form, and its page is not measured
    with app.app_context():
        upgrade()
        seed_catalogue(ROOT / "seed_data", by=Operator(), now=now())
        db.session.commit()
        crowd = _fill(app, patients)
        _tidy_up()
    return app, crowd


def _tidy_up() -> None:
    """Statistics, which SQLite takes at every start, and PostgreSQL in time; and no room for what
    was changed."""
    note_statistics(db.session.connection())
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("RESET statement_timeout"))


def _fill(app: Flask, number: int) -> Crowd:
    """Every therapist has ``CASELOAD`` patients; a remainder of ``number`` is left out."""
    instant = now()
    therapists = [uuid4() for _ in range(number // CASELOAD)]
    number = len(therapists) * CASELOAD
    admin = uuid4()
    db.session.execute(
        insert(Account),
        [
            *(account_row(id_, f"therapist{n}", Role.THERAPIST, instant)
              for n, id_ in enumerate(therapists)),
            account_row(admin, "admin", Role.ADMIN, instant),
        ],
    )  # fmt: skip
    people = add_patients(therapists, number, instant)
    own = sorted(
        (one for one in people[:: len(therapists)] if not one["archived_at"]),
        key=lambda one: (one["name_key"], one["id"]),
    )
    cookies = {}
    for name, id_ in (("therapist", therapists[0]), ("admin", admin)):
        token = open_session(db.session.get_one(Account, id_), instant).token
        cookies[name] = cookie_for(app, token)
    db.session.commit()
    first, late = own[0], own[len(own) // 2]
    return Crowd(cookies, first["id"], first["name_key"], first["birth_date"], late["id"])


def add_patients(therapists: list[UUID], number: int, instant: datetime) -> list[Row]:
    """Patients, each therapist's turn to have one; a third of them archived.

    One in thirty has knee pain. A therapist's own are the same people with the same plans in a
    clinic of any size: only the crowd around them grows.
    """
    people = [_patient(*divmod(n, len(therapists)), instant) for n in range(number)]
    _write(Patient, people)
    _write(PatientNameWord, _words(people))
    team = [
        {
            "patient_id": one["id"],
            "name_key": one["name_key"],
            "therapist_id": therapists[n % len(therapists)],
            "since": instant,
        }
        for n, one in enumerate(people)
    ]
    _write(CareTeamMember, team)
    knee_pain = db.session.scalars(select(Condition.id).where(Condition.slug == "knee-pain")).one()
    _write(
        PatientCondition,
        [
            {"id": uuid4(), "patient_id": member["patient_id"], "condition_id": knee_pain,
             "noted_at": instant, "noted_by": member["therapist_id"]}
            for n, member in enumerate(team)
            if n // len(therapists) % 30 == 6
        ],
    )  # fmt: skip
    _add_plans(people, therapists, instant)
    db.session.commit()
    return people


def account_row(id_: UUID, name: str, role: Role, instant: datetime) -> Row:
    return {
        "id": id_, "email": f"{name}@example.org", "name": name, "name_key": name.casefold(),
        "password_hash": "none", "roles": frozenset({role}), "created_at": instant,
    }  # fmt: skip


def _patient(turn: int, therapist: int, instant: datetime) -> Row:
    chance = random.Random(f"{therapist} {turn}")
    name = " ".join("".join(chance.choices(SYLLABLES, k=3)).capitalize() for _ in range(2))
    return {
        "id": UUID(int=chance.getrandbits(128), version=4), "name": name,
        "name_key": name_key(name),
        "birth_date": date(1940, 1, 1) + timedelta(chance.randrange(25_000)),
        "record_number": (number := f"B-{therapist}-{turn}"), "record_key": record_key(number),
        "version": 1,
        "created_at": instant, "archived_at": instant if chance.random() < 1 / 3 else None,
    }  # fmt: skip


def _words(people: list[Row]) -> Iterator[Row]:
    for one in people:
        for word in sorted(set(one["name_key"].split())):
            yield {"word": word, "name_key": one["name_key"], "patient_id": one["id"]}


def _add_plans(people: list[Row], therapists: list[UUID], instant: datetime) -> None:
    """Written as drafts; then most are approved, because nothing else can be written approved.

    One in ten has a withheld start, one in twenty ended.
    """
    exercises = db.session.execute(
        select(Exercise.id, ExerciseRevision.id)
        .join(ExerciseRevision, ExerciseRevision.exercise_id == Exercise.id)
        .order_by(Exercise.slug)
        .limit(3)
    ).all()
    plans, revisions, rows, ends = [], [], [], []
    for n, one in enumerate(people):
        turn, place = divmod(n, len(therapists))
        if turn % 5 == 4:
            continue
        plan, revision, therapist = uuid4(), uuid4(), therapists[place]
        plans.append(
            {"id": plan, "patient_id": one["id"], "code": f"B{place}T{turn}",
             "created_by": therapist, "created_at": instant}
        )  # fmt: skip
        revisions.append(
            {"id": revision, "plan_id": plan, "title": "Plan" if turn % 7 else "Draft",
             "weekdays": 0, "version": 1, "created_by": therapist, "created_at": instant,
             "saved_at": instant}
        )  # fmt: skip
        withheld = turn % 10 == 1
        rows += [
            {"id": uuid4(), "revision_id": revision, "thread_id": uuid4(), "place": place,
             "exercise_id": exercise, "exercise_revision_id": pinned, "position": "standing",
             "sets": 1, "weekdays": 0, "side": "both", "load": "", "note": "",
             "start_state": "withheld" if withheld and not place else "dated",
             "start_on": None if withheld and not place else instant.date()}
            for place, (exercise, pinned) in enumerate(exercises)
        ]  # fmt: skip
        if turn % 20 == 3:
            ends.append(
                {"plan_id": plan, "kind": EventKind.ENDED.value, "at": instant,
                 "day": instant.date(), "by": therapist, "reason": ""}
            )  # fmt: skip
    tables = ((Plan, plans), (PlanRevision, revisions), (Prescription, rows), (PlanEvent, ends))
    for model, some in tables:
        _write(model, some)
    approved = [r["id"] for r in revisions if r["title"] == "Plan"]
    for at in range(0, len(approved), PART):
        db.session.execute(
            update(PlanRevision)
            .where(PlanRevision.id.in_(approved[at : at + PART]))
            .values(number=1, approved_by=PlanRevision.created_by, approved_at=instant, told={})
            .execution_options(synchronize_session=False)
        )


def _write(model: type[Any], rows: Iterator[Row] | list[Row]) -> None:
    """In parts, so that no statement grows with the clinic."""
    waiting = iter(rows)
    while part := list(islice(waiting, PART)):
        db.session.execute(insert(model.__table__), part)
