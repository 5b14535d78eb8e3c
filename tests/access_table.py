"""Who may do what, as data: every address and method, and what each kind of person gets there.

The table is access_table.txt, beside this.

Columns are people as seen from the patient whose thing the address names: an admin, a therapist
on the care team, one who is not, the patient, another patient, somebody signed out. The last
column is what the people who are let in get when the thing does not exist.

Two more people get what somebody signed out gets, everywhere: a therapist of the team whose account
was disabled while signed in, and one whose role was taken away (LOST); one who was taken off the
care team is as any other therapist.

A number is the status of somebody who is let in. The words are refusals:

    role     403: this page is for people with another role
    hidden   404: as if the thing were not there
    ask      to the sign-in page (303), or 401 for a form, which keeps what was typed

Each of the three leaves exactly one row in the audit; ``ask`` may be counted instead, where the
same was refused to a stranger a moment ago. ``-`` in the last column: the address
names no thing, so nothing can be absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from werkzeug.routing import BaseConverter, IntegerConverter, UnicodeConverter
from werkzeug.routing.converters import UUIDConverter

from app.catalogue.picture_routes import Sha256Converter
from tests.access_world import Things

COLUMNS = (
    "admin",
    "own therapist",
    "other therapist",
    "own patient",
    "other patient",
    "signed out",
)

LOST = ("disabled", "re-roled")

TABLE = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Row:
    """One line of the table; ``cells`` by column name."""

    method: str
    rule: str
    cells: Mapping[str, str]
    absent: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def read_table() -> list[Row]:
    rows = []
    for line in TABLE.splitlines():
        if line.strip() and not line.startswith("#"):
            method, rule, *cells, absent = line.split()
            by_column = dict(zip(COLUMNS, cells, strict=True))
            by_column |= dict.fromkeys(LOST, by_column["signed out"])
            by_column["removed"] = by_column["other therapist"]
            rows.append(Row(method, rule, by_column, absent))
    return rows


@dataclass(frozen=True)
class Parameter:
    """One part of an address: its converter, what a patient's things are called, and what is not
    there."""

    converter: type[BaseConverter]
    of: Callable[[Things], object]
    absent: Callable[[], object] = uuid4


PARAMETERS = {
    "patient_id": Parameter(UUIDConverter, lambda its: its.patient_id),
    "plan_id": Parameter(UUIDConverter, lambda its: its.plan_id),
    "prescription_id": Parameter(UUIDConverter, lambda its: its.prescription_id),
    "account_id": Parameter(UUIDConverter, lambda its: its.account_id),
    "token": Parameter(UnicodeConverter, lambda its: its.invitation, lambda: "n" * 43),
    "reset_token": Parameter(UnicodeConverter, lambda its: its.reset, lambda: "n" * 43),
    "address_token": Parameter(UnicodeConverter, lambda its: its.new_address, lambda: "n" * 43),
    "number": Parameter(IntegerConverter, lambda its: its.number, lambda: 99),
    "draft_id": Parameter(UUIDConverter, lambda its: its.exercise_draft_id),
    "exercise_id": Parameter(UUIDConverter, lambda its: its.exercise_id),
    "sha256": Parameter(Sha256Converter, lambda its: its.picture, lambda: "ab" * 32),
    "slug": Parameter(UnicodeConverter, lambda its: "wall-push-up", lambda: "handstand"),
    "emergency_id": Parameter(UUIDConverter, lambda its: its.emergency_id),
    "code": Parameter(UnicodeConverter, lambda its: its.code, lambda: "Q999"),
}


def _builder(its: Things) -> dict[str, object]:
    """The builder's form with a new title; rows that it does not name stay as they are."""
    return {
        "title": "Another title",
        "often-times_per_day": "",
        "often-days": "",
        "based_on": its.draft_version,
        "draft": its.draft_id,
    }


