"""The audit tables: append-only, kept so by database triggers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

_LOOKS = text("action = 'look'")
_REFUSED = text("outcome = 'refused'")


class AuditRow(Base):
    """Who did (or was refused) what, to whom, when. Holds ids and field names, never contents.

    ``position`` counts the rows of a chain from 1; ``prev`` is the ``mac`` of the row before.
    """

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("chain_id", "position"),
        Index("ix_audit_patient_id_seq", "patient_id", "seq"),
        Index("ix_audit_actor_id_seq", "actor_id", "seq"),
        Index("ix_audit_action_seq", "action", "seq"),
        Index("ix_audit_at", "at"),
        Index("ix_audit_refused", "seq", sqlite_where=_REFUSED, postgresql_where=_REFUSED),
        Index(
            "ix_audit_looks",
            "session_id",
            "at",
            sqlite_where=_LOOKS,
            postgresql_where=_LOOKS,
        ),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    roles: Mapped[str] = mapped_column(String(60), default="")
    session_id: Mapped[UUID | None]
    ip: Mapped[str] = mapped_column(String(45), default="")
    request_id: Mapped[str] = mapped_column(String(32), default="")
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40), default="")
    object_id: Mapped[UUID | None]
    patient_id: Mapped[UUID | None]
    emergency_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    changed: Mapped[list[Any]] = mapped_column(JSON, default=list)
    chain_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    prev: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(Base):
    """Where a chain ends: how many rows it has, and the seal of its last one."""

    __tablename__ = "audit_heads"

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class StrangerRefusal(Base):
    """How often people who are not signed in were refused the same thing lately (strangers.py)."""

    __tablename__ = "stranger_refusals"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    network: Mapped[str] = mapped_column(String(45))
    since: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(BigInteger)
