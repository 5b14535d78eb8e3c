"""Adding rows to the ends of their chains.

Whoever adds to a chain holds its head's row until the commit: the rows of one chain queue, and
those of two never wait for each other. Why so: docs/decisions/0010-audit-chains.md.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.audit.models import AuditHead, AuditRow
from app.audit.rules import (
    NOTHING_BEFORE,
    WITNESS,
    chain_of,
    is_head_sealed_with,
    seal_head,
    seal_row,
)
from app.config import PREFIX, Settings, SettingsError

log = logging.getLogger("homestretch.audit")

MOST_AT_ONCE = 500

_LOCK = (
    select(AuditHead.chain_id, AuditHead.position, AuditHead.last, AuditHead.mac)
    .where(AuditHead.chain_id.in_(bindparam("chains", expanding=True)))
    .order_by(AuditHead.chain_id)
    .with_for_update()
)
_WITNESS = select(AuditHead.chain_id, AuditHead.position, AuditHead.last, AuditHead.mac).where(
    AuditHead.chain_id == WITNESS
)
_LENGTH = select(func.max(AuditRow.position)).where(AuditRow.chain_id == bindparam("chain"))
_ADD = insert(AuditRow)
_MOVE = (
    update(AuditHead)
    .where(AuditHead.chain_id == bindparam("chain"))
    .values(position=bindparam("end"), last=bindparam("seal"), mac=bindparam("head_seal"))
)


@dataclass
class _End:
    """The end of one chain, which grows."""

    position: int
    last: bytes


def append(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Seal ``rows`` and add each to the end of its chain: three statements for 500 of them."""
    session.flush()  # first what they are about, then the chains: everybody locks in one order
    connection = session.connection()
    for start in range(0, len(rows), MOST_AT_ONCE):
        _append(connection, rows[start : start + MOST_AT_ONCE])


def lock_chain(session: Session, chain_id: UUID) -> None:
    """Let nobody else add to this chain until the commit."""
    _lock_ends(session.connection(), {chain_id})


def _append(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    key = _settings().audit_key
    chains = [chain_of(row) for row in rows]
    ends = _lock_ends(connection, set(chains))
    for chain_id, row in zip(chains, rows, strict=True):
        end = ends[chain_id]
        end.position += 1
        row |= {"chain_id": chain_id, "position": end.position, "prev": end.last}
        row["mac"] = end.last = seal_row(key, row)
    connection.execute(_ADD, rows)
    heads = [
        {
            "chain": chain_id,
            "end": end.position,
            "seal": end.last,
            "head_seal": seal_head(key, chain_id, end.position, end.last),
        }
        for chain_id, end in ends.items()
    ]
    connection.execute(_MOVE, heads)


def _lock_ends(connection: Connection, chains: Collection[UUID]) -> dict[UUID, _End]:
    """Where each chain ends; nobody else can add to them until the commit."""
    found = {row.chain_id: row for row in connection.execute(_LOCK, {"chains": list(chains)})}
    missing = sorted(set(chains) - set(found))
    if missing:
        for chain_id in missing:
            _begin_chain(connection, chain_id)
        return _lock_ends(connection, chains)
    return {chain_id: _end(connection, found[chain_id]) for chain_id in sorted(found)}


def _end(connection: Connection, head: Row[UUID, int, bytes, bytes]) -> _End:
    """What the head says, if it is genuine; it is not where the chain is new.

    If it has rows, somebody altered its head. It goes on after its last row, but without the
    seal of that row: a break that ``verify-audit`` finds for ever after.
    """
    if is_head_sealed_with(_settings().audit_keys, *head):
        return _End(head.position, head.last)
    length = connection.scalar(_LENGTH, {"chain": head.chain_id}) or 0
    check_key(connection)
    if length:
        log.error("audit chain %s: its head is not what we wrote", head.chain_id)
    return _End(length, NOTHING_BEFORE)


def check_key(connection: Connection) -> None:
    """Refuse to seal with another key than the one with which this database's audit began.

    Raises SettingsError. One who sets the key for the server, and forgets it on the command line,
    would else leave rows that look like a stranger's.
    """
    witness = connection.execute(_WITNESS).one_or_none()
    if witness is None or not is_head_sealed_with(_settings().audit_keys, *witness):
        raise SettingsError(
            f"{PREFIX}AUDIT_KEY is not the key of this database's audit. Set the key that it "
            f"began with, or add that one to {PREFIX}AUDIT_KEY_FALLBACKS (see docs/settings.md)."
        )


def _begin_chain(connection: Connection, chain_id: UUID) -> None:
    head = {"chain_id": chain_id, "position": 0, "last": NOTHING_BEFORE, "mac": b""}
    if connection.dialect.name == "postgresql":  # on SQLite, nobody else writes meanwhile
        made = postgresql.insert(AuditHead).on_conflict_do_nothing()
        connection.execute(made, head)
    else:
        connection.execute(insert(AuditHead), head)


def _settings() -> Settings:
    found: Settings = current_app.extensions["homestretch_settings"]
    return found
