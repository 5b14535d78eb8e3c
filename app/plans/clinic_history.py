"""Which numbers and which time zone a sheet was read with: kept, because settings keep no past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, scoped_session

from app.database import Base, db, writing
from app.plans.reads import Moment
from app.plans.sheet import Safety


class ClinicFacts(Base):
    """Append-only: from ``at`` on, sheets are read with these."""

    __tablename__ = "clinic_facts"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    clinic_phone: Mapped[str] = mapped_column(String(200))
    emergency_number: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(80))

    @property
    def facts(self) -> Facts:
        return Facts(Safety(self.clinic_phone, self.emergency_number), ZoneInfo(self.time_zone))


@dataclass(frozen=True)
class Facts:
    """The settings that a sheet shows as they are, and does not copy at approval."""

    safety: Safety
    zone: ZoneInfo


def note_facts(facts: Facts, now: datetime) -> None:
    """Keep ``facts`` where they are news, in a transaction of its own: a page may read them."""
    with writing() as session:
        if _last(session, now) == facts:
            return
        session.add(
            ClinicFacts(
                at=now,
                clinic_phone=facts.safety.clinic_phone,
                emergency_number=facts.safety.emergency_number,
                time_zone=facts.zone.key,
            )
        )


def moment_then(instant: datetime, today: Facts) -> Moment:
    """``instant`` with the facts that held then; before the first that were kept, today's."""
    facts = _last(db.session, instant) or today
    return Moment(instant, facts.zone, facts.safety)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last instant of a clinic day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def _last(session: Session | scoped_session[Any], until: datetime) -> Facts | None:
    row = session.scalar(
        select(ClinicFacts).where(ClinicFacts.at <= until).order_by(ClinicFacts.seq.desc()).limit(1)
    )
    return row.facts if row else None
