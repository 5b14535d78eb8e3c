"""Every sheet that was ever served can be shown again, exactly, whatever changed since."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app import create_app
from app.accounts.models import Account
from app.catalogue.rules import Grade
from app.clock import now, today
from app.database import db
from app.patients.service import edit_patient, find_patient
from app.plans import events, reads
from app.plans.blueprint import facts, moment
from app.plans.clinic_history import moment_then
from app.plans.rules import Prescribed, RowValues, Start
from app.plans.sheet import PlanSheet
from tests.databases import Databases
from tests.factories import Cast, find_cast
from tests.plans.made import Made, make_plan, note_knee_pain, revise_wall_push_up
from tests.support import TestClock, make_settings

RUNS = {"sqlite": 40, "postgresql": 10}
ZONES = ("America/Chicago", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin")
STARTS = st.lists(st.sampled_from([None, 0, 0, 1, 2, 5]), min_size=6, max_size=6)
REASON = "It is time."


class History(RuleBasedStateMachine):
    """A plan that is approved, stopped, ended and changed while everything around it changes."""

    app: Flask
    clock: TestClock
    cast: Cast

    @initialize(starts=STARTS)
    def begin(self, starts: list[int | None]) -> None:
        self.served: list[tuple[datetime, PlanSheet | None]] = []
        self.context = self.app.app_context()
        self.context.push()
        self.made: Made = make_plan(self.cast.theo, self.cast.pia, f"Plan {uuid4().hex[:6]}")
        self.approve(starts)

    def teardown(self) -> None:
        if not hasattr(self, "made"):
            return
        for instant, sheet in self.served:
            again = reads.read_sheet_then(self.made.id, moment_then(instant, facts()))
            assert again == sheet, instant
        db.session.rollback()
        self.context.pop()

    def serve(self) -> None:
        """What any page would show now, asked as the pages ask; then a moment goes by."""
        db.session.rollback()
        at = moment()
        self.served.append((at.now, reads.read_sheet(self.made.id, at)))
        db.session.rollback()
        self.clock.move(seconds=1)

    @rule(starts=STARTS, note=st.sampled_from(["", "Slowly.", "With care."]))
    def approve(self, starts: list[int | None], note: str = "") -> None:
        if reads.find_in_force(self.made.id):
            self.made.change()

        def change(row: Prescribed) -> RowValues:
            days = starts[len(row.text.title) % 6] if not row.start.day else None
            start = row.start if row.start.day else Start.withheld()
            if days is not None:
                start = Start.on(today() + timedelta(days=days))
            return replace(RowValues.of(row), start=start, note=note)

        self.made.save(change, reason="She is careful.")
        try:
            self.made.approve()
        except ValueError:  # a text was revised meanwhile, or a zone moved a date: not this time
            db.session.rollback()
        self.serve()

    @rule(place=st.integers(0, 6), kind=st.sampled_from(["stop", "reopen", "end"]))
    def something_happens(self, place: int, kind: str) -> None:
        rows = self.made.rows
        thread = rows[place].thread_id if place < len(rows) and kind != "end" else None
        by: dict[str, Any] = {"by": self.made.by, "now": now(), "today": today()}
        if reads.find_in_force(self.made.id) is None:
            return
        try:
            if kind == "end":
                events.end_plan(self.made.plan, REASON, **by)
            else:
                verb = events.stop if kind == "stop" else events.reopen
                verb(self.made.plan, thread, REASON, **by)
            db.session.commit()
        except ValueError:
            db.session.rollback()
        self.serve()

    @rule(name=st.sampled_from(["Pia", "Pia Lang", "P. Lang"]))
    def names_change(self, name: str) -> None:
        assert self.cast.pia.patient_id is not None
        patient = find_patient(self.cast.pia.patient_id)
        assert patient is not None
        edit_patient(patient, name, None, "", based_on=patient.version, by=self.made.by, now=now())
        db.session.get_one(Account, self.cast.theo.id).name = f"Theo of {name}"
        db.session.commit()
        self.serve()

    @rule(digit=st.integers(0, 3), zone=st.sampled_from(ZONES))
    def the_clinic_changes(self, digit: int, zone: str) -> None:
        old = self.app.extensions["homestretch_settings"]
        self.app.extensions["homestretch_settings"] = replace(
            old,
            clinic_phone=f"555-010{digit}",
            emergency_number=f"91{digit}",
            clinic_name=f"Clinic {digit}",
            time_zone=ZoneInfo(zone),
        )
        self.serve()

    @rule(grade=st.sampled_from(Grade))
    def the_catalogue_changes(self, grade: Grade) -> None:
        revise_wall_push_up(self.cast.ada, f"It is good {uuid4().hex[:6]}.", grade)
        note_knee_pain(self.cast.theo, self.cast.pia)
        self.serve()

    @rule(hours=st.sampled_from([1, 5, 23, 26, 100]))
    def time_passes(self, hours: int) -> None:
        self.clock.move(hours=hours)
        self.serve()

    @precondition(lambda self: len(self.served) > 1)
    @rule()
    def a_draft_is_opened_and_nobody_sees_it(self) -> None:
        if reads.find_in_force(self.made.id):
            self.made.change()
        self.serve()


@pytest.fixture(scope="module")
def history(
    template_database: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[type[History]]:
    """One application for all histories; each has a plan of its own."""
    url, clock = databases.create(template_database), TestClock()
    app = create_app(make_settings(url, tmp_path_factory.mktemp("histories")), clock)
    app.testing = True
    with app.app_context():
        cast = find_cast()

    class One(History):
        pass

    One.app, One.clock, One.cast = app, clock, cast
    yield One
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


def test_any_sheet_served_in_the_past_can_be_shown_again(
    history: type[History], databases: Databases
) -> None:
    examples = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else RUNS[databases.kind]
    run_state_machine_as_test(
        history,
        settings=settings(
            max_examples=examples,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
