"""A therapist's patients with how it stands with their plans: a page in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select

from app.database import read_rows
from app.paging import Page, PageStatements, cut_page
from app.patients.models import CareTeamMember, Patient
from app.patients.reads import (
    EVERYBODY,
    NO_CONDITION,
    Line,
    LinePages,
    Wanted,
    caseload_pages,
    suggest_patients,
)
from app.plans.models import EventKind, Plan
from app.plans.standing import HAS_DRAFT, LAST_EVENT, NEWEST, REVIEW_ON, WITHHELD


class Plans(NamedTuple):
    """A patient's plans in numbers; ``withheld`` counts exercises in force without a start,
    ``to_review`` plans whose review date has passed."""

    drafts: int = 0
    in_force: int = 0
    ended: int = 0
    stopped: int = 0
    withheld: int = 0
    to_review: int = 0


NO_PLANS = Plans()


class ListedPatient(NamedTuple):
    """What a list shows of a patient."""

    patient: Line
    plans: Plans


_Pages = PageStatements[*tuple[Any, ...]]


def list_caseload(
    therapist_id: UUID,
    wanted: Wanted = EVERYBODY,
    *,
    today: date,
    archived: bool = False,
    where: ColumnElement[bool] = NO_CONDITION,
    after: UUID | None = None,
) -> Page[ListedPatient]:
    """The patients whose care team this therapist is on, by name; ``where`` narrows it more."""
    pages = _everybody(archived)
    if wanted.words or where is not NO_CONDITION:
        pages = _with_plans(caseload_pages(wanted, where, archived=archived))
    values = {"therapist_id": therapist_id} | ({"after": after} if after else {})
    rows = read_rows(pages.which(after), values)
    listed = [
        ListedPatient(Line(*columns), _count(group, today))
        for columns, group in groupby(rows, key=_LINE)
    ]
    return cut_page(listed, lambda one: one.patient.id, after)


def suggest(
    therapist_id: UUID,
    words: str,
    *,
    today: date,
    archived: bool = False,
    where: ColumnElement[bool] = NO_CONDITION,
) -> tuple[ListedPatient, ...]:
    """Those whose names come nearest to ``words``, where nobody has them as they are typed."""
    ids = suggest_patients(therapist_id, words, archived=archived, where=where)
    if not ids:
        return ()
    found = list_caseload(therapist_id, today=today, archived=archived, where=Patient.id.in_(ids))
    return tuple(sorted(found.items, key=lambda one: ids.index(one.patient.id)))


_LINE = itemgetter(slice(len(Line._fields)))
_OF_PLAN = (
    Plan.id.label("plan_id"),
    HAS_DRAFT.label("has_draft"),
    NEWEST.label("newest"),
    LAST_EVENT.label("last_event"),
    WITHHELD.label("withheld"),
    REVIEW_ON.label("review_on"),
)


@cache
def _everybody(archived: bool) -> _Pages:
    """The list that a therapist's day begins with: built once."""
    return _with_plans(caseload_pages(archived=archived))


def _with_plans(pages: LinePages) -> _Pages:
    return PageStatements(_beside(pages.first), _beside(pages.later))


def _beside(lines: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A row for each plan of each patient, and one for a patient without; for a page, not for all
    patients, because the page is cut before."""
    page = lines.add_columns(CareTeamMember.name_key).subquery("page")
    return (
        select(*(page.c[name] for name in Line._fields), *_OF_PLAN)
        .select_from(page.outerjoin(Plan, Plan.patient_id == page.c.id))
        .order_by(page.c.name_key, page.c.id)
    )


def _count(rows: Iterable[Row[*tuple[Any, ...]]], today: date) -> Plans:
    """Of one patient's plans; where there is none, the only row is empty."""
    found = NO_PLANS
    for row in rows:
        plan_id, has_draft, newest, last_event, withheld, review_on = row[len(Line._fields) :]
        if plan_id is None:
            break
        in_force = bool(newest and last_event not in (EventKind.ENDED, EventKind.STOPPED))
        found = Plans(
            drafts=found.drafts + has_draft,
            in_force=found.in_force + in_force,
            ended=found.ended + (last_event == EventKind.ENDED),
            stopped=found.stopped + (last_event == EventKind.STOPPED),
            withheld=found.withheld + (withheld if in_force else 0),
            to_review=found.to_review + bool(in_force and review_on and review_on < today),
        )
    return found
