"""What the builder shows: each part as a value, by which its markup is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from app.catalogue.ladder import NO_LADDER, Ladder
from app.plans.forms import PlanForm
from app.plans.models import PlanRevision
from app.plans.past_stops import PastStop
from app.plans.reads import Answer
from app.plans.review import Review
from app.plans.row_forms import FrequencyForm, RowForm
from app.plans.rules import Frequency, Prescribed
from app.wording import sentence_of


@dataclass(frozen=True)
class ShownPlan:
    """What the boxes about the plan as a whole hold."""

    title: str
    frequency: Frequency
    start_on: date | None
    review_on: date | None

    @classmethod
    def of(cls, draft: PlanRevision) -> Self:
        return cls(draft.title, draft.frequency, draft.start_on, draft.review_on)

    @property
    def form(self) -> PlanForm:
        """The boxes."""
        return PlanForm(formdata=None, data=self.data)

    @property
    def data(self) -> dict[str, object]:
        return {
            "title": self.title,
            "often": FrequencyForm.data_of(self.frequency),
            "start_on": self.start_on,
            "review_on": self.review_on,
        }


@dataclass(frozen=True)
class ShownWarning:
    """A warning in words, and the reason that stands at it."""

    key: str
    version: str
    sentence: str
    answer: Answer | None


@dataclass(frozen=True)
class ShownRow:
    """All that the builder shows of a prescription as it is saved: two that are equal look alike.

    ``place`` counts from 0.
    """

    place: int
    is_last: bool
    row: Prescribed
    warnings: tuple[ShownWarning, ...]
    stop: PastStop | None
    ladder: Ladder

    @property
    def form(self) -> RowForm:
        """Its boxes, named as in the builder's form."""
        form = RowForm(formdata=None, prefix=f"rows-{self.place}-", data=self.data)
        form.bind(self.row, [warning.key for warning in self.warnings])
        return form

    @property
    def data(self) -> dict[str, object]:
        """What its boxes hold."""
        answers = (
            (warning.key, warning.version, warning.answer.reason if warning.answer else "")
            for warning in self.warnings
        )
        return RowForm.data_of_row(self.row, answers)

    def warning(self, key: str) -> ShownWarning | None:
        return next((warning for warning in self.warnings if warning.key == key), None)


def rows_of(review: Review, ladders: Mapping[UUID, Ladder]) -> Iterator[ShownRow]:
    """In the draft's order."""
    stops = review.stops
    for place, row in enumerate(review.rows):
        warnings = tuple(
            ShownWarning(
                warning.cause.key,
                warning.cause.version,
                sentence_of(warning),
                review.answers.get((warning.thread_id, warning.cause)),
            )
            for warning in review.warnings
            if warning.prescription_id == row.id
        )
        is_last = place + 1 == len(review.rows)
        ladder = ladders.get(row.exercise_id, NO_LADDER)
        yield ShownRow(place, is_last, row, warnings, stops.get(row.thread_id), ladder)
