"""The next step of a dose, harder or easier, within what the catalogue says is usual: pure."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from app.catalogue.rules import DoseRange, Span
from app.plans.rules import Dose

USUAL_SETS = Span(1, 3)
"""Where the catalogue gives none."""


class Way(StrEnum):
    """Which way a step goes."""

    HARDER = "harder"
    EASIER = "easier"


def next_dose(dose: Dose, usual: DoseRange, way: Way) -> Dose | None:
    """The next dose; None at the end of what is usual: then it is another exercise, or a load.

    First the hold and the repetitions go to the end of their range, then there is a set more or
    less, with the repetitions at their other end.
    """
    for part, span in (("hold", usual.hold), ("repetitions", usual.repetitions)):
        given: Span | None = getattr(dose, part)
        if given and span and (stepped := _step(given, span, way)) != given:
            return replace(dose, **{part: stepped})  # type: ignore[arg-type]  # a part of a dose
    sets = usual.sets or USUAL_SETS
    more = dose.sets + (1 if way == Way.HARDER else -1)
    if not sets.low <= more <= sets.high:
        return None
    start = usual.repetitions.low if way == Way.HARDER else usual.repetitions.high
    return replace(dose, sets=more, repetitions=Span(start, start))


def _step(given: Span, usual: Span, way: Way) -> Span:
    """Half of the range on, both ends; what is outside the range stays as it is."""
    by = max(1, (usual.high - usual.low) // 2)
    if way == Way.HARDER:
        if given.low >= usual.high:
            return given
        return Span(min(max(given.low, usual.low) + by, usual.high), max(given.high, usual.high))
    if given.high <= usual.low:
        return given
    return Span(min(given.low, usual.low), max(min(given.high, usual.high) - by, usual.low))
