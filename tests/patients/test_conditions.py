"""What is true of a patient: noted, ended, put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from bs4 import Tag
from sqlalchemy import func, select

from app.database import db
from app.patients.models import PatientCondition
from app.patients.service import conditions_of, find_patient
from tests.factories import Cast, CastMember
from tests.support import TestClock
from tests.visitor import Visitor, form_fields

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/patients/{cast.pia.patient_id}"


@pytest.fixture
def theo(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.theo)


def option(page: Visitor, name: str) -> str:
    """The value of the option that reads ``name``."""
    for tag in page.page.select("select[name=condition] option"):
        if tag.get_text() == name:
            return str(tag["value"])
    raise AssertionError(f"{name!r} is not offered")


def note(page: Visitor, address: str, name: str) -> None:
    page.open(f"{address}/conditions")
    page.submit("Add to the record", condition=option(page, name))


def true_of(in_app: InApp, cast: Cast) -> dict[str, str]:
    with in_app():
        patient = find_patient(cast.pia.patient_id)  # type: ignore[arg-type]  # Pia has a record
        assert patient is not None
        return conditions_of(patient)


def test_a_noted_condition_stands_on_the_record_since_its_day(
    theo: Visitor, address: str, cast: Cast, in_app: InApp
) -> None:
    theo.open(address)
    assert "None on record." in theo.text
    theo.follow("Add a condition")
    theo.submit("Add to the record", condition=option(theo, "knee pain"))
    assert "knee pain since March 2, 2026" in theo.text
    assert true_of(in_app, cast) == {"knee-pain": "knee pain"}


def test_since_is_the_clinics_day(visit: Visit, cast: Cast, address: str, clock: TestClock) -> None:
    clock.move(hours=9)  # 9 p.m. in New York, tomorrow in UTC
    theo = visit(cast.theo)
    note(theo, address, "knee pain")
    assert "knee pain since March 2, 2026" in theo.text


def test_what_is_on_record_is_not_offered_again(theo: Visitor, address: str) -> None:
    note(theo, address, "knee pain")
    theo.open(f"{address}/conditions")
    offered = [tag.get_text() for tag in theo.page.select("option")]
    assert "knee pain" not in offered
    assert "hip pain" in offered


def test_an_ended_condition_is_kept_as_ended_and_can_be_put_back(
    theo: Visitor, address: str, cast: Cast, in_app: InApp, clock: TestClock
) -> None:
    note(theo, address, "knee pain")
    theo.submit("End: knee pain")
    assert "None on record." in theo.text
    assert "knee pain ended March 2, 2026" in theo.text
    assert true_of(in_app, cast) == {}
    theo.submit("Put back: knee pain")
    assert "No longer true" not in theo.text
    assert true_of(in_app, cast) == {"knee-pain": "knee pain"}
    with in_app():
        assert db.session.scalar(select(func.count()).select_from(PatientCondition)) == 2


def test_a_double_click_notes_and_ends_once(
    theo: Visitor, address: str, cast: Cast, in_app: InApp
) -> None:
    theo.open(f"{address}/conditions")
    fields = {
        "csrf_token": theo.csrf_token,
        "do": "note",
        "condition": option(theo, "knee pain"),
    }
    for _ in range(2):
        theo.send(f"{address}/conditions", fields, expect=303)
    theo.open(address)
    form = theo.button("End: knee pain").find_parent("form")
    assert isinstance(form, Tag)
    fields = {**form_fields(form), "do": str(theo.button("End: knee pain")["value"])}
    for _ in range(2):
        theo.send(f"{address}/conditions", fields, expect=303)
    with in_app():
        assert db.session.scalar(select(func.count()).select_from(PatientCondition)) == 1
    assert true_of(in_app, cast) == {}


@pytest.mark.parametrize("condition", ["", "nonsense", "9" * 999, "knee\0pain", str(uuid4())])
def test_a_condition_that_is_not_on_the_list_gets_a_sentence(
    theo: Visitor, address: str, condition: str
) -> None:
    theo.open(f"{address}/conditions")
    theo.submit("Add to the record", condition=condition, expect=422)
    assert theo.errors == ["Choose a condition from the list."]


@pytest.mark.parametrize(
    ("do", "status"),
    [
        ("", 404),
        ("end", 404),
        ("end:", 404),
        ("end:nonsense", 404),
        (f"end:{uuid4()}", 404),
        ("put-back:\0", 404),
    ],
)
def test_a_button_that_the_page_does_not_have_changes_nothing(
    theo: Visitor, address: str, do: str, status: int
) -> None:
    theo.open(address)
    sent = {"csrf_token": theo.csrf_token, "do": do}
    theo.send(f"{address}/conditions", sent, expect=status)


def test_another_word_for_a_row_of_this_patient_is_not_understood(
    theo: Visitor, address: str
) -> None:
    note(theo, address, "knee pain")
    row = str(theo.button("End: knee pain")["value"]).partition(":")[2]
    sent = {"csrf_token": theo.csrf_token, "do": f"delete:{row}"}
    theo.send(f"{address}/conditions", sent, expect=400)


def test_a_condition_of_another_patient_cannot_be_ended_through_ones_own(
    theo: Visitor, visit: Visit, cast: Cast, address: str
) -> None:
    tess = visit(cast.tess)
    note(tess, f"/patients/{cast.paul.patient_id}", "knee pain")
    row = str(tess.button("End: knee pain")["value"])
    theo.open(address)
    theo.send(f"{address}/conditions", {"csrf_token": theo.csrf_token, "do": row}, expect=404)
    tess.open(f"/patients/{cast.paul.patient_id}")
    assert tess.has_button("End: knee pain")
