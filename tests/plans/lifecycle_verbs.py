"""What three people may do to a plan, each verb beside what the plain model says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.plans.sheet import PlanSheet
from tests.plans.lifecycle_driver import Clinic
from tests.plans.lifecycle_model import Draft, Model, Row, Start, close_threads, prescribe

has_draft = precondition(lambda self: self.model.draft is not None)
has_rows = precondition(lambda self: self.model.draft is not None and self.model.draft.rows)
is_approved = precondition(lambda self: bool(self.model.approved))
ANY = st.integers(0, 11)
"""Which one: a place in whatever list there is, counted round and round."""
STARTS = st.lists(st.sampled_from(["withheld", 0, 0, 0, 1, 3]), min_size=6, max_size=6)
"""For each row a start that may be approved; a number counts days from today."""
FLAWS: list[dict[str, Any]] = [
    {},
    {"start": -1},
    {"start": "unset"},
    {"repetitions": None},
    {"repetitions": (40, 50)},
    {"last_day": -30},
]
"""What keeps a plan that is ready from being approved; the first one does not."""


class PlanVerbs(RuleBasedStateMachine):
    """Theo treats a new patient; Ada edits the catalogue; days go by."""

    clinic: Clinic
    marks = count(1)

    @initialize(
        places=st.one_of([st.lists(ANY, min_size=1, max_size=2)] * 5 + [st.just([])]),
        starts=STARTS,
        go_on=st.sampled_from(["changed", "changed", "changed", "approved", "draft"]),
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
        rows = [prescribe(one, None) for one in self.clinic.exercises] if from_handout else []
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
        """What a save fills: the plan's frequency, and last days of what is replaced."""
        self.draft.rows = [
            replace(row, days=()) if row.days is None else row for row in self.draft.rows
        ]
        self.draft.rows = close_threads(self.draft.rows)

    def _pick(self, place: int) -> int:
        return place % len(self.draft.rows)

    def _change(self, place: int, **values: Any) -> None:
        self.draft.rows[self._pick(place)] = replace(self.draft.rows[self._pick(place)], **values)

    @has_draft
    @rule(place=ANY)
    def add(self, place: int) -> None:
        exercise = self.clinic.exercises[place % len(self.clinic.exercises)]
        self._save(f"add:{exercise.id}")
        self.draft.rows.append(prescribe(exercise, ()))
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
        self.approve()

    @has_rows
    @rule()
    def answer_all_warnings_of_a_sore_knee_and_approve(self) -> None:
        if not self.model.knee_pain:
            self.knee_pain_comes_or_goes()
        self._answer_warnings()
        self.approve()

    def _answer_warnings(self) -> None:
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

    def change_one_thing_and_approve(self, place: int, flaw: dict[str, Any]) -> None:
        """Often everything else is right, so that each reason against approval is the only one."""
        values = {
            name: self._day(value) if name in ("start", "last_day") else value
            for name, value in flaw.items()
        }
        self._change(place, **values)
        self.approve()

    # Where most is decided, most is tried: a rule is picked as often as it has names.
    decided = rule(place=ANY, flaw=st.sampled_from(FLAWS))(change_one_thing_and_approve)
    one, two, three = has_rows(decided), has_rows(decided), has_rows(decided)
    del decided

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
            self._save()  # a warning is answered where it is seen: on the next page
            self._answer_warnings()
        self.approve()

    @is_approved
    @precondition(lambda self: self.model.draft is None and not self.model.is_over)
    @rule()
    def open_draft(self) -> None:
        self.clinic.send(f"{self.clinic.plan}/draft")
        self.model.open_draft()
        self._read_ids()

    @has_draft
    @rule()
    def discard(self) -> None:
        draft_id, version, _rows = self.clinic.saved_rows()
        led_to = self.clinic.send(f"{self.clinic.plan}/discard", {"seen": f"{draft_id} {version}"})
        assert led_to.startswith("/patients/")
        self.model.draft = None
        if not self.model.approved:
            self.clinic.read(self.clinic.plan, expect=404)
            self._new_plan(from_handout=False)

    @is_approved
    @rule(place=ANY)
    def release(self, place: int) -> None:
        withheld = [row for row in self.model.approved[-1].rows if row.start == "withheld"]
        if not withheld or self.model.is_over:
            return
        thread = withheld[place % len(withheld)].thread
        rows = self.model.draft.rows if self.model.draft else self.model.approved[-1].rows
        fits = any(row.thread == thread for row in rows)
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
