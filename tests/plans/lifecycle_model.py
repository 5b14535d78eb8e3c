"""What a plan's life should be, in plain Python: no database, no rules of the application.

Everything that somebody types carries a marker ("zq17") that nothing else has, so a page's
markers say exactly whose words are on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

MARK = re.compile(r"zq\d+")
Start = date | Literal["unset", "withheld"]
Reasons = set[tuple[str, str]]
KNEE = "Midback stretch"
"""The one exercise of the handout that knee pain speaks against."""


@dataclass(frozen=True)
class Version:
    """What the catalogue said of an exercise at one time."""

    title: str
    marks: frozenset[str] = frozenset()


@dataclass
class Exercise:
    id: str
    name: str
    position: str
    hold: tuple[int, int] | None
    repetitions: tuple[int, int]
    versions: list[Version]


@dataclass(frozen=True)
class Row:
    """One prescription. ``id`` and ``thread`` are read from the application, never guessed."""

    exercise: Exercise
    pinned: int
    repetitions: tuple[int, int] | None
    start: Start = "unset"
    last_day: date | None = None
    note: str = ""
    days: tuple[int, ...] | None = ()
    """Weekdays; empty is every day, None is not said yet."""
    id: str = ""
    thread: str = ""
    stopped: bool = False

    @property
    def version(self) -> Version:
        return self.exercise.versions[self.pinned]

    @property
    def marks(self) -> frozenset[str]:
        """The markers of all that is secret while it may not be done."""
        return self.version.marks | ({self.note} if self.note else frozenset())

    def state_on(self, day: date) -> str:
        if isinstance(self.start, date) and self.start <= day:
            state = "over" if self.last_day and self.last_day < day else "doable"
        else:
            state = "later" if isinstance(self.start, date) else "withheld"
        return "stopped" if self.stopped and state != "over" else state

    def due_on(self, day: date) -> bool:
        return self.state_on(day) == "doable" and (not self.days or day.weekday() in self.days)


def prescribe(exercise: Exercise, days: tuple[int, ...] | None) -> Row:
    """A new row at the exercise's usual dose, with its newest text."""
    return Row(exercise, len(exercise.versions) - 1, exercise.repetitions, days=days)


@dataclass
class Draft:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Approved:
    title: str
    rows: tuple[Row, ...]

    def shown_on(self, day: date) -> list[tuple[str, str]]:
        """Title and state of each exercise that the patient knows of, in order."""
        shown: list[Row] = []
        for row in self.rows:
            is_told = row.stopped and any(one.thread == row.thread for one in shown)
            if row.state_on(day) != "over" and not is_told:
                shown.append(row)
        return [(row.version.title, row.state_on(day)) for row in shown]

    def marks_on(self, day: date) -> set[str]:
        """The markers of the plan's page: all titles, and what is said of all but the withheld."""
        titles = " ".join([self.title, *(title for title, _state in self.shown_on(day))])
        told = (row.marks for row in self.rows if row.state_on(day) in ("doable", "later"))
        return set(MARK.findall(titles)).union(*told)

    def today_marks_on(self, day: date) -> set[str]:
        """The markers of Today: titles of what is due, starts later, is withheld or stopped."""
        told = ("later", "withheld", "stopped")
        rows = [r for r in self.rows if r.due_on(day) or r.state_on(day) in told]
        return set(MARK.findall(" ".join([self.title, *(row.version.title for row in rows)])))

    def due_on(self, day: date) -> list[str]:
        """The ids of what may be done on this very day."""
        return [row.id for row in self.rows if row.due_on(day)]


