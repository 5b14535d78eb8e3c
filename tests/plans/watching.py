"""What is to be looked at, found among the watched plans and found among all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.database import read_rows
from app.plans.attention_statements import COUNTS, OF_THERAPIST, of_clinic, of_therapist

AMONG_ALL = of_therapist(watched=False)
COUNTS_AMONG_ALL = of_clinic(watched=False)

Flags = Sequence[Row[*tuple[Any, ...]]]


def flags_of(therapist_id: UUID, today: date) -> Flags:
    """The flags of a caseload; both ways find the same, and count the same in the whole clinic."""
    asked = {"therapist_id": therapist_id, "today": today, "most": 10_000, "skip": 0}
    found: Flags = read_rows(OF_THERAPIST, asked)
    assert found == read_rows(AMONG_ALL, asked)
    counts = read_rows(COUNTS, {"today": today})
    assert sorted(counts, key=repr) == sorted(
        read_rows(COUNTS_AMONG_ALL, {"today": today}), key=repr
    )
    return found
