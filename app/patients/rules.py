"""What a patient's record may say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.errors import N_, RuleBroken
from app.text import search_key

MAX_NAME = 100
MAX_RECORD_NUMBER = 40
EMERGENCY_LASTS = timedelta(minutes=60)
MAX_REASON = 300
EARLIEST_BIRTH = date(1900, 1, 1)
_FIRST_NEW_DAY = ZoneInfo("Pacific/Kiritimati")


def latest_today(now: datetime) -> date:
    """No clinic's today is later than this: it is as far as a verb can check a day."""
    return now.astimezone(_FIRST_NEW_DAY).date()


class BodySide(StrEnum):
    """Where on the body a condition is; ``NONE`` for one that has no side."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True)
class ConditionFacts:
    """Where a condition is and from when to when, as far as somebody knows.

    ``until`` is its last day. One that is still true has none, and none lies in the future: a
    condition never falls silent by itself while plans still have to warn of it.
    """

    side: BodySide = BodySide.NONE
    since: date | None = None
    until: date | None = None


def check_details(name: str, birth_date: date | None, record_number: str, today: date) -> None:
    """Refuse a missing name, an overlong text, and a day on which nobody was born."""
    if not name:
        raise RuleBroken(N_("Enter the patient’s name."), field="name")
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


def check_condition(facts: ConditionFacts, today: date) -> None:
    """Each day may be unknown; a known one lies between 1900 and today, the last not first."""
    for field, day in (("since", facts.since), ("until", facts.until)):
        if day is not None and day > today:
            raise RuleBroken(N_("This day cannot be after today."), field=field)
        if day is not None and day < EARLIEST_BIRTH:
            raise RuleBroken(
                N_("This day cannot be before the year %(year)s."),
                field=field,
                year=EARLIEST_BIRTH.year,
            )
    if facts.since and facts.until and facts.until < facts.since:
        raise RuleBroken(N_("The last day cannot be before the first one."), field="until")


def check_reason(reason: str) -> str:
    """The reason in single spaces; it is kept in the audit, so there has to be one."""
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken(N_("Write a short reason. It is kept with the change."), field="reason")
    if len(reason) > MAX_REASON:
        raise RuleBroken(N_("Use at most %(most)s characters."), field="reason", most=MAX_REASON)
    return reason


def name_key(name: str) -> str:
    """As it is sorted and searched; a key can be longer than its name, its column cannot."""
    return search_key(name)[:MAX_NAME]


def record_key(number: str) -> str:
    """A record number as it is searched: "R-7 1", "r7.1" and "R71" are one."""
    return "".join(c for c in search_key(number) if c.isalnum())[:MAX_RECORD_NUMBER]


def age_on(born: date, today: date) -> int:
    """Full years. Whoever was born on 29 February turns older on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
