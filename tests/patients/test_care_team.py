"""Who may see a patient: the therapists of the care team, never nobody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.models import Account
from app.audit.service import Operator
from app.clock import now
from app.database import db, writing
from app.errors import RuleBroken
from app.patients.models import CareTeamMember, Patient
from app.patients.service import add_to_team, find_patient
from tests.databases import Databases
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/patients/{cast.pia.patient_id}/care-team"


@pytest.fixture
def theo(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.theo)


def test_whoever_is_added_sees_the_patient_and_whoever_is_removed_does_not(
    theo: Visitor, visit: Visit, cast: Cast, address: str
) -> None:
    tess, record = visit(cast.tess), f"/patients/{cast.pia.patient_id}"
    tess.open(record, expect=404)
    theo.open(address).submit("Add to the team", therapist=cast.tess.id)
    tess.open(record)
    tess.open("/patients")
    assert "Pia" in tess.text
    theo.open(address).submit("Remove: Tess")
    tess.open(record, expect=404)


def test_somebody_may_be_added_while_the_patient_gets_another_name(
    in_app: InApp, cast: Cast, databases: Databases
) -> None:
    if databases.kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    assert cast.pia.patient_id
    with in_app():
        patient = find_patient(cast.pia.patient_id)
        assert patient is not None
        with writing() as meanwhile:
            meanwhile.get_one(Patient, patient.id).name_key = "pia newname"
        tess = db.session.get_one(Account, cast.tess.id)
        add_to_team(patient, tess, by=Operator(cast.theo.id), now=now())
        db.session.commit()
        keys = db.session.scalars(select(CareTeamMember.name_key)).all()
    assert keys.count("pia newname") == 2


def test_only_therapists_who_are_not_on_the_team_are_offered(theo: Visitor, address: str) -> None:
    theo.open(address)
    offered = [tag.get_text() for tag in theo.page.select("option")]
    assert offered == ["Choose a therapist", "Tess"]


def test_a_full_team_has_nobody_to_add(theo: Visitor, cast: Cast, address: str) -> None:
    theo.open(address).submit("Add to the team", therapist=cast.tess.id)
    theo.open(address)
    assert "Every therapist of the clinic is on this team." in theo.text
    assert not theo.has_button("Add to the team")


def test_the_last_therapist_has_no_button_and_cannot_be_removed_without_one(
    theo: Visitor, cast: Cast, address: str
) -> None:
    theo.open(address)
    assert not theo.has_button("Remove: Theo")
    sent = {"csrf_token": theo.csrf_token, "do": f"remove:{cast.theo.id}", "sure": "yes"}
    theo.send(address, sent, expect=422)
    assert theo.errors == ["A patient needs at least one therapist. Add another one first."]


def test_leaving_a_team_is_asked_about_first(theo: Visitor, cast: Cast, address: str) -> None:
    theo.open(address).submit("Add to the team", therapist=cast.tess.id)
    theo.open(address).submit("Remove: Theo")
    assert "You would no longer see this patient’s record and plans." in theo.text
    theo.follow("No, I stay").submit("Remove: Theo")
    theo.submit("Yes, take me off the team")
    assert theo.path == "/patients"
    assert "You are no longer on this patient’s care team." in theo.text
    assert "You have no patients yet." in theo.text
    theo.open(f"/patients/{cast.pia.patient_id}", expect=404)


def test_a_double_click_adds_and_removes_once(theo: Visitor, cast: Cast, address: str) -> None:
    theo.open(address)
    token = theo.csrf_token
    for sent in ({"do": "add", "therapist": cast.tess.id}, {"do": f"remove:{cast.tess.id}"}):
        for _ in range(2):
            theo.send(address, sent | {"csrf_token": token}, expect=303)
    theo.open(address)
    assert not theo.has_button("Remove: Tess")


@pytest.mark.parametrize("member", ["", "nonsense", "\0", "9" * 999])
def test_a_therapist_who_is_not_on_the_list_gets_a_sentence(
    theo: Visitor, address: str, member: str
) -> None:
    theo.open(address).submit("Add to the team", therapist=member, expect=422)
    assert theo.errors == ["Choose a therapist from the list."]


def test_an_admin_or_a_patient_cannot_be_put_on_a_team(
    theo: Visitor, cast: Cast, address: str, in_app: InApp
) -> None:
    for stranger in (cast.ada.id, cast.paul.id, uuid4()):
        theo.open(address).submit("Add to the team", therapist=stranger, expect=422)
    with in_app():
        patient = find_patient(cast.pia.patient_id)  # type: ignore[arg-type]  # Pia has a record
        ada = db.session.get_one(Account, cast.ada.id)
        assert patient is not None
        with pytest.raises(RuleBroken):
            add_to_team(patient, ada, by=Operator(), now=now())


@pytest.mark.parametrize(("do", "status"), [("", 400), ("remove:x", 404), ("remove:\0", 404)])
def test_a_button_that_the_page_does_not_have_changes_nothing(
    theo: Visitor, address: str, do: str, status: int
) -> None:
    theo.open(address)
    theo.send(address, {"csrf_token": theo.csrf_token, "do": do}, expect=status)


def test_two_who_remove_each_other_at_the_same_moment_leave_one(
    theo: Visitor, visit: Visit, cast: Cast, address: str, in_app: InApp
) -> None:
    theo.open(address).submit("Add to the team", therapist=cast.tess.id)
    theo.open(address)
    tess = visit(cast.tess).open(address)

    def remove(browser: Visitor, other: CastMember) -> int:
        sent = {"csrf_token": browser.csrf_token, "do": f"remove:{other.id}"}
        return browser.client.post(address, data=sent).status_code

    with ThreadPoolExecutor() as threads:
        answers = [threads.submit(remove, theo, cast.tess), threads.submit(remove, tess, cast.theo)]
        assert {answer.result() for answer in answers} <= {303, 404, 422}
    with in_app():
        patient = find_patient(cast.pia.patient_id)  # type: ignore[arg-type]  # Pia has a record
        assert patient is not None
        assert len(patient.team) == 1
