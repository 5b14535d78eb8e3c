"""Patients, what is true of them, and who treats them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.models import Condition
from app.database import Base


class CareTeamMember(Base):
    """A therapist who may see a patient, since when."""

    __tablename__ = "care_team"
    __table_args__ = (Index("ix_care_team_therapist_id_patient_id", "therapist_id", "patient_id"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    since: Mapped[datetime]

    therapist: Mapped[Account] = relationship(lazy="raise")


class PatientCondition(Base):
    """A condition on a patient's record. It is ended, not deleted."""

    __tablename__ = "patient_conditions"
    __table_args__ = (
        Index(
            "uq_patient_conditions_current",
            "patient_id",
            "condition_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    condition_id: Mapped[UUID] = mapped_column(ForeignKey(Condition.id), index=True)
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)

    condition: Mapped[Condition] = relationship(lazy="raise")


class Patient(Base):
    """Somebody in treatment. ``version`` counts edits, so that a stale one is seen."""

    __tablename__ = "patients"
    __table_args__ = (
        Index("ix_patients_name_key_id", "name_key", "id"),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100))
    birth_date: Mapped[date | None]
    record_number: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    members: Mapped[list[CareTeamMember]] = relationship(lazy="raise")
    conditions: Mapped[list[PatientCondition]] = relationship(lazy="raise")
    person: Mapped[Account | None] = relationship(lazy="raise")

    @property
    def team(self) -> frozenset[UUID]:
        """Ids of the therapists who may see this patient (needs ``members`` loaded)."""
        return frozenset(member.therapist_id for member in self.members)
