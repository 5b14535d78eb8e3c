"""Writing the audit: changes share the transaction of what they record, refusals and looks have
their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import g, has_request_context, request
from sqlalchemy import and_, bindparam, func, or_, select

from app.audit.appending import append, lock_chain
from app.audit.models import AuditRow
from app.audit.rules import LOOK, LOOK_AGAIN_AFTER, chain_of
from app.audit.strangers import rows_for
from app.database import db, writing
from app.policy import Emergency


class Actor(Protocol):
    """Whoever acts; ``session_id`` is None for a command on the server."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def session_id(self) -> UUID | None: ...
    @property
    def emergency(self) -> Emergency | None: ...


@dataclass(frozen=True)
class Operator:
    """Somebody with a shell on the server, or the program itself."""

    id: UUID | None = None
    roles: frozenset[str] = frozenset({"operator"})
    session_id: UUID | None = None
    emergency: None = None


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
    record_all(action, (about,), by=by, now=now, changed=changed, reason=reason)


def record_all(
    action: str,
    abouts: Iterable[About],
    *,
    by: Actor | None,
    now: datetime,
    changed: Iterable[str] = (),
    reason: str = "",
) -> None:
    """The same for each of many things that one verb changes."""
    names = sorted(changed)
    append(db.session(), [_row(action, one, by, now, "done", names, reason) for one in abouts])


def record_refusal(
    action: str, about: About, *, by: Actor | None, now: datetime, reason: str
) -> None:
    """Add a row for something refused, and commit it alone; what was begun is rolled back.

    Of strangers' refusals, which anybody can cause, many are counted in one row (strangers.py).
    """
    db.session.rollback()
    row = _row(action, about, by, now, "refused", [], reason)
    with writing() as session:
        rows = [row] if by else rows_for(session, row, now)
        if rows:
            append(session, rows)


_LAST_LOOK = select(func.max(AuditRow.at)).where(
    AuditRow.action == LOOK,
    AuditRow.session_id == bindparam("session_id"),
    AuditRow.patient_id.is_not_distinct_from(bindparam("patient_id")),
    AuditRow.emergency_id.is_not_distinct_from(bindparam("emergency_id")),
    or_(
        AuditRow.patient_id.is_not(None),  # whatever page of theirs it was
        and_(
            AuditRow.object_kind == bindparam("object_kind"),
            AuditRow.object_id.is_not_distinct_from(bindparam("object_id")),
        ),
    ),
)


def record_look(about: About, *, by: Actor, now: datetime) -> datetime:
    """Add a row for staff reading about a patient, and commit it alone; gives when it was.

    One row for a session, a patient and a quarter of an hour: later looks give the earlier one.
    What belongs to no patient is one thing by its kind and id, a list by its kind.
    """
    db.session.rollback()
    with writing() as session:
        row = _row(LOOK, about, by, now, "seen", [], "")
        lock_chain(session, chain_of(row))
        last = session.scalar(_LAST_LOOK, row)
        if last is not None and now - last < LOOK_AGAIN_AFTER:
            return last
        append(session, [row])
    return now


def _row(
    action: str,
    about: About,
    by: Actor | None,
    now: datetime,
    outcome: str,
    changed: list[str],
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
        "emergency_id": _emergency_id(about, by),
        "outcome": outcome,
        "reason": reason[:500],
        "changed": changed,
    }


def _emergency_id(about: About, by: Actor | None) -> UUID | None:
    """The emergency access in which this is done; None for what its patient has no part in."""
    lasting = by.emergency if by else None
    return lasting.id if lasting and lasting.patient_id == about.patient_id else None
