"""A row of the model, as the builder's boxes hold it."""

from __future__ import annotations

from datetime import date

from tests.plans.lifecycle_model import Row


def row_form(row: Row) -> dict[str, str]:
    """Its boxes by their names."""
    low, high = row.repetitions or ("", "")
    hold_low, hold_high = row.exercise.hold or ("", "")
    is_dated = isinstance(row.start, date)
    return {
        "id": row.id,
        "repetitions_low": str(low),
        "repetitions_high": str(high),
        "hold_low": str(hold_low),
        "hold_high": str(hold_high),
        "sets": "1",
        "rest": "",
        "side": "both",
        "load": "",
        "position": row.exercise.position,
        "start": "dated" if is_dated else str(row.start),
        "start_on": str(row.start) if is_dated else "",
        "last_day": str(row.last_day or ""),
        "note": row.note,
        "times_per_day": "" if row.days is None else "2",
        "days": "" if row.days is None else "chosen" if row.days else "7",
        **({"weekdays": str(row.days[0])} if row.days else {}),
    }


def span_words(span: tuple[int, int]) -> str:
    return str(span[0]) if span[0] == span[1] else f"{span[0]}–{span[1]}"
