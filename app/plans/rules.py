"""Doses and starts, and how a plan's defaults fill its rows: pure values.

Times are in seconds, days are dates of the clinic's time zone, weekdays count from Monday = 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Self
from uuid import UUID

from app.catalogue.rules import ExerciseText, Kind, Position, Span
from app.errors import N_, RuleBroken

MAX_REPETITIONS = 100
MAX_HOLD = 300
MAX_SETS = 10
MAX_REST = 600
MAX_TIMES_PER_DAY = 6
MAX_LOAD = 60
MAX_NOTE = 500
MAX_REASON = 500
MAX_TITLE = 120
MAX_ROWS = 40


class Side(StrEnum):
    """Which side of the body the patient works."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"
    EACH = "each"


@dataclass(frozen=True)
class Frequency:
    """How often: times on a day, and on which days.

    ``weekdays`` is a sorted tuple; empty means any ``days_per_week`` days of a week (7 is daily).
    """

    times_per_day: int | None = None
    days_per_week: int | None = None
    weekdays: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        return self.times_per_day is not None and bool(self.weekdays or self.days_per_week)

    def with_gaps_from(self, other: Frequency) -> Frequency:
        """This one; ``other`` says what it leaves unsaid, the times or the days."""
        days = self if self.weekdays or self.days_per_week else other
        times = other.times_per_day if self.times_per_day is None else self.times_per_day
        return Frequency(times, days.days_per_week, days.weekdays)

    def falls_on(self, day: date) -> bool:
        """Whether a session may fall on ``day``; any-N leaves the days to the patient."""
        return not self.weekdays or day.weekday() in self.weekdays


@dataclass(frozen=True)
class Dose:
    """How much of one exercise. A draft's dose may have gaps (None); an approved one has none."""

    repetitions: Span | None = None
    hold: Span | None = None
    sets: int = 1
    rest: int | None = None
    frequency: Frequency = field(default_factory=Frequency)
    side: Side = Side.BOTH
    load: str = ""

    def missing(self, kind: Kind) -> tuple[str, ...]:
        """Names of the parts that approval needs and that are not set."""
        wanted = {
            "repetitions": self.repetitions is None,
            "hold": kind is Kind.STRETCH and self.hold is None,
            "times_per_day": self.frequency.times_per_day is None,
            "days": not (self.frequency.weekdays or self.frequency.days_per_week),
        }
        return tuple(name for name, is_missing in wanted.items() if is_missing)


class StartState(StrEnum):
    UNSET = "unset"
    WITHHELD = "withheld"
    DATED = "dated"


@dataclass(frozen=True)
class Start:
    """From when the patient may do it: unset (drafts only), withheld, or a day."""

    state: StartState
    day: date | None = None

    def __post_init__(self) -> None:
        if (self.state is StartState.DATED) != (self.day is not None):
            raise RuleBroken(N_("Choose a start date."), field="start")

    @classmethod
    def unset(cls) -> Start:
        return cls(StartState.UNSET)

    @classmethod
    def withheld(cls) -> Start:
        return cls(StartState.WITHHELD)

    @classmethod
    def on(cls, day: date) -> Start:
        return cls(StartState.DATED, day)


@dataclass(frozen=True)
class Prescribed:
    """One prescription as the rules see it. ``current_revision_id`` is the catalogue's newest;
    ``is_retired``: whether the catalogue no longer offers the exercise;
    ``changed_for_safety``: whether a text that came after the pinned one did for safety.

    The text is that of the revision, which never changes: so it takes no part in comparisons.
    """

    id: UUID
    thread_id: UUID
    exercise_id: UUID
    revision_id: UUID
    current_revision_id: UUID
    text: ExerciseText = field(compare=False)
    position: Position
    dose: Dose
    start: Start
    last_day: date | None = None
    note: str = ""
    is_retired: bool = False
    changed_for_safety: bool = False

    @property
    def is_superseded(self) -> bool:
        """Whether its exercise has a newer text."""
        return self.revision_id != self.current_revision_id

    def is_dated_on(self, other: Prescribed) -> bool:
        """Whether there may be a day on which both hold."""
        if self.start.day is None or other.start.day is None:
            return False
        first, last = max(self.start.day, other.start.day), date.max
        return first <= min(self.last_day or last, other.last_day or last)


@dataclass(frozen=True)
class Defaults:
    """A plan's own frequency and start day, with which its rows are filled."""

    frequency: Frequency = field(default_factory=Frequency)
    start: date | None = None


@dataclass(frozen=True)
class RowValues:
    """What a draft says of one prescription."""

    id: UUID
    position: Position
    dose: Dose
    start: Start
    last_day: date | None = None
    note: str = ""

    @classmethod
    def of(cls, row: Prescribed) -> Self:
        return cls(row.id, row.position, row.dose, row.start, row.last_day, row.note)


Carried = frozenset[tuple[UUID, date]]
"""(thread, start day) pairs of the approved revision before; these dates may lie in the past."""


def fill_row(row: RowValues, before: Defaults, after: Defaults, *, keeps_start: bool) -> RowValues:
    """Fill gaps from the plan's new defaults; what followed the old defaults follows the new.

    ``keeps_start``: a start that never moves by itself, e.g. one that is carried over.
    """
    frequency, start = row.dose.frequency, row.start
    if after.frequency.complete and frequency == before.frequency:
        frequency = after.frequency
    elif after.frequency.complete:
        frequency = frequency.with_gaps_from(after.frequency)
    follows = start == Start.unset() or (before.start and start == Start.on(before.start))
    if after.start and follows and not keeps_start:
        start = Start.on(after.start)
    return replace(row, dose=replace(row.dose, frequency=frequency), start=start)


def replace_frequency(dose: Dose, often: Frequency) -> Dose:
    """The same dose as often as ``often``."""
    return replace(dose, frequency=often)


def last_days(rows: Sequence[tuple[UUID, Start, date | None]]) -> dict[UUID, date]:
    """Where one dose of a thread follows another: the day before, for what has no last day yet.

    ``rows``: (id, start, last day) of one thread.
    """
    dated = sorted((s.day, id, last) for id, s, last in rows if s.day is not None)
    return {
        id: later - timedelta(days=1)
        for (day, id, last), (later, *_rest) in pairwise(dated)
        if last is None and day < later
    }


def is_carried(row: Prescribed, carried: Carried) -> bool:
    """Whether ``row`` goes on from the approved revision before: same thread, same start day."""
    return row.start.day is not None and (row.thread_id, row.start.day) in carried


def went_by(row: Prescribed, today: date, carried: Carried) -> bool:
    """Whether a draft's start date passed before anybody approved it."""
    day = row.start.day
    return day is not None and day < today and not is_carried(row, carried)


def carried_from(rows: Iterable[Prescribed]) -> Carried:
    """What ``rows`` of an approved revision hand on to the next draft."""
    return frozenset((row.thread_id, row.start.day) for row in rows if row.start.day)
