"""Three people at the real application, over HTTP, for the lifecycle's property test.

Pages are not parsed here as a browser would, only searched: the story's tests look at pages,
these look at thousands of states.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select

from app.access import SignedIn
from app.accounts.models import Account, SignIn
from app.accounts.sessions import digest
from app.audit.service import Operator
from app.catalogue.service import (
    find_exercise,
    find_handout,
    list_conditions,
    list_exercises_by_slug,
)
from app.clock import day_of
from app.database import db
from app.patients.models import PatientCondition
from app.patients.service import add_patient, link_account
from app.plans import lists, reads
from app.plans.models import EventKind, PlanEvent
from app.plans.reads import Moment
from app.plans.sheet import PlanSheet, Safety
from app.policy import Role
from app.text import search_key
from tests.factories import CastMember, find_cast
from tests.plans.lifecycle_forms import row_form, span_words
from tests.plans.lifecycle_model import Draft, Exercise, Row, Version
from tests.plans.watching import flags_of
from tests.support import NOON, TestClock
from tests.visitor import Visitor

OFTEN = {"often-times_per_day": "2", "often-days": "7"}


@dataclass
class Patient:
    """A patient nobody has treated before, so that no run knows of another."""

    id: UUID
    account: Account


class Clinic:
    """Ada, Theo and one fresh patient after the other, on one application."""

    def __init__(self, app: Flask, clock: TestClock) -> None:
        self.app, self.clock = app, clock
        self.zone = app.extensions["homestretch_settings"].time_zone
        self.ada, self.theo, self.pia = Visitor(app), Visitor(app), Visitor(app)
        self.tokens = {id(v): v.open("/help").csrf_token for v in (self.ada, self.theo, self.pia)}
        with app.app_context():
            cast = find_cast()
            self.staff = {id(self.ada): cast.ada, id(self.theo): cast.theo}
            self.by = _acting(cast.theo)
            handout = find_handout("T680")
            assert handout is not None
            found = list_exercises_by_slug(handout.text.exercises)
            self.exercises = [_exercise(one) for one in found]
            knee = next(c for c in list_conditions() if c.slug == "knee-pain")
            self.knee_id = knee.id
            caution = next(c for one in found for c in one.text.cautions)
            self.knee_version = f"{caution.level}:{caution.sentence}"
            db.session.rollback()
        self.most_flags = 0
        self.patient: Patient | None = None
        self.plan_id: UUID | None = None

    @property
    def today(self) -> date:
        return day_of(self.clock(), self.zone)

    @property
    def plan(self) -> str:
        return f"/plans/{self.plan_id}"

    def next_patient(self) -> None:
        """Somebody new with an account, and the clock where every run begins."""
        self.clock.instant = NOON
        with self.app.app_context():
            name, now = f"Pat {uuid4().hex[:8]}", self.clock()
            account = Account(
                id=uuid4(), email=f"{uuid4().hex}@example.org", name=name,
                name_key=search_key(name), password_hash="none",
                roles=frozenset({Role.PATIENT}), created_at=now,
            )  # fmt: skip
            db.session.add(account)
            record = add_patient(uuid4(), name, None, "", by=self.by, now=now)
            db.session.commit()
            link_account(record, account, by=Operator(), now=now)
            db.session.commit()
            self.patient = Patient(record.id, account)
        self.sign_in()

    def sign_in(self) -> None:
        """Everybody begins a session now; after some days no older one is alive."""
        assert self.patient is not None
        ids = {key: member.id for key, member in self.staff.items()}
        with self.app.app_context():
            for visitor in (self.ada, self.theo, self.pia):
                token, now = uuid4().hex, self.clock()
                account_id = ids.get(id(visitor), self.patient.account.id)
                db.session.add(
                    SignIn(
                        token_hash=digest(token), account_id=account_id,
                        created_at=now, seen_at=now, verified_at=now,
                    )
                )  # fmt: skip
                with visitor.client.session_transaction() as session:
                    session["_user_id"] = token
                    session.pop("_flashes", None)
            db.session.commit()

    def pass_days(self, days: int) -> None:
        self.clock.move(days=days)
        self.sign_in()

    def send(self, path: str, data: dict[str, str] | None = None, expect: int = 303) -> str:
        """Theo sends a form; gives where he is led."""
        form = {"csrf_token": self.tokens[id(self.theo)], **(data or {})}
        answer = self.theo.client.post(path, data=form)
        assert answer.status_code == expect, (
            f"{answer.status_code} for {path} with {data}: {answer.get_data(as_text=True)}"
        )
        return str(answer.headers.get("Location", ""))

    def read(self, path: str, expect: int = 200, by: Visitor | None = None) -> str:
        """The main part of a page as the patient (or ``by``) gets it."""
        answer = (by or self.pia).client.get(path)
        assert answer.status_code == expect, f"{answer.status_code} for {path}"
        body = answer.get_data(as_text=True)
        return body.partition("<main")[2].partition("</main>")[0]

    def start_plan(self, title: str, handout: str = "") -> None:
        assert self.patient is not None
        self.plan_id = uuid4()
        data = {"title": title, "new_id": str(self.plan_id), "handout": handout}
        self.send(f"/patients/{self.patient.id}/plans/new", data)

    def saved_rows(self) -> tuple[str, str, list[tuple[str, str, str]]]:
        """The draft's id and version, and (id, thread, exercise) of its rows in order."""
        assert self.plan_id is not None
        with self.app.app_context():
            draft = reads.find_draft(self.plan_id)
            assert draft is not None
            rows = [
                (str(row.id), str(row.thread_id), str(row.exercise_id))
                for row, _value in reads.list_rows(draft.id)
            ]
            found = str(draft.id), str(draft.version), rows
            db.session.rollback()
        return found

    def builder_form(self, draft: Draft, reasons: Sequence[tuple[Row, str]] = ()) -> dict[str, str]:
        """What the builder's form holds when ``draft`` is typed into it."""
        draft_id, version, _rows = self.saved_rows()
        form = {"draft": draft_id, "based_on": version, "save_key": str(uuid4())}
        form |= {"title": draft.title, "start_on": "", "q": "", **OFTEN}
        for number, row in enumerate(draft.rows):
            form |= {f"rows-{number}-{key}": said for key, said in row_form(row).items()}
            asked = [(r, cause) for r, cause in reasons if r.id == row.id]
            for place, (_row, cause) in enumerate(asked):
                answer = f"rows-{number}-answers-{place}"
                key, version = self._cause(row, cause)
                form |= {f"{answer}-key": key, f"{answer}-version": version}
                form |= {f"{answer}-text": "It was looked at with care."}
        return form

    def _cause(self, row: Row, cause: str) -> tuple[str, str]:
        exercise = UUID(row.exercise.id).hex[:8]
        kind, _colon, about = cause.partition(":")
        if kind == "knee":
            return "condition:knee-pain", f"{exercise} {self.knee_version}"
        if kind == "twice":
            return kind, about
        if kind == "text":
            return kind, self._newest_text(row.exercise)
        if kind == "stopped":
            threads = {UUID(stop.partition("=")[2]) for stop in about.split()}
            return kind, f"{exercise} {self._stops_of(threads)}"
        assert row.repetitions is not None
        usual = f"{span_words(row.repetitions)} of {span_words(row.exercise.repetitions)}"
        return "dose:repetitions", f"{exercise} {usual}"

    def _stops_of(self, threads: Collection[UUID]) -> str:
        """The numbers of the last stop of each of these threads."""
        last = select(func.max(PlanEvent.seq)).where(
            PlanEvent.thread_id.in_(threads), PlanEvent.kind == EventKind.STOPPED.value
        )
        with self.app.app_context():
            found = sorted(db.session.scalars(last.group_by(PlanEvent.thread_id)))
            db.session.rollback()
        return " ".join(map(str, found))

    def _newest_text(self, exercise: Exercise) -> str:
        with self.app.app_context():
            found = find_exercise(UUID(exercise.id))
            assert found is not None
            newest = found.current.id.hex
            db.session.rollback()
        return newest

    def revise(self, exercise: Exercise, title_mark: str, step_mark: str) -> None:
        """Ada corrects the title and the first step in the catalogue's editor."""
        title = f"{exercise.name} {title_mark}"
        typed: dict[str, Any] = {
            "title": title,
            "variants-0-steps-0-text": f"Begin slowly {step_mark}.",
        }
        self.ada.open(f"/catalogue/{exercise.id}/edit").submit("Publish", **typed)
        assert "is published" in self.ada.text
        exercise.versions.append(Version(title, frozenset({step_mark})))

    def set_knee_pain(self, has_it: bool) -> None:
        assert self.patient is not None
        where = f"/patients/{self.patient.id}/conditions"
        if has_it:
            self.send(where, {"do": "note", "condition": str(self.knee_id)})
            return
        with self.app.app_context():
            noted = db.session.scalars(
                select(PatientCondition.id).where(
                    PatientCondition.patient_id == self.patient.id,
                    PatientCondition.ended_at.is_(None),
                )
            ).one()
            db.session.rollback()
        self.send(where, {"do": f"end:{noted}"})

    def look_at_what_is_flagged(self) -> None:
        """Of all lives so far: nothing that is flagged is missed among the watched plans."""
        with self.app.app_context():
            self.most_flags = max(self.most_flags, len(flags_of(self.by.id, self.today)))

    def sheet_at_approval(self, number: int) -> PlanSheet | None:
        """What revision ``number`` told at the moment of its approval; None if there is none."""
        assert self.plan_id is not None
        with self.app.app_context():
            lines = lists.list_revisions(self.plan_id)
            at = next((line.at for line in lines if line.number == number), None)
            moment = Moment(at or self.clock(), self.zone, Safety("555-0100", "911"))
            sheet = reads.read_revision_sheet(self.plan_id, number, moment)
            db.session.rollback()
        # Ends and stops are events beside the revisions: they are left out of what one says.
        return replace(sheet, ended_on=None, stopped_on=None, has_stops=False) if sheet else None


def _acting(member: CastMember) -> SignedIn:
    return SignedIn(member.id, member.email, member.name, member.roles, uuid4(), "", NOON)


def _exercise(found: object) -> Exercise:
    text, id_ = found.text, found.id  # type: ignore[attr-defined]  # an Exercise of the catalogue
    hold, repetitions = text.dose.hold, text.dose.repetitions
    return Exercise(
        id=str(id_),
        name=text.title,
        position=text.variants[0].position.value,
        hold=(hold.low, hold.high) if hold else None,
        repetitions=(repetitions.low, repetitions.high),
        versions=[Version(text.title)],
    )
