"""What is true of a patient: noted, ended, put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.database import db
from app.patients.models import PatientCondition
from app.patients.service import find_conditions
from tests.factories import Cast, CastMember
from tests.plans.made import make_plan
from tests.support import TestClock
from tests.visitor import Visitor

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
        assert cast.pia.patient_id is not None
        return find_conditions(cast.pia.patient_id)


def test_a_noted_condition_stands_on_the_record_since_its_day(
    theo: Visitor, address: str, cast: Cast, in_app: InApp
) -> None:
    theo.open(address)
    assert "None on record." in theo.text
    theo.follow("Add a condition")
    theo.submit("Add to the record", condition=option(theo, "knee pain"))
    assert "knee pain on record since March 2, 2026" in theo.text
    assert true_of(in_app, cast) == {"knee-pain": "knee pain"}


def test_since_is_the_clinics_day(visit: Visit, cast: Cast, address: str, clock: TestClock) -> None:
    clock.move(hours=9)  # 9 p.m. in New York, tomorrow in UTC
    theo = visit(cast.theo)
    note(theo, address, "knee pain")
    assert "knee pain on record since March 2, 2026" in theo.text


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
    fields = {**theo.fields_of("End: knee pain"), "do": str(theo.button("End: knee pain")["value"])}
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


def change(page: Visitor, address: str, **typed: Any) -> Visitor:
    page.open(address).follow("Correct : knee pain")
    return page.submit("Save", **typed)


def test_a_condition_has_a_side_and_days_and_warnings_say_the_side(
    theo: Visitor, address: str, cast: Cast, in_app: InApp
) -> None:
    theo.open(f"{address}/conditions")
    knee = option(theo, "knee pain")
    theo.submit("Add to the record", condition=knee, side="left", since="2025-12-24")
    assert "knee pain (left side) since December 24, 2025" in theo.text
    assert true_of(in_app, cast) == {"knee-pain": "knee pain (left side)"}
    with in_app():
        made = make_plan(cast.theo, cast.pia)
    theo.open(f"{made.path}/edit")
    assert "Pia’s record says knee pain (left side)." in theo.text


def test_a_correction_is_shown_and_what_stood_there_is_kept(
    theo: Visitor, address: str, in_app: InApp
) -> None:
    note(theo, address, "knee pain")
    change(theo, address, side="both", since="2020-01-31")
    assert "knee pain (both sides) since January 31, 2020" in theo.text
    change(theo, address)
    with in_app():
        rows = list(db.session.scalars(select(PatientCondition)))
    assert sorted((row.side, row.ended_at is None) for row in rows) == [
        ("both", True),
        ("none", False),
    ]


def test_a_last_day_ends_it_and_putting_it_back_takes_the_last_day_away(
    theo: Visitor, address: str, cast: Cast, in_app: InApp
) -> None:
    note(theo, address, "knee pain")
    change(theo, address, side="right", since="2026-01-01", until="2026-02-01")
    assert "knee pain (right side) from January 1, 2026 to February 1, 2026" in theo.text
    assert true_of(in_app, cast) == {}
    theo.submit("Put back: knee pain")
    assert "knee pain (right side) since January 1, 2026" in theo.text
    assert true_of(in_app, cast) == {"knee-pain": "knee pain (right side)"}


def test_a_last_day_alone_is_the_end_of_the_same_row(
    theo: Visitor, address: str, in_app: InApp
) -> None:
    note(theo, address, "knee pain")
    change(theo, address, until="2026-03-01")
    assert "knee pain ended March 1, 2026" in theo.text
    with in_app():
        assert db.session.scalar(select(func.count()).select_from(PatientCondition)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"since": "2026-03-03"}, "This day cannot be after today."),
        ({"until": "2026-03-03"}, "This day cannot be after today."),
        ({"since": "1899-12-31"}, "This day cannot be before the year 1900."),
        (
            {"since": "2026-02-02", "until": "2026-02-01"},
            "The last day cannot be before the first one.",
        ),
        ({"since": "soon"}, "Enter a date: year, month and day, like 2026-03-31."),
        ({"side": "top"}, "Not a valid choice."),
    ],
)
def test_days_that_cannot_be_get_a_sentence(
    theo: Visitor, address: str, typed: dict[str, str], sentence: str
) -> None:
    note(theo, address, "knee pain")
    theo.open(address).follow("Correct : knee pain").submit("Save", expect=422, **typed)
    assert theo.errors == [sentence]


def test_the_second_of_two_corrections_sees_the_first_and_overwrites_nothing(
    theo: Visitor, visit: Visit, cast: Cast, address: str, in_app: InApp
) -> None:
    note(theo, address, "knee pain")
    other = visit(cast.theo).open(address).follow("Correct : knee pain")
    change(theo, address, side="left")
    other.submit("Save", side="right", expect=409)
    assert "This stands now: knee pain (left side)" in other.text
    assert true_of(in_app, cast) == {"knee-pain": "knee pain (left side)"}


@pytest.mark.parametrize("typed", [{"side": "left"}, {"side": "left", "until": "2026-03-01"}])
def test_a_double_click_corrects_once(
    theo: Visitor, address: str, in_app: InApp, typed: dict[str, str]
) -> None:
    note(theo, address, "knee pain")
    theo.open(address).follow("Correct : knee pain")
    fields = theo.fields_of("Save")
    fields.add("do", str(theo.button("Save")["value"]))
    for name, value in typed.items():
        fields.setlist(name, [value])
    for _ in range(2):
        theo.send(f"{address}/conditions", fields, expect=303)
    with in_app():
        assert db.session.scalar(select(func.count()).select_from(PatientCondition)) == 2


def test_a_condition_of_another_patient_cannot_be_corrected_through_ones_own(
    theo: Visitor, visit: Visit, cast: Cast, address: str
) -> None:
    tess = visit(cast.tess)
    note(tess, f"/patients/{cast.paul.patient_id}", "knee pain")
    row = str(tess.button("End: knee pain")["value"]).removeprefix("end:")
    theo.open(f"{address}/conditions?row={row}", expect=404)
    sent = {"csrf_token": theo.open(address).csrf_token, "do": f"change:{row}", "side": "left"}
    theo.send(f"{address}/conditions", sent, expect=404)


@pytest.mark.parametrize("row", ["nonsense", "%00", "9" * 300])
def test_a_row_that_is_none_is_not_there(theo: Visitor, address: str, row: str) -> None:
    theo.open(f"{address}/conditions?row={row}", expect=404)
