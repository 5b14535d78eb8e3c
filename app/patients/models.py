"""Patients, what is true of them, and who treats them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.catalogue.models import Condition
from app.database import Base
from app.patients.rules import MAX_NAME, MAX_RECORD_NUMBER, BodySide, ConditionFacts


class CareTeamMember(Base):
    """A therapist who may see a patient, since when.

    ``name_key`` is the patient's: an index by therapist and name gives a page of a caseload without
    a look at all of it. The foreign key refuses any other, and a new name comes along by itself.
    """

    __tablename__ = "care_team"
    __table_args__ = (
        ForeignKeyConstraint(
            ["patient_id", "name_key"],
            ["patients.id", "patients.name_key"],
            name="fk_care_team_patient_id_name_key_patients",
            onupdate="CASCADE",
        ),
        Index("ix_care_team_therapist_id_name_key", "therapist_id", "name_key", "patient_id"),
    )

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    name_key: Mapped[str] = mapped_column(String(MAX_NAME))
    since: Mapped[datetime]

    therapist: Mapped[Account] = relationship(lazy="raise")


class PatientCondition(Base):
    """A condition on a patient's record. It is ended, not deleted.

    A correction ends the row, too, and adds the next one. ``until`` is the last day that
    somebody wrote down; it stays empty where a button was pressed and ``ended_at`` says all.
    """

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
    side: Mapped[str] = mapped_column(
        String(10), default=BodySide.NONE, server_default=BodySide.NONE.value
    )
    since: Mapped[date | None]
    until: Mapped[date | None]

    condition: Mapped[Condition] = relationship(lazy="raise")

    @property
    def facts(self) -> ConditionFacts:
        return ConditionFacts(BodySide(self.side), self.since, self.until)


# Words are found by a range of the index, which needs the order of code points.
_WORD = String(MAX_NAME).with_variant(String(MAX_NAME, collation="C"), "postgresql")


class PatientNameWord(Base):
    """One word of a patient's name: how somebody is found among all patients of the clinic."""

    __tablename__ = "patient_name_words"
    __table_args__ = (Index("ix_patient_name_words_patient_id_word", "patient_id", "word"),)

    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    name_key: Mapped[str] = mapped_column(_WORD, primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)


class Patient(Base):
    """Somebody in treatment. ``version`` counts edits, so that a stale one is seen.

    An archived patient is in no list of those in treatment; everything else stays as it is.
    """

    __tablename__ = "patients"
    __table_args__ = (
        Index("ix_patients_name_key_id", "name_key", "id"),
        Index("uq_patients_id_name_key", "id", "name_key", unique=True),
        Index(
            "ix_patients_archived",
            "name_key",
            "id",
            sqlite_where=text("archived_at IS NOT NULL"),
            postgresql_where=text("archived_at IS NOT NULL"),
        ),
        Index(
            "ix_patients_record_key",
            "record_key",
            sqlite_where=text("record_key <> ''"),
            postgresql_where=text("record_key <> ''"),
        ),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    name_key: Mapped[str] = mapped_column(String(MAX_NAME))
    birth_date: Mapped[date | None]
    record_number: Mapped[str] = mapped_column(String(MAX_RECORD_NUMBER), default="")
    record_key: Mapped[str] = mapped_column(
        String(MAX_RECORD_NUMBER), default="", server_default=""
    )
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    # By the id alone: what is loaded of a team is not to depend on a name that somebody changes.
    members: Mapped[list[CareTeamMember]] = relationship(
        lazy="raise",
        primaryjoin=lambda: Patient.id == CareTeamMember.patient_id,
        foreign_keys=CareTeamMember.patient_id,
    )
    conditions: Mapped[list[PatientCondition]] = relationship(lazy="raise")
    person: Mapped[Account | None] = relationship(lazy="raise")

    @property
    def team(self) -> frozenset[UUID]:
        """Ids of the therapists who may see this patient (needs ``members`` loaded)."""
        return frozenset(member.therapist_id for member in self.members)
