"""A therapist corrects who a record is about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.database import db
from app.patients.models import Patient
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/patients/{cast.pia.patient_id}/edit"


@pytest.fixture
def theo(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.theo)


def pia(in_app: InApp, cast: Cast) -> Patient:
    with in_app():
        return db.session.get_one(Patient, cast.pia.patient_id)


def test_the_form_shows_what_stands_and_keeps_what_is_saved(theo: Visitor, address: str) -> None:
    theo.open(address).submit("Save", name="Pia Ruiz", birth_date="1960-01-31")
    assert "January 31, 1960 (66 years old)" in theo.text
    theo.open(address)
    boxes = {box["name"]: box.get("value") for box in theo.page.select("main .box")}
    assert boxes == {"name": "Pia Ruiz", "birth_date": "1960-01-31", "record_number": ""}


def test_the_same_words_again_are_no_edit(
    theo: Visitor, address: str, cast: Cast, in_app: InApp
) -> None:
    before = pia(in_app, cast).version
    theo.open(address).submit("Save")
    assert pia(in_app, cast).version == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter the patient’s name."),
        ({"birth_date": "2026-03-03"}, "The birth date cannot be after today."),
        ({"record_number": "9" * 41}, "Use at most 40 characters."),
    ],
)
def test_wrong_input_gets_a_sentence(
    theo: Visitor, address: str, typed: dict[str, str], sentence: str
) -> None:
    theo.open(address).submit("Save", expect=422, **typed)
    assert theo.errors == [sentence]


def test_the_second_of_two_editors_sees_both_texts_and_overwrites_nothing(
    theo: Visitor, visit: Visit, address: str, cast: Cast, in_app: InApp
) -> None:
    other = visit(cast.theo).open(address)
    theo.open(address).submit("Save", name="Pia Ruiz", record_number="7-1")
    other.submit("Save", name="Pia Lee", expect=409)
    assert "Pia Ruiz" in other.text
    assert "7-1" in other.text
    assert other.value_of("name") == "Pia Lee"
    assert pia(in_app, cast).name == "Pia Ruiz"
    other.submit("Save", record_number="7-1")
    assert (pia(in_app, cast).name, pia(in_app, cast).record_number) == ("Pia Lee", "7-1")


def test_two_editors_who_mean_the_same_are_no_conflict(
    theo: Visitor, visit: Visit, address: str, cast: Cast
) -> None:
    other = visit(cast.theo).open(address)
    theo.open(address).submit("Save", name="Pia Ruiz")
    other.submit("Save", name="Pia Ruiz")


@pytest.mark.parametrize("based_on", ["", "-1", "9" * 6000, "x", "²", "1\0"])
def test_an_altered_version_is_a_conflict_and_no_failure(
    theo: Visitor, address: str, based_on: str
) -> None:
    theo.open(address).submit("Save", name="Pia Ruiz", based_on=based_on, expect=409)


def test_the_edit_of_a_strangers_patient_is_not_there(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    theo.open("/patients")
    sent = {"csrf_token": theo.csrf_token, "name": "Mine now", "based_on": "1"}
    theo.send(f"/patients/{cast.paul.patient_id}/edit", sent, expect=404)
    with in_app():
        assert db.session.get_one(Patient, cast.paul.patient_id).name == "Paul"
