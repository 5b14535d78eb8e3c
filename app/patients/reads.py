"""Lists of patients and therapists: each in one statement, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import aliased, selectinload

from app.accounts.models import Account
from app.accounts.service import names_begin_with
from app.database import db, read_rows
from app.paging import PAGE_SIZE, Page, PageStatements, fetch_page, page_statements
from app.patients import rules
from app.patients.models import CareTeamMember, Patient, PatientNameWord
from app.patients.search import sounds_like
from app.policy import Role
from app.text import search_key

MOST_THERAPISTS = 500
MOST_CHOSEN = 500
MOST_COMPARED = 2000
MOST_SUGGESTED = 5
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Wanted:
    """Whom somebody looks for: words of a name or a record number, or days of birth."""

    words: str = ""
    born: frozenset[date] = frozenset()

    def holds(self) -> ColumnElement[bool]:
        """Whether a patient is meant."""
        if not self.words:
            return true()
        meant = [names_begin_with(Patient.name_key, self.words)]
        if self.born:
            meant.append(Patient.birth_date.in_(sorted(self.born)))
        if key := rules.record_key(self.words):
            meant.append(Patient.record_key == key)
            if any(sign.isdigit() for sign in key):
                meant.append(Patient.record_key.startswith(key, autoescape=True))
        return or_(*meant)


BY_NAME = (CareTeamMember.name_key, CareTeamMember.patient_id)
"""The order of a therapist's patients, which an index has."""

EVERYBODY = Wanted()
NO_CONDITION: ColumnElement[bool] = true()


class Line(NamedTuple):
    """A patient as a list shows them."""

    id: UUID
    name: str
    birth_date: date | None
    record_number: str | None
    archived_at: datetime | None


LinePages = PageStatements[UUID, str, date | None, str | None, datetime | None]


def caseload_pages(
    wanted: Wanted = EVERYBODY,
    where: ColumnElement[bool] = NO_CONDITION,
    *,
    archived: bool = False,
) -> LinePages:
    """The patients whose care team ``therapist_id`` is on, by name; ``where`` narrows it more."""
    found = _lines(archived).where(wanted.holds(), where)
    return page_statements(found, *BY_NAME)


def _lines(archived: bool) -> Select[UUID, str, date | None, str | None, datetime | None]:
    return (
        _patients_of(bindparam("therapist_id"))
        .where(_is_archived(archived))
        .with_only_columns(
            Patient.id,
            Patient.name,
            Patient.birth_date,
            Patient.record_number,
            Patient.archived_at,
        )
    )


def suggest_patients(
    therapist_id: UUID,
    words: str,
    *,
    archived: bool = False,
    where: ColumnElement[bool] = NO_CONDITION,
) -> tuple[UUID, ...]:
    """Those whose names come nearest to ``words``, the nearest first."""
    compared = (
        _patients_of(therapist_id)
        .where(_is_archived(archived), where)
        .with_only_columns(*BY_NAME)
        .order_by(*BY_NAME)
        .limit(MOST_COMPARED)
    )
    near = ((sounds_like(words, name_key), id_) for name_key, id_ in read_rows(compared))
    best = nlargest(MOST_SUGGESTED, (one for one in near if one[0]), key=itemgetter(0))
    return tuple(id_ for _likeness, id_ in best)


def list_to_choose(therapist_id: UUID) -> tuple[Patient, ...]:
    """A therapist's patients by name, archived ones too, as many as one page may hold."""
    return tuple(
        db.session.scalars(_patients_of(therapist_id).order_by(*BY_NAME).limit(MOST_CHOSEN))
    )


def find_namesake(
    therapist_id: UUID, name: str, birth_date: date | None, *, besides: UUID
) -> Patient | None:
    """A patient of this therapist with the same name and birth date: perhaps the same person."""
    return db.session.scalar(
        _patients_of(therapist_id)
        .where(
            CareTeamMember.name_key == rules.name_key(name),
            Patient.birth_date == birth_date,
            Patient.id != besides,
        )
        .order_by(Patient.created_at, Patient.id)
        .limit(1)
    )


def list_teams(
    *, archived: bool = False, therapist_id: UUID | None = None, after: UUID | None = None
) -> Page[Patient]:
    """All patients of the clinic with their care teams, by name; for who assigns teams."""
    found = _patients_of(therapist_id) if therapist_id else select(Patient)
    found = found.where(_is_archived(archived)).options(_TEAMS)
    return fetch_page(found, Patient.name_key, Patient.id, after)


def search_teams(words: str, *, archived: bool = False) -> tuple[tuple[Patient, ...], bool]:
    """Those with all ``words`` at the beginning of a name; and whether there are more of them.

    They come in the order of the word that was found, and from its index: so the first page
    costs the same in a clinic of any size.
    """
    first, *others = sorted(search_key(words).split(), key=len, reverse=True) or [""]
    if not first:  # an accent alone
        return (), False
    word = PatientNameWord
    found = (
        select(Patient)
        .join(word, word.patient_id == Patient.id)
        .where(_begins(word, first), _is_archived(archived), *map(_has_word, others))
        .where(~_has_word(first, before=word.word.expression))
        .order_by(word.word, word.name_key, word.patient_id)
        .limit(PAGE_SIZE + 1)
        .options(_TEAMS)
    )
    patients = tuple(db.session.scalars(found))
    return patients[:PAGE_SIZE], len(patients) > PAGE_SIZE


_TEAMS = selectinload(Patient.members).joinedload(CareTeamMember.therapist)


def _begins(word: type[PatientNameWord], letters: str) -> ColumnElement[bool]:
    return and_(word.word >= letters, word.word < letters + LAST_LETTER)


def _has_word(letters: str, before: ColumnElement[str] | None = None) -> ColumnElement[bool]:
    """Whether a word of the patient's name begins so (one that sorts ``before`` another)."""
    other = aliased(PatientNameWord)
    has = select(other.word).where(other.patient_id == Patient.id, _begins(other, letters))
    if before is not None:
        has = has.where(other.word < before)
    return has.exists()


def list_therapists() -> list[Account]:
    """Everybody who may be on a care team, by name."""
    roles = type_coerce(Account.roles, String)
    return list(
        db.session.scalars(
            select(Account)
            .where(roles.contains(Role.THERAPIST.value), Account.disabled_at.is_(None))
            .order_by(Account.name_key, Account.id)
            .limit(MOST_THERAPISTS)
        )
    )


def _is_archived(archived: bool) -> ColumnElement[bool]:
    return Patient.archived_at.is_not(None) if archived else Patient.archived_at.is_(None)


def _patients_of(therapist_id: UUID | BindParameter[UUID]) -> Select[Patient]:
    return (
        select(Patient)
        .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
        .where(CareTeamMember.therapist_id == therapist_id)
    )
