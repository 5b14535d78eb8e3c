"""The sheet: what a patient may know of a plan on one day. One value for page, print and paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.catalogue.rules import Kind, Position, Step
from app.plans.rules import Dose, Prescribed, StartState


class ItemState(StrEnum):
    DOABLE = "doable"
    LATER = "later"
    WITHHELD = "withheld"
    STOPPED = "stopped"
    OVER = "over"


NO_STOPS: Mapping[UUID, date] = MappingProxyType({})
"""Thread -> the day on which it was stopped: none."""


@dataclass(frozen=True)
class Told:
    """Texts and names that approval copies into a revision, so that they never change."""

    clinic_name: str
    clinic_phone: str
    emergency_number: str
    stop_rule: str
    patient_name: str
    therapist_name: str
    introduction: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    learn_more: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    handout_code: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Told:
        """The inverse of :func:`dataclasses.asdict`, after a way through JSON."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class Safety:
    """The numbers to call today. Unlike :class:`Told` they are always the clinic's newest."""

    clinic_phone: str
    emergency_number: str


@dataclass(frozen=True)
class SheetItem:
    """One exercise of the sheet. A withheld or stopped one has a title and nothing to do.

    ``follows``: another dose of the same thread comes before this one.
    """

    number: int
    prescription_id: UUID
    thread_id: UUID
    title: str
    state: ItemState
    kind: Kind | None = None
    position: Position | None = None
    steps: tuple[Step, ...] = ()
    telling_step: Step | None = None
    film: str | None = None
    film_alt: str = ""
    dose: Dose | None = None
    starts_on: date | None = None
    last_day: date | None = None
    equipment: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    note: str = ""
    credit: str = ""
    follows: bool = False
    stopped_on: date | None = None

    def may_be_done_on(self, day: date) -> bool:
        """Whether the patient may do it on ``day``, weekdays included."""
        return (
            self.starts_on is not None
            and self.starts_on <= day
            and (self.last_day is None or day <= self.last_day)
            and self.dose is not None
            and self.dose.frequency.falls_on(day)
        )


@dataclass(frozen=True)
class PlanSheet:
    """What one patient is told by one approved plan revision on ``day``."""

    plan_id: UUID
    plan_code: str
    revision: int
    title: str
    day: date
    approved_on: date
    told: Told
    safety: Safety
    items: tuple[SheetItem, ...]
    review_on: date | None = None
    ended_on: date | None = None
    stopped_on: date | None = None
    has_stops: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the whole plan ended or was stopped: then nothing of it may be done."""
        return self.ended_on is not None or self.stopped_on is not None

    @property
    def review_went_by(self) -> bool:
        """Whether the day on which somebody wanted to look at it again has passed."""
        return self.review_on is not None and self.review_on < self.day

    @property
    def stopped(self) -> tuple[SheetItem, ...]:
        return self._in_state(ItemState.STOPPED)

    @property
    def doable(self) -> tuple[SheetItem, ...]:
        return self._in_state(ItemState.DOABLE)

    @property
    def later(self) -> tuple[SheetItem, ...]:
        return self._in_state(ItemState.LATER)

    @property
    def withheld(self) -> tuple[SheetItem, ...]:
        return self._in_state(ItemState.WITHHELD)

    @property
    def due(self) -> tuple[SheetItem, ...]:
        """What may be done on this very day; empty on a rest day and after the plan's end."""
        return tuple(i for i in self.doable if i.may_be_done_on(self.day))

    @property
    def next_due(self) -> date | None:
        """The first day after this one on which something falls due (within two weeks)."""
        days = (self.day + timedelta(days=n) for n in range(1, 15))
        return next((d for d in days if any(i.may_be_done_on(d) for i in self.items)), None)

    @property
    def next_start(self) -> date | None:
        """When the first of the exercises that start later may start."""
        return min((i.starts_on for i in self.later if i.starts_on), default=None)

    @property
    def shown_code(self) -> str:
        """The plan code as people read and type it: "K7Q4-MX"."""
        return f"{self.plan_code[:4]}-{self.plan_code[4:]}"

    @property
    def equipment(self) -> tuple[str, ...]:
        """Everything that the plan needs, once each, in the order of first use."""
        return tuple(dict.fromkeys(thing for item in self.items for thing in item.equipment))

    @property
    def credits(self) -> tuple[str, ...]:
        """Who made text and pictures, once each."""
        return tuple(dict.fromkeys(item.credit for item in self.items if item.credit))

    @property
    def first_start(self) -> date | None:
        return min((i.starts_on for i in self.items if i.starts_on), default=None)

    def _in_state(self, state: ItemState) -> tuple[SheetItem, ...]:
        return tuple(i for i in self.items if i.state is state) if not self.is_over else ()


def state_on(row: Prescribed, day: date) -> ItemState:
    """What the patient may do with ``row`` on ``day``. An unset start counts as withheld."""
    if row.start.state is not StartState.DATED or row.start.day is None:
        return ItemState.WITHHELD
    if row.start.day > day:
        return ItemState.LATER
    if row.last_day and row.last_day < day:
        return ItemState.OVER
    return ItemState.DOABLE


def make_items(
    rows: tuple[Prescribed, ...], day: date, stops: Mapping[UUID, date] = NO_STOPS
) -> tuple[SheetItem, ...]:
    """The items a patient may know of on ``day``; what is over keeps its number to itself, so
    that a number on last week's paper still means the same exercise.

    A stopped thread is one item, however many doses it has.
    """
    shown: list[SheetItem] = []
    threads: set[UUID] = set()
    for number, row in enumerate(rows, start=1):
        item = _item(
            row,
            number,
            state_on(row, day),
            stops.get(row.thread_id),
            follows=row.thread_id in threads,
        )
        is_told = any(i.stopped_on and i.thread_id == item.thread_id for i in shown)
        if item.state is not ItemState.OVER and not (item.stopped_on and is_told):
            shown.append(item)
        threads.add(row.thread_id)
    return tuple(shown)


def _item(
    row: Prescribed, number: int, state: ItemState, stopped_on: date | None, *, follows: bool
) -> SheetItem:
    if stopped_on and state is not ItemState.OVER:
        state = ItemState.STOPPED
    if state in (ItemState.WITHHELD, ItemState.OVER, ItemState.STOPPED):
        day = stopped_on if state is ItemState.STOPPED else None
        return SheetItem(number, row.id, row.thread_id, row.text.title, state, stopped_on=day)
    variant = row.text.variant(row.position)
    return SheetItem(
        number,
        row.id,
        row.thread_id,
        row.text.title,
        state,
        kind=row.text.kind,
        position=row.position,
        steps=variant.steps,
        telling_step=variant.telling_step,
        film=variant.film,
        film_alt=variant.film_alt,
        dose=row.dose,
        starts_on=row.start.day,
        last_day=row.last_day,
        equipment=row.text.equipment,
        cautions=(*(c.sentence for c in row.text.cautions), *row.text.safety_notes),
        note=row.note,
        credit=row.text.credit,
        follows=follows,
    )
