"""Reading the audit: the newest rows first, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, select

from app.audit.models import AuditRow
from app.database import db

PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """Which rows somebody looks for; None and "" are no wish. ``until`` itself is left out."""

    actors: Collection[UUID] | None = None
    patients: Collection[UUID] | None = None
    action: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def of(self, statement: Select[AuditRow]) -> Select[AuditRow]:
        """``statement`` narrowed to these rows."""
        if self.actors is not None:
            statement = statement.where(AuditRow.actor_id.in_(self.actors))
        if self.patients is not None:
            statement = statement.where(AuditRow.patient_id.in_(self.patients))
        if self.action:
            statement = statement.where(AuditRow.action == self.action)
        if self.outcome:
            # As a literal, or no database would know that the index of refusals is meant.
            outcome: BindParameter[str] = bindparam("outcome", self.outcome, literal_execute=True)
            statement = statement.where(AuditRow.outcome == outcome)
        if self.since:
            statement = statement.where(AuditRow.at >= self.since)
        if self.until:
            statement = statement.where(AuditRow.at < self.until)
        return statement


EVERYTHING = Wanted()


def list_rows(
    wanted: Wanted = EVERYTHING, *, before: int | None = None, size: int = PAGE_SIZE
) -> tuple[tuple[AuditRow, ...], int | None]:
    """``size`` rows from before number ``before``, and what to go on before if there are more."""
    statement = wanted.of(select(AuditRow)).order_by(AuditRow.seq.desc()).limit(size + 1)
    if before is not None:
        statement = statement.where(AuditRow.seq < before)
    found = tuple(db.session.scalars(statement))
    return found[:size], found[size - 1].seq if len(found) > size else None
