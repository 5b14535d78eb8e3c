"""What the search box understands as a date, and what comes near to a name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.patients.rules import record_key
from app.patients.search import days_meant, sounds_like

TODAY = date(2026, 3, 2)
MONTHS = {"january": 1, "jan": 1, "april": 4, "apr": 4, "june": 6, "july": 7, "december": 12}
APRIL_17 = date(1958, 4, 17)


@pytest.mark.parametrize(
    "typed",
    [
        "1958-04-17",
        "1958-4-17",
        "1958/04/17",
        "19580417",
        "17.04.1958",
        "17. 4. 1958",
        "17-4-1958",
        "17/04/1958",
        "04/17/1958",
        "17.4.58",
        "17 April 1958",
        "17 apr 1958",
        "17th April 1958",
        "17. April 1958",
        "April 17, 1958",
        "APRIL 17th 1958",
        "Apr. 17 1958",
        " 17 de april de 1958 ",
    ],
)
def test_a_date_is_understood_in_the_forms_that_people_type(typed: str) -> None:
    assert days_meant(typed, MONTHS, TODAY) == {APRIL_17}


def test_a_date_that_may_be_two_is_both() -> None:
    assert days_meant("3/4/1958", MONTHS, TODAY) == {date(1958, 4, 3), date(1958, 3, 4)}


@pytest.mark.parametrize(("typed", "year"), [("1.1.26", 2026), ("3.3.26", 1926), ("1.1.99", 1999)])
def test_a_short_year_is_the_last_one_that_was(typed: str, year: int) -> None:
    assert {day.year for day in days_meant(typed, MONTHS, TODAY)} == {year}


@pytest.mark.parametrize(
    "typed",
    ["", "maria", "1958", "31.2.1958", "1958-13-01", "17 Smarch 1958", "17 ju 1958", "17.4.958"],
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert days_meant(typed, MONTHS, TODAY) == frozenset()


@given(st.text(max_size=200))
def test_no_text_is_too_strange(typed: str) -> None:
    days_meant(typed, MONTHS, TODAY)
    sounds_like(typed, "maria ruiz")
    assert len(record_key(typed)) <= 40


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_every_day_is_found_as_it_is_written_by_machines_and_on_forms(day: date) -> None:
    for typed in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%m/%d/%Y}", f"{day:%Y%m%d}"):
        assert day in days_meant(typed, MONTHS, TODAY)


@pytest.mark.parametrize("typed", ["R-7 1", "r7.1", "R71", " r_7/1 ", "Ŕ71"])
def test_a_record_number_is_one_however_it_is_parted(typed: str) -> None:
    assert record_key(typed) == "r71"


@pytest.mark.parametrize("words", ["jonson", "johnsen", "jhonson", "Jonsson", "erik jonson"])
def test_a_misspelt_name_is_near(words: str) -> None:
    assert sounds_like(words, "eric johnson") > 0


def test_letters_that_changed_places_are_near_in_the_shortest_name() -> None:
    assert sounds_like("pai", "pia") > 0


@pytest.mark.parametrize("words", ["smith", "jo", "eric smith", "xyz", "rui m x", ""])
def test_another_name_is_not(words: str) -> None:
    assert sounds_like(words, "maria ruiz") == 0
