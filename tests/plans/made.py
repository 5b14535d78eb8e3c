"""Plans made by the real services, without a browser: for tests of what comes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.access import SignedIn
from app.audit.models import AuditRow
from app.catalogue.rules import Grade
from app.catalogue.service import (
    find_handout,
    list_conditions,
    list_exercises_by_slug,
    revise_exercise,
)
from app.clock import now, today
from app.database import db
from app.patients.service import find_patient, note_condition
from app.plans import approval, events, handles, reads, service
from app.plans.handles import PatientHandle, PlanHandle
from app.plans.models import PlanRevision
from app.plans.review import review_draft
from app.plans.rules import Defaults, Frequency, Prescribed, RowValues, Start
from tests.factories import CastMember

CLINIC = approval.Clinic("Riverside Clinic", "555-0100", "911")
TWICE_DAILY = Frequency(times_per_day=2, days_per_week=7)

Change = Callable[[Prescribed], RowValues]


@dataclass(frozen=True)
class Made:
    """A plan of the handout's six exercises and who writes it."""

    plan: PlanHandle
    by: SignedIn

    @property
    def id(self) -> UUID:
        return self.plan.id

    @property
    def path(self) -> str:
        return f"/plans/{self.plan.id}"

    @property
    def draft(self) -> PlanRevision:
        found = reads.find_draft(self.plan.id)
        assert found is not None
        return found

    @property
    def rows(self) -> list[Prescribed]:
        """What is in force, or the draft where nothing is."""
        revision = reads.find_in_force(self.plan.id) or self.draft
        return [value for _row, value in reads.list_rows(revision.id)]

    @property
    def draft_rows(self) -> list[Prescribed]:
        return [value for _row, value in reads.list_rows(self.draft.id)]

    def titled(self, title: str) -> Prescribed:
        return next(row for row in self.rows if row.text.title == title)

    def save(self, change: Change = RowValues.of, reason: str = "") -> None:
        """Twice daily from today, each row as ``change`` says; ``reason`` for every warning."""
        draft = self.draft
        values = service.DraftValues(
            title=draft.title,
            defaults=Defaults(TWICE_DAILY, today()),
            rows=tuple(change(value) for _row, value in reads.list_rows(draft.id)),
            reasons=(),
            based_on=draft.version,
        )
        draft = service.save_draft(self.plan, values, by=self.by, now=now())
        warnings = review_draft(self.plan, draft).warnings if reason else ()
        if warnings:
            reasons = tuple(service.Reason(w.prescription_id, w.cause, reason) for w in warnings)
            answered = replace(values, rows=(), reasons=reasons, based_on=draft.version)
            service.save_draft(self.plan, answered, by=self.by, now=now())
        db.session.commit()

    def approve(self) -> None:
        approval.approve_revision(
            self.plan,
            self.draft.id,
            based_on=self.draft.version,
            clinic=CLINIC,
            by=self.by,
            now=now(),
            today=today(),
        )
        db.session.commit()

    def change(self) -> None:
        """Open the next draft."""
        service.open_draft(self.plan, by=self.by, now=now())
        db.session.commit()

    def end(self) -> None:
        events.end_plan(self.plan, "He is well again.", by=self.by, now=now(), today=today())
        db.session.commit()

    def stop(self, thread_id: UUID | None = None, reason: str = "Her wrist is swollen.") -> None:
        events.stop(self.plan, thread_id, reason, by=self.by, now=now(), today=today())
        db.session.commit()


def make_plan(
    therapist: CastMember, patient: CastMember, title: str = "Healthy upper back"
) -> Made:
    """A draft with the six exercises of the handout."""
    assert patient.patient_id is not None
    by = acting(therapist)
    record = find_patient(patient.patient_id)
    assert record is not None
    owner = PatientHandle(record.id, record.name, record.person_id, record.team)
    handout = find_handout("T680")
    started = service.start_plan(owner, title, by=by, now=now(), handout=handout)
    db.session.commit()
    plan = handles.find_plan(started.id)
    assert plan is not None
    return Made(plan, by)


def make_approved(
    therapist: CastMember,
    patient: CastMember,
    change: Change = RowValues.of,
    title: str = "Healthy upper back",
) -> Made:
    """The six exercises approved, twice daily from today, unless ``change`` says otherwise."""
    made = make_plan(therapist, patient, title)
    made.save(change, reason="She is careful.")
    made.approve()
    return made


def starting(starts: dict[str, Start]) -> Change:
    """Rows with another start, by the exercise's title."""

    def change(row: Prescribed) -> RowValues:
        values = RowValues.of(row)
        start = starts.get(row.text.title)
        return replace(values, start=start) if start else values

    return change


def all_starting(start: Start) -> Change:
    return lambda row: replace(RowValues.of(row), start=start)


def note_knee_pain(therapist: CastMember, patient: CastMember) -> None:
    """Knee pain on the record: the handout's midback stretch must not be done with it."""
    assert patient.patient_id is not None
    record = find_patient(patient.patient_id)
    knee = next(c for c in list_conditions() if c.slug == "knee-pain")
    assert record is not None
    note_condition(record, knee, by=acting(therapist), now=now())
    db.session.commit()


def acting(member: CastMember) -> SignedIn:
    return SignedIn(member.id, member.email, member.name, member.roles, uuid4(), "", now())


def revise_wall_push_up(
    admin: CastMember,
    purpose: str = "It makes your arms strong again.",
    grade: Grade = Grade.WORDING,
) -> None:
    """An admin corrects a sentence of an exercise that the handout has."""
    (exercise,) = list_exercises_by_slug(["wall-push-up"])
    text = replace(exercise.text, purpose=purpose)
    number = exercise.current_number
    revise_exercise(exercise, text, based_on=number, by=acting(admin), now=now(), grade=grade)
    db.session.commit()


def count_approved() -> int:
    """Approved revisions of all plans."""
    approved = select(func.count()).where(PlanRevision.number.is_not(None))
    return db.session.scalars(approved).one()


def last_seq() -> int:
    """The number of the newest audit row."""
    return db.session.scalars(select(func.max(AuditRow.seq))).one()


def audit_after(seq: int) -> list[AuditRow]:
    statement = select(AuditRow).where(AuditRow.seq > seq).order_by(AuditRow.seq)
    return list(db.session.scalars(statement))
