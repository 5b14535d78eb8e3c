"""Two patients with full records, so that there is something to steal from each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.access import SignedIn
from app.accounts.links import make_link, token_of
from app.accounts.models import Account, SignIn
from app.accounts.rules import Purpose
from app.accounts.sessions import open_session
from app.audit.models import AuditRow, StrangerRefusal
from app.catalogue.drafts import submit_draft
from app.catalogue.rules import ExerciseText
from app.catalogue.service import find_handout, list_conditions
from app.clock import now, today
from app.database import Base, db
from app.patients.emergencies import begin_emergency
from app.patients.service import edit_patient, find_patient, note_condition
from app.plans import approval, handles, reads, service
from app.plans.models import PlanRevision
from app.plans.review import review_draft
from app.plans.rows import write_row
from app.plans.rules import Defaults, Frequency, RowValues, Start
from tests.access_lost import lose_two, remove_one
from tests.factories import Cast, CastMember, find_cast, sign_in_token
from tests.visitor import Visitor

CANARY = "Zyzzyva"
CLINIC = approval.Clinic("Riverside Clinic", "555-0100", "911")


@dataclass(frozen=True)
class Things:
    """What belongs to one patient, and what the addresses call it."""

    patient_id: UUID
    plan_id: UUID
    number: int
    prescription_id: UUID
    exercise_id: UUID
    code: str
    picture: str
    draft_id: UUID
    draft_version: int
    withheld_thread: UUID
    condition_id: UUID
    noted_id: UUID
    account_id: UUID
    email: str
    invitation: str
    """The token of a link, as are the next two."""
    reset: str
    new_address: str
    other_therapist_id: UUID
    exercise_draft_id: UUID
    emergency_id: UUID
    canary: str
    """A part of the patient's name, titles, notes and reasons that stands nowhere else."""


def furnish(
    patient: CastMember, therapist: CastMember, stranger: CastMember, admin: CastMember
) -> Things:
    """Give ``patient`` a record, an approved plan and a draft, in ``therapist``'s name.

    And ``admin`` a draft of an exercise, which is nobody's in particular.
    """
    by = _acting(therapist)
    canary = f"{CANARY}{patient.name.lower()}"
    record = find_patient(patient.patient_id or uuid4())
    assert record is not None
    edit_patient(record, f"{patient.name} {canary}", None, canary, based_on=1, by=by, now=now())
    conditions = {condition.slug: condition for condition in list_conditions()}
    knee, other = conditions["knee-pain"], conditions["hip-pain"]
    note_condition(record, knee, by=by, now=now())
    db.session.commit()
    record = find_patient(record.id)
    assert record is not None
    handle = handles.PatientHandle(record.id, record.name, record.person_id, record.team)
    handout = find_handout("T680")
    plan_id = service.start_plan(
        handle, f"Plan {canary}", by=by, now=now(), handout=handout
    ).id  # fmt: skip
    plan = handles.find_plan(plan_id)
    draft = reads.find_draft(plan_id)
    assert plan is not None
    assert draft is not None
    _fill(draft, canary)
    _answer_all(plan, draft, by, f"Reason {canary}")
    revision = approval.approve_revision(
        plan, draft.id, based_on=draft.version, clinic=CLINIC, by=by, now=now(), today=today()
    )
    first, *_, last = reads.list_rows(revision.id)
    newer = service.open_draft(plan, by=by, now=now())
    visitor = open_session(db.session.get_one(Account, stranger.id), now())
    emergency = begin_emergency(uuid4(), record, f"Pain {canary}", by=visitor, now=now())
    db.session.commit()
    return Things(
        patient_id=record.id,
        plan_id=plan.id,
        number=1,
        prescription_id=first[0].id,
        exercise_id=first[0].exercise_id,
        code="T680",
        picture=first[1].text.variants[0].steps[0].picture or "",
        draft_id=newer.id,
        draft_version=newer.version,
        withheld_thread=last[0].thread_id,
        condition_id=other.id,
        noted_id=record.conditions[0].id,
        account_id=patient.id,
        email=patient.email,
        invitation=_token(patient, Purpose.INVITATION, ""),
        reset=_token(patient, Purpose.RESET, patient.email),
        new_address=_token(patient, Purpose.NEW_EMAIL, f"new.{patient.email}"),
        other_therapist_id=stranger.id,
        exercise_draft_id=_draft_an_exercise(admin, first[1].text),
        emergency_id=emergency.id,
        canary=canary,
    )


def _draft_an_exercise(admin: CastMember, text: ExerciseText) -> UUID:
    draft = submit_draft(uuid4(), text, by=_acting(admin), now=now())
    db.session.commit()
    return draft.id


def _token(member: CastMember, purpose: Purpose, email: str) -> str:
    account = db.session.get_one(Account, member.id)
    link, _new = make_link(account, purpose, email, id=uuid4(), by=None, now=now())
    db.session.commit()
    return token_of(link) or ""


def _acting(member: CastMember) -> SignedIn:
    return SignedIn(member.id, member.email, member.name, member.roles, uuid4(), "", now())


def _fill(draft: PlanRevision, canary: str) -> None:
    """Complete doses; everything may begin today, the last exercise is withheld."""
    rows = reads.list_rows(draft.id)
    for row, value in rows:
        start = Start.withheld() if row is rows[-1][0] else Start.on(today())
        dose = replace(value.dose, frequency=Frequency(2, 7), load=canary)
        write_row(row, RowValues(row.id, value.position, dose, start, None, f"Note {canary}"))
    db.session.flush()


