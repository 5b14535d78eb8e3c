"""An archived patient leaves the lists; record, plans and sign-in stay."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.database import db
from tests.factories import Cast, CastMember
from tests.plans.made import make_approved
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def record(cast: Cast) -> str:
    return f"/patients/{cast.pia.patient_id}"


@pytest.fixture
def theo(visit: Visit, cast: Cast, record: str, in_app: InApp) -> Visitor:
    """Pia has a plan in force, and Theo archives her."""
    with in_app():
        make_approved(cast.theo, cast.pia)
    return visit(cast.theo).open(record).follow("Archive").submit("Archive this patient")


def actions(in_app: InApp) -> list[str]:
    with in_app():
        return [
            action
            for action in db.session.scalars(select(AuditRow.action).order_by(AuditRow.seq))
            if action in ("archive-patient", "bring-back-patient")
        ]


def names(page: Visitor) -> list[str]:
    return [tag.get_text() for tag in page.page.select("a.row-title")]


def test_an_archived_patient_is_in_the_list_of_the_archived_alone(theo: Visitor) -> None:
    theo.open("/patients")
    assert names(theo) == []
    assert "You have no patients yet." in theo.text
    theo.open("/patients").follow("Archived")
    assert names(theo) == ["Pia"]
    theo.submit("Find", words="pia")
    assert names(theo) == ["Pia"]
    theo.submit("to=", words="pia")
    assert names(theo) == []


def test_the_record_and_its_plans_stay(theo: Visitor, record: str) -> None:
    theo.open(record)
    assert "Archived on March 2, 2026" in theo.text
    theo.follow("Healthy upper back")
    assert theo.heading == "Healthy upper back"


def test_the_patient_still_sees_what_is_in_force(theo: Visitor, visit: Visit, cast: Cast) -> None:
    pia = visit(cast.pia).open("/today")
    assert "Midback stretch" in pia.text


def test_whoever_is_brought_back_is_in_the_list_again(theo: Visitor, record: str) -> None:
    theo.open(record).submit("Bring back")
    assert "Pia is in your list again." in theo.text
    theo.open("/patients")
    assert names(theo) == ["Pia"]


def test_each_change_leaves_one_trace_however_often_it_is_sent(
    theo: Visitor, record: str, in_app: InApp
) -> None:
    theo.open(record)
    for do in ("archive", "bring-back", "bring-back", "archive", "archive"):
        sent = {"csrf_token": theo.csrf_token, "do": do}
        theo.send(f"{record}/archive", sent, expect=303)
    assert actions(in_app) == ["archive-patient", "bring-back-patient", "archive-patient"]


def test_another_word_changes_nothing(theo: Visitor, record: str, in_app: InApp) -> None:
    theo.open(record)
    theo.send(f"{record}/archive", {"csrf_token": theo.csrf_token, "do": "x"}, expect=400)
    assert actions(in_app) == ["archive-patient"]


def test_the_page_of_one_who_is_archived_offers_to_bring_them_back(
    theo: Visitor, record: str
) -> None:
    theo.open(f"{record}/archive")
    assert not theo.has_button("Archive this patient")
    theo.submit("Bring back")


def test_somebody_new_with_the_name_of_one_who_is_archived_is_asked_about(theo: Visitor) -> None:
    theo.open("/patients/new").submit("Add patient", name="Pia")
    assert "That patient is archived and can be brought back." in theo.text
