"""A draft as its clinician must look at it: rows, warnings, answers, and what is carried over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.plans import reads, rules
from app.plans.checks import PlanWarning, find_warnings
from app.plans.handles import PlanHandle
from app.plans.models import PlanRevision
from app.plans.on_record import OnRecord, find_on_record
from app.plans.past_stops import PastStop, stop_warnings
from app.plans.patient_rows import list_with_draft
from app.plans.reads import Answers


@dataclass(frozen=True)
class Review:
    """Everything that approval looks at. ``conditions`` of the patient: slug -> name."""

    draft: PlanRevision
    rows: tuple[rules.Prescribed, ...]
    conditions: Mapping[str, str]
    warnings: tuple[PlanWarning, ...]
    answers: Answers
    carried: rules.Carried
    past_stops: tuple[PastStop, ...] = ()

    @property
    def stops(self) -> Mapping[UUID | None, PastStop]:
        """The stops of this plan: by thread, and under None that of the whole plan."""
        return {s.thread_id: s for s in self.past_stops if s.plan_id == self.draft.plan_id}

    @property
    def stopped_plans(self) -> tuple[PastStop, ...]:
        """The stops of the patient's other plans, as a whole."""
        plans = {s.plan_id: s for s in self.past_stops if s.thread_id is None}
        return tuple(s for s in plans.values() if s.plan_id != self.draft.plan_id)

    @property
    def exercise_ids(self) -> frozenset[UUID]:
        """The catalogue's exercises that are in the draft."""
        return frozenset(row.exercise_id for row in self.rows)

    def reasons_at(self, row_id: UUID) -> list[str]:
        """The written reasons at one prescription's warnings."""
        causes = [(w.thread_id, w.cause) for w in self.warnings if w.prescription_id == row_id]
        return [self.answers[cause].reason for cause in causes if cause in self.answers]

    @property
    def open_warnings(self) -> tuple[PlanWarning, ...]:
        """The warnings that nobody has answered."""
        return tuple(w for w in self.warnings if (w.thread_id, w.cause) not in self.answers)


def review_draft(
    plan: PlanHandle, draft: PlanRevision, on_record: OnRecord | None = None
) -> Review:
    """Read the draft and hold it against what is on record (read here, unless it was before) and
    the catalogue."""
    known = on_record or find_on_record(plan.id)
    rows, approved = list_with_draft(plan.id, plan.patient.id, draft.id)
    warnings = (
        *find_warnings(rows, known.conditions, plan.patient.name, approved.elsewhere),
        *stop_warnings(rows, plan.id, known.stops),
    )
    carried = rules.carried_from(approved.here)
    return Review(draft, rows, known.conditions, warnings, known.answers, carried, known.stops)


def carried_into(plan_id: UUID) -> rules.Carried:
    """What the plan's revision in force hands on to its draft."""
    return rules.carried_from(value for _row, value in reads.list_rows_in_force(plan_id))