FORMS: dict[str, Callable[[Things], dict[str, object]]] = {
    "/text-size": lambda its: {"size": "large"},
    "/sign-in": lambda its: {"email": "pia@example.org", "password": "a wrong one, as it were"},
    "/sign-in/code": lambda its: {"code": "123456"},
    "/sign-in/set-up": lambda its: {"code": "123456"},
    "/sign-in/passkey": lambda its: {},
    "/account/confirm/passkey": lambda its: {},
    "/account/passkeys": lambda its: {"do": "remove:nothing"},
    "/account/passkeys/new": lambda its: {},
    "/account/second-factor": lambda its: {"do": "codes"},
    "/account/recovery-codes": lambda its: {},
    "/sign-out": lambda its: {},
    "/invitations/<token>": lambda its: {"password": "too short", "again": "too short"},
    "/forgotten": lambda its: {"email": its.email},
    "/reset/<reset_token>": lambda its: {"password": "too short", "again": "too short"},
    "/new-address/<address_token>": lambda its: {},
    "/account/sessions": lambda its: {"do": "end-others"},
    "/account/confirm": lambda its: {"password": "a wrong one, as it were"},
    "/account/password": lambda its: {"password": "short", "again": "short"},
    "/account/email": lambda its: {"email": f"{its.account_id}@example.org"},
    "/people/new": lambda its: {
        "name": "New",
        "email": f"new.{its.account_id}@example.org",
        "roles": "therapist",
    },
    "/people/<uuid:account_id>": lambda its: {"do": "withdraw"},
    "/people": lambda its: {"words": "pia"},
    "/people/care-teams": lambda its: {"words": "pia"},
    "/people/care-teams/<uuid:patient_id>": lambda its: {
        "do": "add",
        "therapist": its.other_therapist_id,
        "reason": "Theo is on leave",
    },
    "/people/hand-over": lambda its: {"do": "check"},
    "/audit": lambda its: {"patient": its.canary},
    "/audit.csv": lambda its: {"patient": its.canary},
    "/catalogue/new": lambda its: {"do": "publish"},
    "/catalogue/hints": lambda its: {"title": "Chin tuck"},
    "/catalogue/drafts/<uuid:draft_id>/edit": lambda its: {"do": "publish"},
    "/catalogue/drafts/<uuid:draft_id>/drop": lambda its: {},
    "/catalogue/drafts/<uuid:draft_id>/publish": lambda its: {"version": 1},
    "/catalogue/drafts/<uuid:draft_id>/return": lambda its: {"version": 1, "remark": "No."},
    "/catalogue/tags": lambda its: {"do": "add", "facet": "area", "value": "neck"},
    "/catalogue/conditions": lambda its: {"name": "stiff neck"},
    "/catalogue/scenes/<slug>": lambda its: {"do": "save"},
    "/catalogue/<uuid:exercise_id>/edit": lambda its: {"do": "publish"},
    "/catalogue/<uuid:exercise_id>/retire": lambda its: {"do": "retire", "reason": "Too hard"},
    "/catalogue/<uuid:exercise_id>/merge": lambda its: {"do": "merge"},
    "/handouts/new": lambda its: {"do": "publish"},
    "/handouts/<code>/share": lambda its: {
        "do": "save",
        "readers": "staff",
        "code": "N100",
        "based_on": 1,
    },
    "/templates": lambda its: {"template": its.exercise_id},
    "/plans/<uuid:plan_id>/template": lambda its: {"title": ""},
    "/plans/<uuid:plan_id>/draft/template": lambda its: {"template": its.exercise_id},
    "/catalogue/<uuid:exercise_id>/favourite": lambda its: {"do": "add"},
    "/catalogue/<uuid:exercise_id>/checklist": lambda its: {"based_on": "1"},
    "/catalogue/<uuid:exercise_id>/ladder": lambda its: {"do": f"remove:{its.exercise_id}"},
    "/handouts/<code>/edit": lambda its: {"do": "publish"},
    "/patients": lambda its: {"words": its.canary},
    "/patients/new": lambda its: {"name": "Somebody New"},
    "/patients/<uuid:patient_id>/edit": lambda its: {"name": "Renamed", "based_on": 2},
    "/patients/<uuid:patient_id>/conditions": lambda its: {
        "do": "note",
        "condition": its.condition_id,
    },
    "/patients/<uuid:patient_id>/care-team": lambda its: {
        "do": "add",
        "therapist": its.other_therapist_id,
    },
    "/patients/<uuid:patient_id>/invitation": lambda its: {"do": "letter"},
    "/patients/<uuid:patient_id>/archive": lambda its: {"do": "archive"},
    "/patients/emergency": lambda its: {"do": "find", "words": its.canary},
    "/patients/emergency/end": lambda its: {},
    "/patients/emergencies/<uuid:emergency_id>/seen": lambda its: {},
    "/patients/hand-over": lambda its: {
        "do": "check",
        "taker": its.other_therapist_id,
        "which": "all",
        "reason": "Theo is on leave",
    },
    "/patients/<uuid:patient_id>/plans/new": lambda its: {"title": "One more plan"},
    "/plans/<uuid:plan_id>/edit": _builder,
    "/plans/<uuid:plan_id>/preview": _builder,
    "/plans/<uuid:plan_id>/add-template": _builder,
    "/plans/<uuid:plan_id>/approve": _builder,
    "/plans/<uuid:plan_id>/discard": lambda its: {},
    "/plans/<uuid:plan_id>/end": lambda its: {"reason": "Because"},
    "/plans/<uuid:plan_id>/draft": lambda its: {},
    "/plans/<uuid:plan_id>/release": lambda its: {"thread": its.withheld_thread},
    "/plans/<uuid:plan_id>/look": lambda its: {"do": "leave:nothing", "reason": "Because"},
    "/plans/<uuid:plan_id>/stop": lambda its: {"reason": "Because"},
    "/plans/<uuid:plan_id>/reopen": lambda its: {"reason": "Because"},
}
"""What a form is sent with, such that it does something where it is let in."""
