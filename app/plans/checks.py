"""What must be settled before a plan may be approved: warnings, gaps, dates, threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from app.catalogue.rules import Level, Span
from app.errors import N_, RuleBroken
from app.plans.rules import Carried, Prescribed, Side, StartState, went_by


@dataclass(frozen=True)
class Cause:
    """Why there is a warning. ``key`` is stable; ``version`` changes when the cause does."""

    key: str
    version: str


@dataclass(frozen=True)
class PlanWarning:
    """Something that needs a clinician's written reason, or another choice, before approval."""

    thread_id: UUID
    prescription_id: UUID
    cause: Cause
    sentence: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """One reason why approval is refused, at one prescription's field (or the plan's)."""

    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)
    prescription_id: UUID | None = None
    field: str = ""

    def __str__(self) -> str:
        return self.sentence % self.values


class NotApprovable(RuleBroken):
    """Approval is refused; ``problems`` says why, each with its own sentence."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].sentence, **self.problems[0].values)


@dataclass(frozen=True)
class Elsewhere:
    """A prescription of another plan of the same patient that is in force."""

    plan_id: UUID
    row: Prescribed
    plan_title: str


def find_warnings(
    rows: Sequence[Prescribed],
    conditions: Mapping[str, str],
    patient_name: str,
    elsewhere: Sequence[Elsewhere] = (),
) -> tuple[PlanWarning, ...]:
    """All warnings of a revision. ``conditions``: slug -> name of what is true of the patient."""
    return tuple(
        warning
        for row in rows
        for warning in (
            *_condition_warnings(row, conditions, patient_name),
            *_text_warnings(row),
            *_range_warnings(row),
            *_retired_warnings(row),
            *_twice_warnings(row, rows, elsewhere),
        )
    )


# A cause is written so here, and by the database in attention_statements.
TEXT = "text"
CONDITION = "condition:"
HEX_DIGITS = 8


def condition_cause(exercise_id: UUID, condition: str, level: str, sentence: str) -> Cause:
    """Of a caution that matches; a thread that goes on as another exercise is asked anew."""
    return Cause(f"{CONDITION}{condition}", f"{exercise_id.hex[:HEX_DIGITS]} {level}:{sentence}")


def text_cause(newest_revision_id: UUID) -> Cause:
    """Of a text that was superseded, by which."""
    return Cause(TEXT, newest_revision_id.hex)


_CONDITION_SENTENCES = {
    Level.CONTRAINDICATION: N_(
        "%(patient)s’s record says %(condition)s. This exercise must not be done with it."
    ),
    Level.PRECAUTION: N_(
        "%(patient)s’s record says %(condition)s. This exercise needs care with it."
    ),
}


def _condition_warnings(
    row: Prescribed, conditions: Mapping[str, str], patient_name: str
) -> Iterable[PlanWarning]:
    for caution in row.text.cautions:
        if caution.condition in conditions:
            yield PlanWarning(
                row.thread_id,
                row.id,
                condition_cause(
                    row.exercise_id, caution.condition, caution.level, caution.sentence
                ),
                _CONDITION_SENTENCES[caution.level],
                {"patient": patient_name, "condition": conditions[caution.condition]},
            )


def _range_warnings(row: Prescribed) -> Iterable[PlanWarning]:
    usual, dose = row.text.dose, row.dose
    parts = (
        ("repetitions", N_("Repetitions %(given)s: the catalogue says %(usual)s."),
         dose.repetitions, usual.repetitions),
        ("hold", N_("Hold %(given)s seconds: the catalogue says %(usual)s."),
         dose.hold, usual.hold),
        ("sets", N_("Sets %(given)s: the catalogue says %(usual)s."),
         Span(dose.sets, dose.sets), usual.sets),
    )  # fmt: skip
    for name, sentence, given, wanted in parts:
        if given is None or wanted is None or wanted.holds(given):
            continue
        values = {"given": _words(given), "usual": _words(wanted)}
        version = f"{row.exercise_id.hex[:8]} {values['given']} of {values['usual']}"
        yield PlanWarning(row.thread_id, row.id, Cause(f"dose:{name}", version), sentence, values)


def _retired_warnings(row: Prescribed) -> Iterable[PlanWarning]:
    if row.is_retired:
        sentence = N_("The catalogue no longer offers this exercise.")
        yield PlanWarning(row.thread_id, row.id, Cause("retired", ""), sentence, {})


def _text_warnings(row: Prescribed) -> Iterable[PlanWarning]:
    if not row.is_superseded:
        return
    sentence = N_("The text of this exercise was changed since you added it.")
    if row.changed_for_safety:
        sentence = N_("The text of this exercise was changed for safety since you added it.")
    yield PlanWarning(row.thread_id, row.id, text_cause(row.current_revision_id), sentence, {})


def _twice_warnings(
    row: Prescribed, rows: Sequence[Prescribed], elsewhere: Sequence[Elsewhere]
) -> Iterable[PlanWarning]:
    """One exercise in two threads on the same days; of two in one plan, one is asked about."""
    here = [other for other in rows if other.thread_id != row.thread_id and _clash(row, other)]
    if here and str(row.thread_id) > min(str(other.thread_id) for other in here):
        yield _twice(row, "twice", {other.thread_id for other in here},
                     N_("This exercise is in the plan twice on the same days."), {})  # fmt: skip
    there = [other for other in elsewhere if _clash(row, other.row)]
    if there:
        yield _twice(row, "elsewhere", {other.row.thread_id for other in there},
                     N_("This exercise is in another plan, too: %(plan)s."),
                     {"plan": there[0].plan_title})  # fmt: skip


def _clash(one: Prescribed, other: Prescribed) -> bool:
    """Whether a patient is told to do one exercise twice; a side each is no repetition."""
    sides = {one.dose.side, other.dose.side}
    return (
        one.exercise_id == other.exercise_id
        and sides != {Side.LEFT, Side.RIGHT}
        and one.is_dated_on(other)
    )


def _twice(
    row: Prescribed, key: str, threads: Set[UUID], sentence: str, values: Mapping[str, Any]
) -> PlanWarning:
    version = " ".join(sorted(thread.hex[:8] for thread in threads))
    return PlanWarning(row.thread_id, row.id, Cause(key, version), sentence, values)


def _words(span: Span) -> str:
    return str(span.low) if span.low == span.high else f"{span.low}–{span.high}"


def check_can_approve(
    rows: tuple[Prescribed, ...],
    *,
    today: date,
    carried: Carried,
    warnings: Iterable[PlanWarning],
    answered: Set[tuple[UUID, Cause]],
    review_on: date | None = None,
) -> None:
    """Refuse approval (:class:`NotApprovable`) with every reason there is.

    ``carried``: (thread, start day) of the approved revision before; these may lie in the past.
    ``answered``: (thread, cause) for which a clinician has written a reason.
    """
    problems = [problem for row in rows for problem in _row_problems(row, today, carried)]
    problems += _thread_problems(rows)
    problems += [
        Problem(
            _UNANSWERED.get(warning.cause.key, _UNANSWERED_WARNING),
            {"exercise": next(r.text.title for r in rows if r.id == warning.prescription_id)},
            warning.prescription_id,
            f"reason-{warning.cause.key}",
        )
        for warning in warnings
        if (warning.thread_id, warning.cause) not in answered
    ]
    if review_on and review_on < today:
        sentence = N_("The day of the next review is in the past. Choose a later one, or none.")
        problems.append(Problem(sentence, field="review_on"))
    if not rows:
        problems.append(Problem(N_("Add at least one exercise before you approve the plan.")))
    if problems:
        raise NotApprovable(problems)


_UNANSWERED_WARNING = N_("%(exercise)s: remove it, or write why it is right for this patient.")
_UNANSWERED = {
    "text": N_("%(exercise)s: its text changed since you added it. Take over the new text, "
               "or write why the old one is right."),
}  # fmt: skip
_MISSING = {
    "repetitions": N_("%(exercise)s: say how many times to repeat it."),
    "hold": N_("%(exercise)s: say how many seconds to hold it."),
    "times_per_day": N_("%(exercise)s: say how many times a day."),
    "days": N_("%(exercise)s: say on which days."),
}


def _row_problems(row: Prescribed, today: date, carried: Carried) -> Iterable[Problem]:
    name = {"exercise": row.text.title}
    for part in row.dose.missing(row.text.kind):
        yield Problem(_MISSING[part], name, row.id, part)
    day = row.start.day
    if row.start.state is StartState.UNSET:
        yield Problem(
            N_("%(exercise)s: choose a start date, or say “not yet”."), name, row.id, "start"
        )
    elif went_by(row, today, carried):
        yield Problem(
            N_("%(exercise)s: the start date is in the past. Choose today or later."),
            name, row.id, "start",
        )  # fmt: skip
    if row.last_day and day and row.last_day < day:
        yield Problem(
            N_("%(exercise)s: the last day is before the start date."), name, row.id, "last_day"
        )


def _thread_problems(rows: Iterable[Prescribed]) -> Iterable[Problem]:
    threads: dict[UUID, list[Prescribed]] = {}
    for row in rows:
        threads.setdefault(row.thread_id, []).append(row)
    for thread in threads.values():
        in_order = sorted(thread, key=lambda row: row.start.day or date.max)
        for earlier, later in pairwise(in_order):
            name = {"exercise": later.text.title}
            if later.start.day is None:
                yield Problem(
                    N_("%(exercise)s: a change needs a date from which it holds."),
                    name, later.id, "start",
                )  # fmt: skip
            elif earlier.last_day is None or earlier.last_day >= later.start.day:
                yield Problem(
                    N_("%(exercise)s: the old and the new dose overlap. End the old one the day "
                       "before the new one starts."),
                    name, earlier.id, "last_day",
                )  # fmt: skip
            elif earlier.last_day + timedelta(days=1) < later.start.day:
                yield Problem(
                    N_("%(exercise)s: there is a gap between the old and the new dose."),
                    name, earlier.id, "last_day",
                )  # fmt: skip
