"""What a patient's record may say."""

from __future__ import annotations

from datetime import date

import pytest

from app.errors import RuleBroken
from app.patients.rules import age_on, check_details

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("name", "born", "number", "field"),
    [
        ("", None, "", "name"),
        ("x" * 101, None, "", "name"),
        ("Maria", None, "9" * 41, "record_number"),
        ("Maria", date(2026, 3, 3), "", "birth_date"),
        ("Maria", date(1899, 12, 31), "", "birth_date"),
    ],
)
def test_each_wrong_detail_is_refused_at_its_field(
    name: str, born: date | None, number: str, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_details(name, born, number, TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize("born", [None, date(1900, 1, 1), TODAY])
def test_a_birth_date_from_1900_to_today_or_none_is_right(born: date | None) -> None:
    check_details("x" * 100, born, "9" * 40, TODAY)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1958, 4, 17), date(2026, 4, 16), 67),
        (date(1958, 4, 17), date(2026, 4, 17), 68),
        (date(2000, 2, 29), date(2025, 2, 28), 24),
        (date(2000, 2, 29), date(2025, 3, 1), 25),
        (TODAY, TODAY, 0),
    ],
)
def test_age_is_counted_in_full_years(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age
