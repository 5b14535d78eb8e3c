"""One therapist's patients to another: chosen, counted, confirmed, recorded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.accounts.models import Account
from app.audit.models import AuditRow
from app.clock import now
from app.database import db
from app.patients.models import CareTeamMember, Patient
from app.patients.service import add_patient, add_to_team, archive_patient, find_patient
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
ADDRESS = "/patients/hand-over"


@pytest.fixture
def theo(visit: Visit, cast: Cast, in_app: InApp) -> Visitor:
    """Theo treats Ana, Ben and Pia; Ben is archived."""
    with in_app():
        for name in ("Ana", "Ben"):
            add_patient(uuid4(), name, None, "", by=cast.theo, now=now())
        db.session.commit()
        ben = find_patient(ids_of("Ben")["Ben"])
        assert ben is not None
        archive_patient(ben, by=cast.theo, now=now())
        db.session.commit()
    return visit(cast.theo)


def ids_of(*names: str) -> dict[str, UUID]:
    rows = db.session.execute(select(Patient.name, Patient.id).where(Patient.name.in_(names)))
    return {row.name: row.id for row in rows}


def patients_of(in_app: InApp, member: CastMember) -> list[str]:
    with in_app():
        return sorted(
            db.session.scalars(
                select(Patient.name)
                .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
                .where(CareTeamMember.therapist_id == member.id)
            )
        )


def traces(in_app: InApp) -> list[AuditRow]:
    with in_app():
        return list(
            db.session.scalars(
                select(AuditRow).where(AuditRow.action == "hand-over").order_by(AuditRow.seq)
            )
        )


def ask(page: Visitor, to: CastMember, **typed: Any) -> Visitor:
    page.open(ADDRESS)
    return page.submit("Go on", taker=to.id, reason="On leave until May", **typed)


def test_a_whole_caseload_is_handed_over_after_its_number_was_confirmed(
    theo: Visitor, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    theo.open("/patients").follow("Hand patients over to another therapist")
    theo.submit("Go on", taker=cast.tess.id, reason=" On leave  until May ")
    assert theo.heading == "Hand 3 patients over to Tess?"
    assert "Patients 3 (1 of them archived)" in theo.text
    assert patients_of(in_app, cast.tess) == ["Paul"]
    theo.submit("Yes, hand over")
    assert theo.path == "/patients"
    assert "3 patients are handed over to Tess." in theo.text
    assert patients_of(in_app, cast.theo) == []
    assert patients_of(in_app, cast.tess) == ["Ana", "Ben", "Paul", "Pia"]
    theo.open(f"/patients/{cast.pia.patient_id}", expect=404)
    visit(cast.tess).open(f"/patients/{cast.pia.patient_id}")


def test_each_patients_audit_says_it_with_the_reason(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    ask(theo, cast.tess).submit("Yes, hand over")
    rows = traces(in_app)
    with in_app():
        assert {row.patient_id for row in rows} == set(ids_of("Ana", "Ben", "Pia").values())
    assert {(row.actor_id, row.reason, row.outcome) for row in rows} == {
        (cast.theo.id, "On leave until May", "done")
    }


def test_a_chosen_part_is_handed_over_alone(theo: Visitor, cast: Cast, in_app: InApp) -> None:
    with in_app():
        ana = ids_of("Ana")["Ana"]
    ask(theo, cast.tess, which="chosen", patients=[ana])
    assert theo.heading == "Hand one patient over to Tess?"
    theo.submit("Yes, hand over")
    assert "1 patient is handed over to Tess." in theo.text
    assert patients_of(in_app, cast.theo) == ["Ben", "Pia"]
    assert len(traces(in_app)) == 1


def test_whoever_else_is_on_a_team_stays_and_nobody_is_on_it_twice(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    with in_app():
        pia = find_patient(cast.pia.patient_id or uuid4())
        assert pia is not None
        add_to_team(pia, db.session.get_one(Account, cast.tess.id), by=cast.theo, now=now())
        db.session.commit()
    ask(theo, cast.tess).submit("Yes, hand over")
    assert patients_of(in_app, cast.tess) == ["Ana", "Ben", "Paul", "Pia"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"taker": ""}, "Choose a therapist from the list."),
        ({"taker": "nonsense"}, "Choose a therapist from the list."),
        ({"reason": "  "}, "Write a short reason. It is kept with the change."),
        ({"reason": "x" * 301}, "Use at most 300 characters."),
        ({"which": "chosen"}, "Tick at least one patient."),
        ({"which": "some"}, "Not a valid choice."),
    ],
)
def test_what_is_missing_gets_a_sentence(
    theo: Visitor, cast: Cast, in_app: InApp, typed: dict[str, str], sentence: str
) -> None:
    theo.open(ADDRESS)
    full = {"taker": str(cast.tess.id), "reason": "On leave"} | typed
    theo.submit("Go on", expect=422, **full)
    assert theo.errors == [sentence]
    assert not traces(in_app)


def test_neither_oneself_nor_somebody_who_is_no_therapist_takes_over(
    theo: Visitor, cast: Cast
) -> None:
    for nobody in (cast.theo, cast.ada, cast.pia):
        theo.open(ADDRESS).submit("Go on", taker=nobody.id, reason="On leave", expect=422)
        assert theo.errors == ["Choose a therapist from the list."]


def test_another_therapists_patient_cannot_be_handed_over(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    theo.open(ADDRESS)
    sent = {
        "csrf_token": theo.csrf_token, "taker": cast.tess.id, "reason": "Mine", "which": "chosen",
        "patients": cast.paul.patient_id, "do": "hand-over", "count": 1,
    }  # fmt: skip
    theo.send(ADDRESS, sent, expect=303)
    assert patients_of(in_app, cast.tess) == ["Paul"]
    assert not traces(in_app)


def test_another_number_than_the_one_that_was_confirmed_is_asked_about_again(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    ask(theo, cast.tess)
    with in_app():
        add_patient(uuid4(), "Cleo", None, "", by=cast.theo, now=now())
        db.session.commit()
    theo.submit("Yes, hand over")
    assert "The number of patients has changed since you looked." in theo.text
    assert theo.heading == "Hand 4 patients over to Tess?"
    assert not traces(in_app)
    theo.submit("Yes, hand over")
    assert len(traces(in_app)) == 4


def test_a_double_click_hands_over_once(theo: Visitor, cast: Cast, in_app: InApp) -> None:
    fields = ask(theo, cast.tess).fields_of("Yes, hand over")
    fields.add("do", "hand-over")
    for _ in range(2):
        theo.send(ADDRESS, fields, expect=303)
    assert len(traces(in_app)) == 3


def test_whoever_has_no_patients_has_none_to_hand_over(theo: Visitor, cast: Cast) -> None:
    ask(theo, cast.tess).submit("Yes, hand over")
    theo.open(ADDRESS)
    assert "There is no patient to hand over." in theo.text


def test_an_admin_hands_over_the_patients_of_somebody_who_left(
    theo: Visitor, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    with in_app():
        db.session.get_one(Account, cast.theo.id).disabled_at = now()
        db.session.commit()
    ada = visit(cast.ada).open("/people").follow("Patients of Theo")
    assert "Pia" in ada.text
    ada.follow("Hand over the patients of Theo")
    ada.submit("Go on", taker=cast.tess.id, reason="Theo has left").submit("Yes, hand over")
    assert ada.path == "/people/care-teams"
    assert patients_of(in_app, cast.theo) == []
    assert {row.actor_id for row in traces(in_app)} == {cast.ada.id}


def test_an_admin_who_names_no_therapist_is_led_to_the_teams(visit: Visit, cast: Cast) -> None:
    ada = visit(cast.ada)
    for query in ("", "?of=", "?of=nonsense", f"?of={cast.pia.id}"):
        assert ada.open(f"/people/hand-over{query}").path == "/people/care-teams"
