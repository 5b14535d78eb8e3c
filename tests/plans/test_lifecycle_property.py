"""Any life of a plan, step by step over HTTP: the patient sees what was approved, from its day on.

170 lives on SQLite, 30 on PostgreSQL: 200 in every run of all tests.
``HYPOTHESIS_PROFILE=long`` tries 3,000 on either.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from app import create_app
from app.database import db
from tests.databases import Databases
from tests.plans.lifecycle_driver import Clinic
from tests.plans.lifecycle_events import PlanEvents
from tests.plans.lifecycle_model import MARK, Approved
from tests.plans.lifecycle_pages import UNTOLD, charted_days, printed_items, shown_items
from tests.plans.lifecycle_verbs import PlanVerbs
from tests.support import TestClock, make_settings

COMMON: dict[str, Any] = {
    "deadline": None,
    "stateful_step_count": 8,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}
settings.register_profile("sqlite", max_examples=170, **COMMON)
settings.register_profile("postgresql", max_examples=30, **COMMON)
settings.register_profile("long", max_examples=3000, **COMMON)


class PlanLife(PlanVerbs, PlanEvents):
    """After every step: whose words are on the patient's pages, and what may be done."""

    @invariant()
    def what_the_patient_sees_is_what_was_approved(self) -> None:
        today, plan = self.clinic.read("/today"), self.clinic.plan
        approved, day = self.model.in_force, self.model.today
        if approved is None:
            assert "You have no plan yet." in today
            assert not MARK.findall(today)
            self.clinic.read(plan, expect=404)
            return
        page = self.clinic.read(plan)
        if self.model.is_over:
            said = "Your plan ended on" if self.model.ended else "Your plan was stopped."
            assert said in today
            assert set(MARK.findall(today)) == ({approved.title} if self.model.stopped else set())
            assert not shown_items(page)
            assert set(MARK.findall(page)) == {approved.title}
        else:
            due = list(dict.fromkeys(re.findall(r'href="/today/([0-9a-f-]{36})"', today)))
            assert due == approved.due_on(day)
            assert set(MARK.findall(today)) == approved.today_marks_on(day)
            assert shown_items(page) == approved.shown_on(day)
            assert set(MARK.findall(page)) == approved.marks_on(day)
        over = (self.model.ended, self.model.stopped, frozenset(self.model.stops))
        looked_at = (len(self.model.approved), over, day)
        if self.looked_at != looked_at:
            self.looked_at = looked_at
            self._look_closely(approved, day)

    def _look_closely(self, approved: Approved, day: date) -> None:
        """The paper, every exercise's own page, the newest revision's; the others at the end."""
        for row in approved.rows:
            is_due = row.due_on(day) and not self.model.is_over
            self.clinic.read(f"/today/{row.id}", expect=200 if is_due else 303)
        self._a_revision_says_what_it_said(len(self.model.approved))
        if self.model.is_over:
            self.clinic.read(f"{self.clinic.plan}/print", expect=303)
            return
        paper = self.clinic.read(f"{self.clinic.plan}/print")
        assert set(MARK.findall(paper)) == approved.marks_on(day)
        shown = approved.shown_on(day)
        assert list(printed_items(paper)) == [(t, state not in UNTOLD) for t, state in shown]
        assert charted_days(paper) == chart_of(approved, day)

    def _a_revision_says_what_it_said(self, number: int) -> None:
        """Its sheet for ever; its page of the record all day, whatever happens to the plan."""
        sheet = self.clinic.sheet_at_approval(number)
        assert self.told.setdefault(number, sheet) == sheet
        revision, day = self.model.approved[number - 1], self.model.today
        page = self.clinic.read(f"{self.clinic.plan}/revisions/{number}", by=self.clinic.theo)
        _messages, _h1, said = page.partition("<h1")
        assert set(MARK.findall(said)) == revision.marks_on(day)
        # Whether it is in force may change; what follows may not.
        said = said.partition('<p class="quiet">')[2]
        assert self.pages.setdefault((number, day), said) == said

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        for number in range(1, len(self.model.approved) + 1):
            self._a_revision_says_what_it_said(number)
        assert self.clinic.sheet_at_approval(len(self.model.approved) + 1) is None
        for row in self.model.draft.rows if self.model.draft else ():
            self.clinic.read(f"/today/{row.id}", expect=404)
        self.clinic.look_at_what_is_flagged()


def chart_of(approved: Approved, day: date) -> dict[str, list[bool]]:
    """Exercise -> the days of two weeks on which the chart may have boxes."""
    days = [day + timedelta(days=n) for n in range(14)]
    charts: dict[str, list[bool]] = {}
    for week in (days[:7], days[7:]):
        for row in approved.rows:
            if row.state_on(day) in ("doable", "later"):
                cells = [row.due_on(one) for one in week]
                charts.setdefault(row.version.title, []).extend(cells)
    return charts


@pytest.fixture(scope="module")
def clinic(
    template_database: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    """One application for all lives: each has a patient of its own, and shares the catalogue."""
    url, clock = databases.create(template_database), TestClock()
    app = create_app(make_settings(url, tmp_path_factory.mktemp("lives")), clock)
    app.testing = True
    yield Clinic(app, clock)
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


def test_no_life_of_a_plan_shows_what_was_not_approved_or_changes_what_was(
    clinic: Clinic, databases: Databases
) -> None:
    class Life(PlanLife):
        pass

    Life.clinic = clinic
    profile = os.environ.get("HYPOTHESIS_PROFILE", databases.kind)
    run_state_machine_as_test(Life, settings=settings.get_profile(profile))
    assert clinic.most_flags > 0