@dataclass
class Model:
    """One patient with one plan."""

    today: date
    draft: Draft | None = None
    approved: list[Approved] = field(default_factory=list)
    ended: bool = False
    stopped: bool = False
    stops: dict[str, tuple[Exercise, int]] = field(default_factory=dict)
    """Threads that are stopped, whatever revision is in force: what each was, and which stop."""
    stops_made: int = 0
    knee_pain: bool = False
    reasons: Reasons = field(default_factory=set)
    """(thread, cause) of every warning that a clinician answered."""

    @property
    def is_over(self) -> bool:
        return self.ended or self.stopped

    @property
    def in_force(self) -> Approved | None:
        """The newest revision, with what was stopped meanwhile."""
        if not self.approved:
            return None
        newest = self.approved[-1]
        rows = (replace(row, stopped=row.thread in self.stops) for row in newest.rows)
        return Approved(newest.title, tuple(rows))

    def carried(self) -> set[tuple[str, Start]]:
        rows = self.in_force.rows if self.in_force else ()
        return {(row.thread, row.start) for row in rows if isinstance(row.start, date)}

    def went_by(self, row: Row) -> bool:
        past = isinstance(row.start, date) and row.start < self.today
        return past and (row.thread, row.start) not in self.carried()

    def causes(self, row: Row) -> list[str]:
        """What about this row needs a written reason."""
        found = []
        if self.knee_pain and row.exercise.name == KNEE:
            found.append("knee")
        usual, given = row.exercise.repetitions, row.repetitions
        if given and not (usual[0] <= given[0] and given[1] <= usual[1]):
            found.append(f"{given}")
        newest = len(row.exercise.versions) - 1
        if row.pinned != newest:
            found.append(f"text:{newest}")
        before = [
            f"{number}={thread}"
            for thread, (exercise, number) in self.stops.items()
            if exercise is row.exercise and thread != row.thread
        ]
        if before:
            found.append("stopped:" + " ".join(sorted(before)))
        others = {one.thread for one in self._rows() if _clash(row, one)}
        if others and row.thread > min(others):
            found.append("twice:" + " ".join(sorted(thread[:8] for thread in others)))
        return found

    def _rows(self) -> list[Row]:
        return self.draft.rows if self.draft else []

    def may_be_approved(self) -> bool:
        rows = self.draft.rows if self.draft else []
        return (
            bool(rows)
            and all(map(self._row_is_ready, rows))
            and all(_joins(thread) for thread in _threads(rows))
        )

    def _row_is_ready(self, row: Row) -> bool:
        return (
            row.repetitions is not None
            and row.days is not None
            and row.start != "unset"
            and not self.went_by(row)
            and not (isinstance(row.start, date) and row.last_day and row.last_day < row.start)
            and all((row.thread, cause) in self.reasons for cause in self.causes(row))
        )

    def stop_or_go_on(self, row: Row) -> None:
        """One thread of the newest revision."""
        if self.stops.pop(row.thread, None) is None:
            self.stops_made += 1
            self.stops[row.thread] = row.exercise, self.stops_made

    def approve(self) -> None:
        assert self.draft is not None
        self.approved.append(Approved(self.draft.title, tuple(self.draft.rows)))
        self.draft = None

    def open_draft(self) -> None:
        assert self.in_force is not None
        newest = self.approved[-1]
        self.draft = Draft(newest.title, [replace(row, id="") for row in newest.rows])


def _threads(rows: Iterable[Row]) -> Iterable[list[Row]]:
    threads: dict[str, list[Row]] = {}
    for row in rows:
        threads.setdefault(row.thread, []).append(row)
    return threads.values()


def _clash(one: Row, other: Row) -> bool:
    """Whether both ask for one exercise, in two threads, on the same day."""
    if one.exercise is not other.exercise or one.thread == other.thread:
        return False
    if not (isinstance(one.start, date) and isinstance(other.start, date)):
        return False
    last = min(one.last_day or date.max, other.last_day or date.max)
    return max(one.start, other.start) <= last


def close_threads(rows: list[Row]) -> list[Row]:
    """What another dose of its thread follows, and has no last day, holds until the day before."""
    closed = {}
    for thread in _threads(rows):
        dated = [(row.start, row.id) for row in thread if isinstance(row.start, date)]
        for (start, row_id), (later, _id) in pairwise(sorted(dated)):
            if start < later:
                closed[row_id] = later - timedelta(days=1)
    return [
        replace(row, last_day=closed[row.id]) if row.id in closed and not row.last_day else row
        for row in rows
    ]


def _joins(thread: list[Row]) -> bool:
    """Whether each dose of a thread ends on the day before the next one begins."""
    dated = [row for row in thread if isinstance(row.start, date)]
    if len(thread) > 1 and len(thread) - len(dated) > 0:
        return False
    in_order = sorted(dated, key=lambda row: row.start if isinstance(row.start, date) else date.max)
    return all(
        earlier.last_day is not None and earlier.last_day + timedelta(days=1) == later.start
        for earlier, later in pairwise(in_order)
    )
