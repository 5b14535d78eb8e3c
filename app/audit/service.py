"""Writing the audit: changes share the transaction of what they record, refusals have their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import g, has_request_context, request
from sqlalchemy import insert

from app.audit.models import AuditRow
from app.database import db, writing


class Actor(Protocol):
    """Whoever acts; ``session_id`` is None for a command on the server."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def session_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Operator:
    """Somebody with a shell on the server, or the program itself."""

    id: UUID | None = None
    roles: frozenset[str] = frozenset({"operator"})
    session_id: UUID | None = None


@dataclass(frozen=True)
class About:
    """What an audit row is about."""

    kind: str
    id: UUID | None = None
    patient_id: UUID | None = None


def record(
    action: str,
    about: About,
    *,
    by: Actor | None,
    now: datetime,
    changed: Iterable[str] = (),
    reason: str = "",
) -> None:
    """Add a row to the running transaction: it is there if, and only if, the change is."""
    db.session.execute(
        insert(AuditRow).values(_row(action, about, by, now, "done", changed, reason))
    )


def record_refusal(
    action: str, about: About, *, by: Actor | None, now: datetime, reason: str
) -> None:
    """Add a row for something refused, and commit it alone; what was begun is rolled back."""
    db.session.rollback()
    with writing() as connection:
        connection.execute(
            insert(AuditRow).values(_row(action, about, by, now, "refused", (), reason))
        )


def _row(
    action: str,
    about: About,
    by: Actor | None,
    now: datetime,
    outcome: str,
    changed: Iterable[str],
    reason: str,
) -> dict[str, object]:
    inside = has_request_context()
    return {
        "at": now,
        "actor_id": by.id if by else None,
        "roles": " ".join(sorted(by.roles)) if by else "",
        "session_id": by.session_id if by else None,
        "ip": (request.remote_addr or "") if inside else "",
        "request_id": g.get("request_id", "") if inside else "",
        "action": action,
        "object_kind": about.kind,
        "object_id": about.id,
        "patient_id": about.patient_id,
        "outcome": outcome,
        "reason": reason[:500],
        "changed": sorted(changed),
    }