def _answer_all(plan: handles.PlanHandle, draft: PlanRevision, by: SignedIn, reason: str) -> None:
    review = review_draft(plan, draft)
    reasons = tuple(service.Reason(w.prescription_id, w.cause, reason) for w in review.warnings)
    values = service.DraftValues(
        title=draft.title,
        defaults=Defaults(),
        rows=(),
        reasons=reasons,
        based_on=draft.version,
    )
    service.save_draft(plan, values, by=by, now=now())


COUNTED = frozenset({"audit", "audit_heads", "stranger_refusals", "try_buckets"})
"""What a refusal writes: that it was refused, and that it was tried."""


def digest(app: Flask, *, without: frozenset[str] = COUNTED) -> dict[str, int]:
    """A fingerprint of every table but those ``without``: equal means that nothing changed."""
    with app.app_context():
        found, connection = {}, db.session.connection()
        what = "*" if connection.dialect.name == "sqlite" else "CAST(one AS text)"
        for table in Base.metadata.sorted_tables:
            if table.name not in without:
                rows = connection.exec_driver_sql(f"SELECT {what} FROM {table.name} AS one")
                found[table.name] = hash(tuple(sorted(repr(tuple(row)) for row in rows)))
        db.session.rollback()
        return found


def audit_rows(app: Flask, after: int = 0) -> list[AuditRow]:
    """The audit rows after the one with number ``after``, in order."""
    with app.app_context():
        rows = list(
            db.session.scalars(select(AuditRow).where(AuditRow.seq > after).order_by(AuditRow.seq))
        )
        db.session.expunge_all()
        db.session.rollback()
        return rows


def refusals_of_strangers(app: Flask) -> int:
    """How many are counted at the moment."""
    with app.app_context():
        counted = db.session.scalar(select(func.sum(StrangerRefusal.times))) or 0
        db.session.rollback()
        return int(counted)


def last_audit_seq(app: Flask) -> int:
    with app.app_context():
        seq = db.session.scalar(select(func.max(AuditRow.seq))) or 0
        db.session.rollback()
        return seq


def _let_time_pass() -> None:
    """Nobody signed in just now, so what changes how one gets in asks for it first."""
    before = now() - timedelta(hours=1)
    db.session.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(verified_at=before))
    db.session.commit()


@dataclass
class World:
    """An application with two furnished patients, and a browser for each of the cast."""

    app: Flask
    cast: Cast
    things: Mapping[str, Things]
    browsers: Mapping[str, Visitor]
    removed_id: UUID
    """Rhea's, who treats nobody any more."""
    tokens: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    """The last digest, if only :meth:`unchanged` is used."""
    heard: tuple[int, int] = (0, 0)
    """How far :meth:`news` told: the audit's last number, and the count of strangers' refusals."""

    @contextmanager
    def unchanged(self, *besides: str) -> Iterator[None]:
        """What is done inside changes no table but those ``besides``."""
        before = self.seen or digest(self.app)
        yield
        self.seen = digest(self.app)
        changed = {name for name, found in self.seen.items() if found != before[name]}
        assert changed <= set(besides)

    def news(self) -> tuple[list[AuditRow], int]:
        """The audit's rows since this was asked last, and how many refusals were only counted."""
        seq, counted = self.heard
        with self.app.app_context():
            new = select(AuditRow).where(AuditRow.seq > seq).order_by(AuditRow.seq)
            rows = list(db.session.scalars(new))
            times = db.session.scalar(select(func.sum(StrangerRefusal.times))) or 0
            db.session.expunge_all()
            db.session.rollback()
        self.heard = (rows[-1].seq if rows else seq, int(times))
        return rows, int(times) - counted

    def send(self, name: str, method: str, path: str, form: Mapping[str, object]) -> TestResponse:
        """A form comes with a token that is right, so that nothing but the guard refuses it."""
        data = {key: str(value) for key, value in form.items()}
        if method == "POST":
            if name not in self.tokens:
                self.tokens[name] = self.browsers[name].open("/help").csrf_token
            data["csrf_token"] = self.tokens[name]
        return self.browsers[name].client.open(path, method=method, data=data)


@dataclass(frozen=True)
class Furnished:
    """A database with two furnished patients, to be copied. ``tokens``: whose session is which."""

    url: str
    cast: Cast
    things: Mapping[str, Things]
    tokens: Mapping[str, str]
    removed_id: UUID

    def world(self, app: Flask) -> World:
        """``app``, on a copy of it."""
        browsers = {name: Visitor(app, token) for name, token in self.tokens.items()}
        everybody = browsers | {"nobody": Visitor(app)}
        return World(app, self.cast, self.things, everybody, self.removed_id)


def furnish_database(app: Flask, url: str) -> Furnished:
    with app.app_context():
        cast = find_cast()
        removed_id, removed = remove_one(cast)  # whose leaving would withdraw the letters
        things = {
            "pia": furnish(cast.pia, cast.theo, cast.tess, cast.ada),
            "paul": furnish(cast.paul, cast.tess, cast.theo, cast.ada),
        }
        members = {name: getattr(cast, name) for name in Cast.__dataclass_fields__}
        tokens = {name: sign_in_token(who) for name, who in members.items()} | lose_two(cast)
        tokens["rhea"] = removed
        _let_time_pass()
        db.session.remove()
        db.engine.dispose()
    return Furnished(url, cast, things, tokens, removed_id)
