"""Any life of a plan, step by step over HTTP: the patient sees what was approved, from its day on.

``HYPOTHESIS_PROFILE=long`` tries 3,000 lives instead of 200.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app import create_app
from app.database import db
from app.plans.sheet import PlanSheet
from tests.databases import Databases
from tests.plans.lifecycle_driver import (
    Clinic,
    charted_days,
    printed_items,
    shown_items,
)
from tests.plans.lifecycle_model import MARK, Approved, Draft, Exercise, Model, Row, Start
from tests.support import TestClock, make_settings

COMMON: dict[str, Any] = {
    "deadline": None,
    "stateful_step_count": 8,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}
settings.register_profile("default", max_examples=200, **COMMON)
settings.register_profile("long", max_examples=3000, **COMMON)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")

has_draft = precondition(lambda self: self.model.draft is not None)
has_rows = precondition(lambda self: self.model.draft is not None and self.model.draft.rows)
is_approved = precondition(lambda self: bool(self.model.approved))
ANY = st.integers(0, 11)
"""Which one: a place in whatever list there is, counted round and round."""
STARTS = st.lists(st.sampled_from(["withheld", 0, 0, 0, 1, 3]), min_size=6, max_size=6)
"""For each row a start that may be approved; a number counts days from today."""


class PlanLife(RuleBasedStateMachine):
    """Theo treats a new patient; Ada edits the catalogue; days go by."""

    clinic: Clinic
    marks = count(1)

    @initialize(
        places=st.one_of([st.lists(ANY, min_size=1, max_size=2)] * 5 + [st.just([])]),
        starts=STARTS,
        go_on=st.sampled_from(["draft", "approved", "changed", "changed"]),
    )
    def start(self, places: list[int], starts: list[Any], go_on: str) -> None:
        """Begin with one or two exercises, or (slower) with all six of the handout.

        Most lives skip the first steps, or few of them would come to an approved plan.
        """
        self.clinic.next_patient()
        self.told: dict[int, PlanSheet | None] = {}
        self.pages: dict[tuple[int, date], str] = {}
        self.looked_at: object = None
        self.model = Model(self.clinic.today)
        self._new_plan(from_handout=not places)
        for place in places:
            self.add(place)
        if go_on != "draft":
            self.settle_everything_and_approve(starts)
        if go_on == "changed":
            self.open_draft()

    def _new_plan(self, from_handout: bool) -> None:
        title = self._mark()
        self.clinic.start_plan(title, "T680" if from_handout else "")
        rows = [_prescribe(one, None) for one in self.clinic.exercises] if from_handout else []
        self.model.draft = Draft(title, rows)
        self._read_ids()

    def _mark(self) -> str:
        return f"zq{next(self.marks)}"

    @property
    def draft(self) -> Draft:
        assert self.model.draft is not None
        return self.model.draft

    def _read_ids(self) -> None:
        """Take the rows' ids and threads from the application, in the model's order."""
        _id, _version, saved = self.clinic.saved_rows()
        assert [exercise for *_, exercise in saved] == [r.exercise.id for r in self.draft.rows]
        for row, (_row_id, thread, _exercise) in zip(self.draft.rows, saved, strict=True):
            assert row.thread in ("", thread), "a row changed its thread"
        self.draft.rows = [
            replace(row, id=row_id, thread=thread)
            for row, (row_id, thread, _exercise) in zip(self.draft.rows, saved, strict=True)
        ]

    def _save(self, do: str = "save", reasons: list[tuple[Row, str]] | None = None) -> None:
        """Press a button of the builder; every press saves what is typed, defaults included."""
        form = self.clinic.builder_form(self.draft, reasons or [])
        self.clinic.send(f"{self.clinic.plan}/edit", form | {"do": do})
        self._fill_days()

    def _fill_days(self) -> None:
        """The plan's own frequency, every day, fills the rows that say nothing of it."""
        self.draft.rows = [
            replace(row, days=()) if row.days is None else row for row in self.draft.rows
        ]

    def _pick(self, place: int) -> int:
        return place % len(self.draft.rows)

    def _change(self, place: int, **values: Any) -> None:
        at = self._pick(place)
        self.draft.rows[at] = replace(self.draft.rows[at], **values)

    @has_draft
    @rule(place=ANY)
    def add(self, place: int) -> None:
        exercise = self.clinic.exercises[place % len(self.clinic.exercises)]
        self._save(f"add:{exercise.id}")
        self.draft.rows.append(_prescribe(exercise, ()))
        self._read_ids()

    @has_rows
    @rule(place=ANY)
    def remove(self, place: int) -> None:
        self._save(f"remove:{self.draft.rows[self._pick(place)].id}")
        del self.draft.rows[self._pick(place)]
        self._read_ids()

    @has_rows
    @rule(place=ANY, way=st.sampled_from([("up", -1), ("down", 1)]))
    def move(self, place: int, way: tuple[str, int]) -> None:
        at = self._pick(place)
        self._save(f"{way[0]}:{self.draft.rows[at].id}")
        to = min(max(at + way[1], 0), len(self.draft.rows) - 1)
        self.draft.rows.insert(to, self.draft.rows.pop(at))
        self._read_ids()

    @has_rows
    @rule(place=ANY, repetitions=st.sampled_from([None, (2, 4), (3, 3), (9, 10), (40, 50)]))
    def change_dose(self, place: int, repetitions: tuple[int, int] | None) -> None:
        self._change(place, repetitions=repetitions, note=self._mark())
        self._save()

    @has_rows
    @rule(place=ANY, weekday=st.integers(0, 6))
    def choose_a_weekday(self, place: int, weekday: int) -> None:
        self._change(place, days=(weekday,))
        self._save()

    @has_rows
    @rule(place=ANY, start=st.sampled_from(["unset", "withheld", -1, 0, 1, 3]))
    def set_start(self, place: int, start: Any) -> None:
        self._change(place, start=self._day(start))
        self._save()

    def _day(self, start: Any) -> Start:
        """A number counts days from today."""
        if isinstance(start, int):
            return self.model.today + timedelta(days=start)
        return "withheld" if start == "withheld" else "unset"

    @has_rows
    @rule(place=ANY, from_day=st.integers(1, 4), gap=st.sampled_from([0, 0, 0, -1, 1]))
    def change_later(self, place: int, from_day: int, gap: int) -> None:
        """A second dose for the same thread from a later day on; sometimes it does not fit."""
        at = self._pick(place)
        self._save(f"later:{self.draft.rows[at].id}")
        day = self.model.today + timedelta(days=from_day)
        self.draft.rows.insert(at + 1, replace(self.draft.rows[at], id="", last_day=None))
        self.draft.rows[at] = replace(self.draft.rows[at], last_day=day - timedelta(days=1 + gap))
        self._read_ids()
        later = replace(self.draft.rows[at + 1], start=day, note=self._mark())
        self.draft.rows[at + 1] = later
        self._save()

    @has_rows
    @rule()
    def answer_warnings(self) -> None:
        asked = [(row, cause) for row in self.draft.rows for cause in self.model.causes(row)]
        self._save(reasons=asked)
        self.model.reasons |= {(row.thread, cause) for row, cause in asked}

    @has_rows
    @rule(place=ANY)
    def take_over_text(self, place: int) -> None:
        self._save(f"take-over:{self.draft.rows[self._pick(place)].id}")
        newest = len(self.draft.rows[self._pick(place)].exercise.versions) - 1
        self._change(place, pinned=newest)

    @has_rows
    @rule()
    def move_dates_to_today(self) -> None:
        self._save("today")
        self.draft.rows = [
            replace(row, start=self.model.today) if self.model.went_by(row) else row
            for row in self.draft.rows
        ]

    @has_draft
    @rule()
    def approve(self) -> None:
        """The builder's button: it works exactly when the model says so."""
        form = self.clinic.builder_form(self.draft)
        self._fill_days()
        if self.model.may_be_approved():
            self.clinic.send(f"{self.clinic.plan}/approve", form)
            self.model.approve()
        else:
            self.clinic.send(f"{self.clinic.plan}/approve", form, expect=422)

    @has_rows
    @rule(starts=STARTS)
    def settle_everything_and_approve(self, starts: list[Any]) -> None:
        for at, row in enumerate(self.draft.rows):
            if row.pinned < len(row.exercise.versions) - 1:
                self.take_over_text(at)
        for at, row in enumerate(self.draft.rows):
            if row.start == "unset" or self.model.went_by(row):
                self._change(at, start=self._day(starts[at % 6]))
            if row.repetitions is None:
                self._change(at, repetitions=(3, 4))
        if any(self.model.causes(row) for row in self.draft.rows):
            self.answer_warnings()
        self.approve()

    @is_approved
    @precondition(lambda self: self.model.draft is None and not self.model.ended)
    @rule()
    def open_draft(self) -> None:
        self.clinic.send(f"{self.clinic.plan}/draft")
        self.model.open_draft()
        self._read_ids()

    @has_draft
    @rule()
    def discard(self) -> None:
        self.clinic.send(f"{self.clinic.plan}/discard")
        self.model.draft = None
        if not self.model.approved:
            self.clinic.read(self.clinic.plan, expect=404)
            self._new_plan(from_handout=False)

    @is_approved
    @rule(place=ANY)
    def release(self, place: int) -> None:
        withheld = [row for row in self.model.approved[-1].rows if row.start == "withheld"]
        if not withheld or self.model.ended:
            return
        thread = withheld[place % len(withheld)].thread
        rows = self.model.draft.rows if self.model.draft else self.model.approved[-1].rows
        fits = any(row.thread == thread and row.start == "withheld" for row in rows)
        form = {"thread": thread}
        self.clinic.send(f"{self.clinic.plan}/release", form, expect=303 if fits else 422)
        if fits:
            if self.model.draft is None:
                self.model.open_draft()
            self.draft.rows = [
                replace(row, start=self.model.today)
                if row.thread == thread and row.start == "withheld"
                else row
                for row in self.draft.rows
            ]
            self._read_ids()

    @is_approved
    @rule()
    def end_or_reopen(self) -> None:
        verb = "reopen" if self.model.ended else "end"
        self.clinic.send(f"{self.clinic.plan}/{verb}", {"reason": "It is time."})
        self.model.ended = not self.model.ended

    @rule(place=ANY)
    def edit_the_catalogue(self, place: int) -> None:
        exercise = self.clinic.exercises[place % len(self.clinic.exercises)]
        self.clinic.revise(exercise, self._mark(), self._mark())

    @rule()
    def knee_pain_comes_or_goes(self) -> None:
        self.model.knee_pain = not self.model.knee_pain
        self.clinic.set_knee_pain(self.model.knee_pain)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.clinic.pass_days(days)
        self.model.today = self.clinic.today

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
        if self.model.ended:
            assert "Your plan ended on" in today
            assert not MARK.findall(today)
            assert not shown_items(page)
            assert set(MARK.findall(page)) == {approved.title}
        else:
            due = list(dict.fromkeys(re.findall(r'href="/today/([0-9a-f-]{36})"', today)))
            assert due == approved.due_on(day)
            assert set(MARK.findall(today)) == approved.today_marks_on(day)
            assert shown_items(page) == approved.shown_on(day)
            assert set(MARK.findall(page)) == approved.marks_on(day)
        looked_at = (len(self.model.approved), self.model.ended, day)
        if self.looked_at != looked_at:
            self.looked_at = looked_at
            self._look_closely(approved, day)

    def _look_closely(self, approved: Approved, day: date) -> None:
        """The paper, every exercise's own page, and every revision, old ones too."""
        for row in approved.rows:
            is_due = row.due_on(day) and not self.model.ended
            self.clinic.read(f"/today/{row.id}", expect=200 if is_due else 303)
        self._each_revision_says_what_it_said()
        if self.model.ended:
            self.clinic.read(f"{self.clinic.plan}/print", expect=303)
            return
        paper = self.clinic.read(f"{self.clinic.plan}/print")
        assert set(MARK.findall(paper)) == approved.marks_on(day)
        shown = approved.shown_on(day)
        assert list(printed_items(paper)) == [(t, state != "withheld") for t, state in shown]
        assert charted_days(paper) == chart_of(approved, day)

    def _each_revision_says_what_it_said(self) -> None:
        for number, revision in enumerate(self.model.approved, start=1):
            sheet = self.clinic.sheet_at_approval(number)
            assert self.told.setdefault(number, sheet) == sheet
            self._a_revision_page(number, revision, self.model.today)
        assert self.clinic.sheet_at_approval(len(self.model.approved) + 1) is None

    def _a_revision_page(self, number: int, revision: Approved, day: date) -> None:
        """A page of the record is the same all day, whatever happens to the plan meanwhile."""
        page = self.clinic.read(f"{self.clinic.plan}/revisions/{number}", by=self.clinic.theo)
        _messages, _h1, said = page.partition("<h1")
        assert set(MARK.findall(said)) == revision.marks_on(day)
        # Whether it is in force may change; what follows may not.
        said = said.partition('<p class="quiet">')[2]
        assert self.pages.setdefault((number, day), said) == said

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        self._each_revision_says_what_it_said()
        for row in self.model.draft.rows if self.model.draft else ():
            self.clinic.read(f"/today/{row.id}", expect=404)


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


def _prescribe(exercise: Exercise, days: tuple[int, ...] | None) -> Row:
    newest = len(exercise.versions) - 1
    return Row(exercise, newest, exercise.repetitions, days=days)


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


def test_no_life_of_a_plan_shows_what_was_not_approved_or_changes_what_was(clinic: Clinic) -> None:
    class Life(PlanLife):
        pass

    Life.clinic = clinic
    run_state_machine_as_test(Life, settings=settings.get_profile(PROFILE))
