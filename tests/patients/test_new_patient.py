"""A therapist adds a patient."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditRow
from app.database import db
from app.patients.models import Patient
from tests.factories import Cast, CastMember
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def theo(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.theo)


def count(in_app: InApp, name: str) -> int:
    with in_app():
        return db.session.scalar(select(func.count()).where(Patient.name == name)) or 0


def test_a_new_patient_has_a_record_and_the_creator_on_the_team(theo: Visitor) -> None:
    theo.open("/patients").follow("New patient")
    theo.submit("Add patient", name="  Maria   Ruiz ", birth_date="1958-04-17", record_number="7-1")
    assert theo.heading == "Maria Ruiz"
    assert "Birth date April 17, 1958 (67 years old) Record number 7-1" in theo.text
    assert "Care team Theo" in theo.text
    theo.open("/patients")
    assert "Maria Ruiz" in theo.text


def test_the_name_alone_is_enough(theo: Visitor) -> None:
    theo.open("/patients/new").submit("Add patient", name="Maria Ruiz")
    assert "Birth date not known Record number none" in theo.text


def test_it_is_in_the_audit_without_what_was_typed(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    theo.open("/patients/new").submit("Add patient", name="Maria Ruiz")
    with in_app():
        added = select(AuditRow).where(AuditRow.action == "add-patient")
        row = db.session.scalars(added.order_by(AuditRow.seq)).all()[-1]
    assert row.actor_id == cast.theo.id
    assert row.patient_id == row.object_id
    assert row.changed == ["birth_date", "name", "record_number"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter the patient’s name."),
        ({"name": "   "}, "Enter the patient’s name."),
        ({"name": "x" * 101}, "Use at most 100 characters."),
        ({"name": "a\0b"}, "This has a character that we cannot store. Type it again."),
        ({"birth_date": "2026-03-03"}, "The birth date cannot be after today."),
        ({"birth_date": "1899-12-31"}, "The birth date cannot be before the year 1900."),
        ({"birth_date": "0001-01-01"}, "The birth date cannot be before the year 1900."),
        ({"birth_date": "2025-02-29"}, None),
        ({"birth_date": "-5"}, None),
        ({"birth_date": "17 April"}, None),
        ({"birth_date": "9" * 5000}, None),
        ({"birth_date": "1958-04-17\0"}, None),
        ({"record_number": "9" * 41}, "Use at most 40 characters."),
    ],
)
def test_wrong_input_gets_a_sentence_and_nothing_typed_is_lost(
    theo: Visitor, in_app: InApp, typed: dict[str, str], sentence: str | None
) -> None:
    fields = {"name": "Maria Ruiz", "birth_date": "1958-04-17", "record_number": "7-1"} | typed
    theo.open("/patients/new").submit("Add patient", expect=422, **fields)
    assert len(theo.errors) == 1
    assert theo.errors == [sentence or theo.errors[0]]
    wrong = next(iter(typed))
    for name, text in fields.items():
        box = theo.tag(f"[name={name}]")
        assert theo.value_of(name).replace("\ufffd", "\0") == " ".join(text.split())
        assert (box.get("aria-invalid") == "true") == (name == wrong)
    assert count(in_app, "Maria Ruiz") == 0


def test_all_fields_missing_is_a_sentence_too(theo: Visitor) -> None:
    theo.open("/patients/new")
    theo.send("/patients/new", {"csrf_token": theo.csrf_token}, expect=422)
    assert theo.errors == ["Enter the patient’s name."]


def test_today_is_the_clinics_day(visit: Visit, cast: Cast, clock: TestClock) -> None:
    clock.move(hours=9)  # 9 p.m. in New York, tomorrow in UTC
    theo = visit(cast.theo)
    theo.open("/patients/new").submit(
        "Add patient", name="Maria Ruiz", birth_date="2026-03-03", expect=422
    )
    assert theo.errors == ["The birth date cannot be after today."]


def test_a_double_click_makes_one_patient(theo: Visitor, in_app: InApp) -> None:
    theo.open("/patients/new")
    fields = theo.fields_of("Add patient")
    fields.setlist("name", ["Maria Ruiz"])
    places = [theo.send("/patients/new", fields, expect=303).location for _ in range(3)]
    assert len(set(places)) == 1
    assert count(in_app, "Maria Ruiz") == 1


def test_the_back_button_and_another_name_make_another_patient(
    theo: Visitor, in_app: InApp
) -> None:
    theo.open("/patients/new")
    fields = theo.fields_of("Add patient")
    for name in ("Maria Ruiz", "Sam Lee"):
        fields.setlist("name", [name])
        theo.send("/patients/new", fields, expect=303)
    assert (count(in_app, "Maria Ruiz"), count(in_app, "Sam Lee")) == (1, 1)


@pytest.mark.parametrize("new_id", ["", "nonsense", "9" * 300, "\0"])
def test_an_altered_key_makes_a_patient_all_the_same(
    theo: Visitor, in_app: InApp, new_id: str
) -> None:
    theo.open("/patients/new").submit("Add patient", name="Maria Ruiz", new_id=new_id)
    assert count(in_app, "Maria Ruiz") == 1


def test_the_id_of_somebody_elses_patient_opens_nothing(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    theo.open("/patients/new").submit("Add patient", name="Paul", new_id=cast.paul.patient_id)
    assert theo.heading == "Paul"
    assert str(cast.paul.patient_id) not in theo.path
    assert count(in_app, "Paul") == 2


def test_a_namesake_of_the_same_birth_date_is_asked_about_once(
    theo: Visitor, in_app: InApp
) -> None:
    theo.open("/patients/new").submit("Add patient", name="Maria Ruiz", birth_date="1958-04-17")
    theo.open("/patients/new").submit("Add patient", name="MARÍA RUIZ", birth_date="1958-04-17")
    assert "You already have a patient with this name and birth date." in theo.text
    assert count(in_app, "MARÍA RUIZ") == 0
    theo.submit("Add as another patient")
    assert theo.heading == "MARÍA RUIZ"


def test_a_namesake_of_another_therapist_stays_unknown(
    theo: Visitor, visit: Visit, cast: Cast
) -> None:
    visit(cast.tess).open("/patients/new").submit("Add patient", name="Maria Ruiz")
    theo.open("/patients/new").submit("Add patient", name="Maria Ruiz")
    assert theo.heading == "Maria Ruiz"


def test_a_name_whose_key_is_longer_than_itself_is_kept(theo: Visitor) -> None:
    theo.open("/patients/new").submit("Add patient", name="ß" * 100)
    assert theo.heading == "ß" * 100
