"""Every column of every table as an extra field of every form: only a form's own fields count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Uuid, select

from app.accounts.models import Account
from app.database import Base, UtcDateTime, db
from app.policy import Role
from tests.access_table import FORMS, read_table
from tests.access_world import Things
from tests.attack.clinic import Clinic
from tests.attack.crawl import crawl
from tests.factories import PASSWORD, CastMember
from tests.test_access import REFUSALS, address

SMUGGLED = "smuggled"
SMUGGLED_ID = UUID("5317a99e-d000-4000-8000-000000005317")
SMUGGLED_DAY = "1987-06-05"
SMUGGLED_NUMBER = 531_753
MARKS = re.compile(f"{SMUGGLED}|{SMUGGLED_ID}|{SMUGGLED_ID.hex}|{SMUGGLED_DAY}|{SMUGGLED_NUMBER}")
GRANTED = {
    "roles": "admin",
    "disabled_at": "",
    "ended_at": "",
    "password_hash": "",
    "own_device": "1",
}
"""What an attacker would like these to be."""
OTHERS = ("is_admin", "admin", "role", "owner", "person", "approved", "_method", "csrf_exempt")
FIRST = ("/sign-in", "/invitations/<token>")
LAST = re.compile(
    "archive|end|discard|hand-over|retire|merge|drop|sessions|emergency|sign-out|reset|new-address"
    "|share|password"
)
"""What the others could not be sent after."""


def turn(rule: str) -> int:
    """When a form is sent."""
    return FIRST.index(rule) if rule in FIRST else 3 if LAST.search(rule) else 2


GOOD = "seven tall herons wading slowly"
RIGHT: dict[str, dict[str, object]] = {
    "/sign-in": {"password": PASSWORD},
    "/account/confirm": {"password": PASSWORD},
    "/account/password": {"password": GOOD, "again": GOOD},
    "/invitations/<token>": {"password": GOOD, "again": GOOD},
}
"""What the forms of the access table lack to be taken."""


@dataclass
class Family:
    """People and things that nobody misses afterwards."""

    admin: CastMember
    therapist: CastMember
    patient: CastMember
    its: Things


@pytest.fixture(scope="module")
def family(clinic: Clinic) -> Family:
    admin, therapist = clinic.add("Alma", Role.ADMIN), clinic.add("Tim", Role.THERAPIST)
    patient = clinic.add_patient_of(therapist, "Pim")
    return Family(admin, therapist, patient, clinic.furnish(patient, therapist))


@pytest.fixture(scope="module")
def own_names(clinic: Clinic, family: Family) -> Mapping[str, set[str]]:
    """For each address, the names of all boxes in the forms that lead there."""
    app = clinic.app
    pages = [
        row
        for row in read_table()
        if row.method == "GET" and not row.rule.endswith((".pdf", ".csv"))
    ]
    names: dict[str, set[str]] = {rule: set(FORMS[rule](family.its)) for rule in FORMS}
    people = {
        "admin": family.admin,
        "own therapist": family.therapist,
        "own patient": family.patient,
        "signed out": None,
    }
    for column, member in people.items():
        agent = clinic.enter(member) if member else clinic.stranger()
        theirs = [
            address(app, row.rule, family.its) for row in pages if row.cells[column] not in REFUSALS
        ]
        for sent in crawl(app, agent, theirs, follow=False).forms.values():
            names.setdefault(sent.rule, set()).update(sent.boxes)
    return names


def columns() -> Iterator[Column[object]]:
    for table in Base.metadata.sorted_tables:
        yield from table.columns


def smuggled(column: Column[object]) -> str:
    """A value of the column's type that stands nowhere else."""
    match column.type:
        case Uuid():
            return str(SMUGGLED_ID)
        case DateTime() | UtcDateTime():
            return f"{SMUGGLED_DAY}T04:03:02+00:00"
        case Date():
            return SMUGGLED_DAY
        case Integer():
            return str(SMUGGLED_NUMBER)
        case Boolean():
            return "1"
        case _:
            return SMUGGLED


def test_only_a_forms_own_fields_change_anything(
    clinic: Clinic, family: Family, own_names: Mapping[str, set[str]]
) -> None:
    extras = {column.name: smuggled(column) for column in columns()}
    extras |= dict.fromkeys(OTHERS, "1") | GRANTED
    assert len(extras) > 100
    before = accounts(clinic)
    taken: set[str] = set()
    for rule in sorted(FORMS, key=turn):
        form = FORMS[rule](family.its) | RIGHT.get(rule, {})
        if rule == "/sign-in":
            form["email"] = family.patient.email
        path = address(clinic.app, rule, family.its)
        more = {name: value for name, value in extras.items() if name not in own_names[rule]}
        agent = clinic.enter(sender(rule, family))
        answer = agent.post(f"{path}?{urlencode(more)}", {**more, **form})
        assert answer.status < 500, f"{answer.status} {rule}"
        if answer.status in (200, 303):
            taken.add(rule)
        assert answer.status == 303 or rule not in RIGHT, f"{answer.status} {rule}"
    assert len(taken) > len(FORMS) / 2, "few forms were taken, so little was tried"
    assert not smuggled_in(clinic)
    after = accounts(clinic)
    assert {id: after[id] for id in before} == before


def sender(rule: str, family: Family) -> CastMember:
    """Who may send it: the first whom the access table lets in."""
    people = {
        "own therapist": family.therapist,
        "admin": family.admin,
        "own patient": family.patient,
    }
    (row,) = (row for row in read_table() if (row.method, row.rule) == ("POST", rule))
    return next((who for column, who in people.items() if row.cells[column] not in REFUSALS),
                family.therapist)  # fmt: skip


def smuggled_in(clinic: Clinic) -> list[str]:
    """Every row that has one of the values."""
    with clinic.app.app_context():
        found = [
            f"{table.name}: {dict(row)}"
            for table in Base.metadata.sorted_tables
            for row in db.session.execute(select(table)).mappings()
            if MARKS.search(repr(dict(row)).replace("datetime.datetime(1987, 6, 5", SMUGGLED_DAY))
        ]
        db.session.rollback()
    return found


def accounts(clinic: Clinic) -> dict[UUID, tuple[object, ...]]:
    """What decides who may get in, and as what."""
    with clinic.app.app_context():
        found: dict[UUID, tuple[object, ...]] = {
            account.id: (
                account.roles,
                account.password_hash[:9],
                account.disabled_at,
                account.name,
            )
            for account in db.session.scalars(select(Account))
        }
        db.session.rollback()
    return found
