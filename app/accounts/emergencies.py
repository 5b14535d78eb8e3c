"""Emergency access: a session that may open one more record for an hour, with a reason.

It belongs to a session, so that it ends with it and opens nothing on another device. The verbs
are those of patients (patients/emergencies.py); signing in has to read it with the session.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, and_, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Account, SignIn
from app.database import Base, db

_OPEN = text("ended_at IS NULL")


class EmergencyAccess(Base):
    """Who opened whose record, why, and until when; ``ended_at`` where it was ended before."""

    __tablename__ = "emergency_accesses"
    __table_args__ = (
        Index(
            "uq_emergency_accesses_open",
            "session_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey(SignIn.id), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    began_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def had_emergency(session_id: UUID, patient_id: UUID) -> bool:
    """Whether this session ever opened this patient's record in an emergency."""
    mine = and_(EmergencyAccess.session_id == session_id, EmergencyAccess.patient_id == patient_id)
    return bool(db.session.scalar(select(exists().where(mine))))


class EmergencySeen(Base):
    """That somebody on the care team, or an admin, has seen an emergency access."""

    __tablename__ = "emergencies_seen"

    emergency_id: Mapped[UUID] = mapped_column(ForeignKey(EmergencyAccess.id), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True, index=True)
    at: Mapped[datetime]
