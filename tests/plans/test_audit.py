"""Every change leaves one audit row in its own transaction, and every refusal leaves one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.accounts.models import Account
from app.audit.models import AuditRow
from app.catalogue.models import Condition, Exercise, Handout
from app.catalogue.rules import ExerciseText, HandoutText
from app.catalogue.service import (
    add_condition,
    find_handout,
    list_conditions,
    list_exercises_by_slug,
    publish_exercise,
    publish_handout,
    revise_exercise,
    revise_handout,
)
from app.clock import now, today
from app.database import db
from app.patients import service as patients
from app.patients.models import Patient
from app.plans import approval, events, rows, service
from app.plans.models import PlanRevision
from app.plans.review import carried_into, review_draft
from app.plans.rules import Defaults, Prescribed, Start
from app.plans.service import DraftValues
from tests.factories import Cast
from tests.plans.made import (
    CLINIC,
    acting,
    all_starting,
    audit_after,
    last_seq,
    make_approved,
    make_plan,
    note_knee_pain,
)

CANARY = "Canary4711"
Verb = Callable[["Scene"], object]


class Scene:
    """A draft, a plan in force and a patient, and the people who may change them."""

    def __init__(self, cast: Cast) -> None:
        self.ada, self.theo = acting(cast.ada), acting(cast.theo)
        self.patient_id, self.tess_id = cast.pia.patient_id, cast.tess.id
        note_knee_pain(cast.theo, cast.pia)
        self.made = make_plan(cast.theo, cast.pia, CANARY)
        self.in_force = make_approved(
            cast.theo, cast.pia, all_starting(Start.withheld()), f"{CANARY} 2"
        )
        self.done = make_approved(cast.theo, cast.pia, title=f"{CANARY} 3")
        self.done.end()

    @property
    def patient(self) -> Patient:
        assert self.patient_id is not None
        found = patients.find_patient(self.patient_id)
        assert found is not None
        return found

    @property
    def wall(self) -> Exercise:
        return list_exercises_by_slug(["wall-push-up"])[0]

    @property
    def handout(self) -> Handout:
        found = find_handout("T680")
        assert found is not None
        return found

    @property
    def row(self) -> Prescribed:
        return self.made.draft_rows[1]

    @property
    def draft(self) -> PlanRevision:
        return self.made.draft

    @property
    def by_theo(self) -> dict[str, Any]:
        return {"by": self.theo, "now": now()}

    @property
    def by_ada(self) -> dict[str, Any]:
        return {"by": self.ada, "now": now()}

    def values(self, **changes: Any) -> DraftValues:
        values = DraftValues(CANARY, Defaults(), (), (), based_on=self.draft.version)
        return replace(values, **changes)

    def answered(self) -> DraftValues:
        (warning,) = review_draft(self.made.plan, self.draft).warnings
        reason = service.Reason(warning.prescription_id, warning.cause, CANARY)
        return self.values(reasons=(reason,))

    def removed_and_put_back(self) -> None:
        rows.remove_prescription(self.made.plan, self.draft, self.row.id, **self.by_theo)
        rows.put_back(self.made.plan, self.draft, **self.by_theo)

    def new_text(self) -> ExerciseText:
        return replace(self.wall.text, title=CANARY)

    def new_handout(self) -> HandoutText:
        return replace(self.handout.text, title=CANARY)

    def condition(self, slug: str) -> Condition:
        return next(c for c in list_conditions() if c.slug == slug)


def on_rows(verb: Callable[..., object]) -> Verb:
    return lambda s: verb(s.made.plan, s.draft, s.row.id, **s.by_theo)


PLAN_VERBS: dict[str, tuple[Verb, list[str]]] = {
    "start": (
        lambda s: service.start_plan(s.made.plan.patient, CANARY, handout=s.handout, **s.by_theo),
        ["start-plan"],
    ),
    "open a draft": (lambda s: service.open_draft(s.in_force.plan, **s.by_theo), ["open-draft"]),
    "open a draft that is there": (lambda s: service.open_draft(s.made.plan, **s.by_theo), []),
    "discard": (lambda s: service.discard_draft(s.made.plan, **s.by_theo), ["discard-draft"]),
    "save": (lambda s: service.save_draft(s.made.plan, s.values(), **s.by_theo), ["save-draft"]),
    "save with a reason": (
        lambda s: service.save_draft(s.made.plan, s.answered(), **s.by_theo),
        ["answer-warning", "save-draft"],
    ),
    "release": (
        lambda s: service.release(
            s.in_force.plan, s.in_force.rows[0].thread_id, today(), **s.by_theo
        ),
        ["open-draft", "release-prescription"],
    ),
    "assign": (
        lambda s: rows.assign_exercise(s.made.plan, s.draft, s.wall, **s.by_theo),
        ["assign-exercise"],
    ),
    "move": (
        lambda s: rows.move_prescription(
            s.made.plan, s.draft, s.row.id, lambda number: number + 1, **s.by_theo
        ),
        ["move-prescription"],
    ),
    "duplicate": (on_rows(rows.duplicate_prescription), ["duplicate-prescription"]),
    "remove": (on_rows(rows.remove_prescription), ["remove-prescription"]),
    "put back": (lambda s: s.removed_and_put_back(), ["put-back", "remove-prescription"]),
    "put back nothing": (lambda s: rows.put_back(s.made.plan, s.draft, **s.by_theo), []),
    "change later": (on_rows(rows.change_later), ["change-later"]),
    "take over": (on_rows(rows.take_over_text), ["take-over-text"]),
    "move starts": (
        lambda s: rows.move_starts_to(
            s.made.plan, s.draft, today(), carried_into(s.made.id), **s.by_theo
        ),
        ["move-starts"],
    ),
    "end": (
        lambda s: events.end_plan(s.in_force.plan, CANARY, today=today(), **s.by_theo),
        ["plan-ended"],
    ),
    "end what has ended": (
        lambda s: events.end_plan(s.done.plan, CANARY, today=today(), **s.by_theo),
        [],
    ),
    "reopen": (
        lambda s: events.reopen(s.done.plan, None, CANARY, today=today(), **s.by_theo),
        ["plan-reopened"],
    ),
    "stop": (
        lambda s: events.stop(s.in_force.plan, None, CANARY, today=today(), **s.by_theo),
        ["plan-stopped"],
    ),
    "stop one exercise": (
        lambda s: events.stop(
            s.in_force.plan, s.in_force.rows[0].thread_id, CANARY, today=today(), **s.by_theo
        ),
        ["exercise-stopped"],
    ),
}
OTHER_VERBS: dict[str, tuple[Verb, list[str]]] = {
    "add a patient": (
        lambda s: patients.add_patient(uuid4(), CANARY, None, CANARY, **s.by_theo),
        ["add-patient"],
    ),
    "edit a patient": (
        lambda s: patients.edit_patient(s.patient, CANARY, None, "", based_on=1, **s.by_theo),
        ["edit-patient"],
    ),
    "edit nothing": (
        lambda s: patients.edit_patient(
            s.patient, s.patient.name, None, "", based_on=1, **s.by_theo
        ),
        [],
    ),
    "note a condition": (
        lambda s: patients.note_condition(s.patient, s.condition("hip-pain"), **s.by_theo),
        ["note-condition"],
    ),
    "note it again": (
        lambda s: patients.note_condition(s.patient, s.condition("knee-pain"), **s.by_theo),
        [],
    ),
    "end a condition": (
        lambda s: patients.end_condition(s.patient, s.patient.conditions[0], **s.by_theo),
        ["end-condition"],
    ),
    "add to the team": (
        lambda s: patients.add_to_team(
            s.patient, db.session.get_one(Account, s.tess_id), **s.by_theo
        ),
        ["add-to-team"],
    ),
    "publish an exercise": (
        lambda s: publish_exercise("canary", s.new_text(), **s.by_ada),
        ["publish-exercise"],
    ),
    "revise an exercise": (
        lambda s: revise_exercise(s.wall, s.new_text(), based_on=1, **s.by_ada),
        ["revise-exercise"],
    ),
    "revise nothing": (lambda s: revise_exercise(s.wall, s.wall.text, based_on=1, **s.by_ada), []),
    "publish a handout": (
        lambda s: publish_handout("X10", s.new_handout(), **s.by_ada),
        ["publish-handout"],
    ),
    "revise a handout": (
        lambda s: revise_handout(s.handout, s.new_handout(), based_on=1, **s.by_ada),
        ["revise-handout"],
    ),
    "add a condition": (lambda s: add_condition(CANARY, **s.by_ada), ["add-condition"]),
}


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Iterator[Scene]:
    with app.app_context():
        yield Scene(cast)
        db.session.rollback()


@pytest.mark.parametrize("verbs", [PLAN_VERBS, OTHER_VERBS], ids=["plans", "others"])
def test_every_change_writes_its_row_in_its_own_transaction(
    scene: Scene, verbs: dict[str, tuple[Verb, list[str]]], subtests: pytest.Subtests
) -> None:
    before = last_seq()
    for name, (verb, actions) in verbs.items():
        with subtests.test(name):
            verb(scene)
            written = audit_after(before)
            assert sorted(row.action for row in written) == actions
            assert {row.outcome for row in written} <= {"done"}
            for row in written:
                said = [getattr(row, column.key) for column in AuditRow.__table__.c]
                assert CANARY not in repr(said), "contents do not belong in the audit"
                assert row.actor_id in (scene.theo.id, scene.ada.id)
                assert row.object_id is not None
        db.session.rollback()
        assert audit_after(before) == [], f"{name}: taken back, but not its audit row"


def test_approval_writes_its_row_in_its_own_transaction(scene: Scene) -> None:
    scene.made.save(reason=CANARY)
    before, made = last_seq(), scene.made
    for _again in range(2):
        approval.approve_revision(
            made.plan, made.draft.id, based_on=made.draft.version, clinic=CLINIC,
            today=today(), **scene.by_theo,
        )  # fmt: skip
        (row,) = audit_after(before)
        assert (row.action, row.object_id) == ("approve-revision", made.id)
        assert row.patient_id == scene.patient_id
        db.session.rollback()
        assert audit_after(before) == []
