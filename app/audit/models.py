"""The audit table: append-only, kept so by database triggers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class AuditRow(Base):
    """Who did (or was refused) what, to whom, when. Holds ids and field names, never contents."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_patient_id_seq", "patient_id", "seq"),
        Index("ix_audit_actor_id_seq", "actor_id", "seq"),
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
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    changed: Mapped[list[Any]] = mapped_column(JSON, default=list)
