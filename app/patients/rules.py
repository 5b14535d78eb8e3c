"""What a patient's record may say."""

from __future__ import annotations

from datetime import date

from app.errors import N_, RuleBroken
from app.text import search_key

MAX_NAME = 100
MAX_RECORD_NUMBER = 40
EARLIEST_BIRTH = date(1900, 1, 1)


def check_details(name: str, birth_date: date | None, record_number: str, today: date) -> None:
    """Refuse a missing name, an overlong text, and a day on which nobody was born."""
    if not name:
        raise RuleBroken(N_("Enter the patient's name."), field="name")
    for field, text, most in (
        ("name", name, MAX_NAME),
        ("record_number", record_number, MAX_RECORD_NUMBER),
    ):
        if len(text) > most:
            raise RuleBroken(N_("Use at most %(most)s characters."), field=field, most=most)
    check_birth_date(birth_date, today)


def check_birth_date(born: date | None, today: date) -> None:
    """A birth date may be unknown; a known one lies between 1900 and today."""
    if born is not None and born > today:
        raise RuleBroken(N_("The birth date cannot be after today."), field="birth_date")
    if born is not None and born < EARLIEST_BIRTH:
        raise RuleBroken(
            N_("The birth date cannot be before the year %(year)s."),
            field="birth_date",
            year=EARLIEST_BIRTH.year,
        )


def name_key(name: str) -> str:
    """As it is sorted and searched; a key can be longer than its name, its column cannot."""
    return search_key(name)[:MAX_NAME]


def age_on(born: date, today: date) -> int:
    """Full years. Whoever was born on 29 February turns older on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
