"""How the plan's verbs write the audit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.audit.service import About, Actor, record


def record_plan(
    action: str, plan_id: UUID, patient_id: UUID, by: Actor, now: datetime, *, reason: str = ""
) -> None:
    record(action, About("plan", plan_id, patient_id), by=by, now=now, reason=reason)


def person_id(by: Actor) -> UUID:
    """Who wrote it; a plan is never written by the program itself."""
    if by.id is None:
        raise ValueError("a plan is written by a person")
    return by.id
