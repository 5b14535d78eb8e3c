"""The audit's page: what an admin reads, how it is narrowed, and the file that it gives."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from app.access import SignedIn
from app.audit.reads import PAGE_SIZE
from app.audit.service import About, record, record_refusal
from app.clock import now
from app.config import ROOT
from app.database import db
from app.home import audit_lines
from app.home.audit_words import ACTIONS, REASONS
from app.patients.service import edit_patient, find_patient
from tests.access_world import audit_rows, last_audit_seq
from tests.factories import Cast, CastMember
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
FORMULA = '=HYPERLINK("http://evil.example")'


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.ada)


@pytest.fixture
def week(in_app: InApp, cast: Cast, clock: TestClock) -> None:
    """Three days: Theo edits Pia; Tess is refused Pia's record; Tess ends a condition of Paul's."""
    pia, paul = cast.pia.patient_id, cast.paul.patient_id
    with in_app():
        about = About("patient", pia, pia)
        record("edit-patient", about, by=cast.theo, now=now(), changed=("birth_date", "name"))
        db.session.commit()
        clock.move(days=1)
        record_refusal("home.patient", about, by=cast.tess, now=now(), reason="not theirs")
        clock.move(days=1)
        about = About("patient", paul, paul)
        record("end-condition", about, by=cast.tess, now=now(), reason=FORMULA)
        db.session.commit()


def rows(page: Visitor) -> list[str]:
    return [" ".join(li.get_text(" ").split()) for li in page.page.select(".audit-rows > li")]


def test_it_says_in_words_who_did_what_to_whom_and_when(week: None, ada: Visitor) -> None:
    newest, refused, edited, *_older = rows(ada.open("/audit"))
    assert newest.startswith("Ended a condition: Paul Mar 4, 2026, 12:00:00")
    assert "Tess" in newest
    assert f"Reason: {FORMULA}" in newest
    assert newest.endswith("done")
    assert "Asked for a page of the clinic’s lists and records: Pia" in refused
    assert "Reason: not on the care team" in refused
    assert refused.endswith("refused")
    assert "Changed birth date, name" in edited
    assert "Theo" in edited
    assert "not-theirs" not in ada.text
    assert "the server" in ada.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"person": "tess", "outcome": "done"}, ["Ended a condition", "Added a patient"]),
        ({"person": "THEO@example.org"}, ["Changed a patient’s details", "Added a patient"]),
        ({"patient": "pi", "outcome": "refused"}, ["Asked for a page of the clinic’s lists"]),
        ({"action": "end-condition"}, ["Ended a condition"]),
        ({"since": "2026-03-03", "until": "2026-03-03"}, ["Asked for a page of the clinic’s"]),
        ({"since": "2026-03-05"}, []),
    ],
)
def test_it_can_be_narrowed(
    week: None, ada: Visitor, typed: dict[str, Any], found: list[str]
) -> None:
    ada.open("/audit").submit("Show", **typed)
    said = [row for row in rows(ada) if not row.startswith("Looked at")]
    assert len(said) == len(found), said
    assert all(row.startswith(words) for row, words in zip(said, found, strict=True))
    assert ("No row is like this." in ada.text) == (not found)
    for name, value in typed.items():
        box = ada.tag(f"main [name={name}]")
        chosen = box.select_one("option[selected]") if box.name == "select" else box
        assert chosen is not None
        assert chosen.get("value") == value


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"person": "zzz"}, "Nobody here has this name."),
        ({"patient": "zzz"}, "Nobody here has this name."),
        ({"since": "2026-03-05", "until": "2026-03-04"}, "The last day is before the first one."),
        ({"since": "yesterday"}, "Enter a date: year, month and day, like 2026-03-31."),
        ({"until": "9999-12-31"}, "Enter a date: year, month and day, like 2026-03-31."),
        # In a clinic east of Greenwich this day begins before there are any.
        ({"since": "0001-01-01"}, "Enter a date: year, month and day, like 2026-03-31."),
    ],
)
@pytest.mark.parametrize("button", ["Show", "Download as CSV"])
def test_what_cannot_be_looked_for_is_told_at_its_box(
    ada: Visitor, typed: dict[str, Any], sentence: str, button: str
) -> None:
    ada.open("/audit").submit(button, expect=422, **typed)
    assert ada.errors == [sentence]
    assert ada.tag(f"main [name={list(typed)[-1]}]")["value"] == list(typed.values())[-1]


@pytest.mark.parametrize("typed", [{}, {"person": "tess"}])
def test_it_is_paged_without_gaps(
    ada: Visitor, in_app: InApp, cast: Cast, typed: dict[str, Any]
) -> None:
    with in_app():
        for n in range(PAGE_SIZE + 5):
            record("edit-patient", About("patient"), by=cast.tess, now=now(), reason=f"no. {n}.")
        db.session.commit()
    ada.open("/audit")
    if typed:
        ada.submit("Show", **typed)
    seen = rows(ada)
    assert len(seen) == PAGE_SIZE
    if typed:
        ada.submit("Older rows")
    else:
        ada.follow("Next page")
    seen += rows(ada)
    numbers = [n for n in range(PAGE_SIZE + 5) if any(f"no. {n}." in row for row in seen)]
    assert numbers == list(range(PAGE_SIZE + 5))
    assert len(set(seen)) == len(seen)


def test_the_file_has_the_same_rows_and_no_formula(week: None, ada: Visitor) -> None:
    ada.open("/audit").submit("Download as CSV", person="tess")
    assert ada.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert ada.headers["Content-Disposition"] == 'attachment; filename="audit-2026-03-04.csv"'
    assert ada.response is not None
    head, *lines = csv.reader(io.StringIO(ada.response.get_data(as_text=True)))
    assert [(line[2], line[4], line[7]) for line in lines] == [
        ("Tess", "Ended a condition", "done"),
        ("Tess", "Asked for a page of the clinic’s lists and records", "refused"),
        ("Tess", "Added a patient", "done"),
    ]
    assert lines[0][head.index("reason")] == f"'{FORMULA}"
    assert lines[0][head.index("patient")] == "Paul"


def test_the_file_is_streamed_in_parts_and_ends(
    ada: Visitor, in_app: InApp, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_lines, "AT_ONCE", 10)
    monkeypatch.setattr(audit_lines, "MOST_IN_A_FILE", 30)
    with in_app():
        for n in range(31):
            record("edit-patient", About("patient"), by=cast.tess, now=now(), reason=f"no. {n}.")
        db.session.commit()
    ada.open("/audit").submit("Download as CSV", person="tess")
    assert ada.response is not None
    _head, *lines, last = csv.reader(io.StringIO(ada.response.get_data(as_text=True)))
    assert len(lines) == 30
    assert last == ["There is more. Choose fewer days."]
    assert len({line[0] for line in lines}) == 30


def test_looking_at_it_is_in_it(ada: Visitor, app: Flask, cast: Cast) -> None:
    seen = last_audit_seq(app)
    ada.open("/audit").submit("Show", patient="pia")
    ada.submit("Download as CSV", patient="pia")
    found = [(r.action, r.object_kind, r.patient_id, r.changed) for r in audit_rows(app, seen)]
    assert found == [
        ("look", "audit", None, []),
        ("look", "audit", cast.pia.patient_id, []),
        ("export-audit", "audit", cast.pia.patient_id, ["patient"]),
    ]


def test_a_name_stands_nowhere_in_an_address(ada: Visitor, in_app: InApp, cast: Cast) -> None:
    with in_app():
        record_the_name(cast)
    ada.open("/audit").submit("Show", patient="Zyzzyva")
    assert ada.path == "/audit"
    assert all("yzzyva" not in str(link["href"]) for link in ada.page.select("a[href]"))


def record_the_name(cast: Cast) -> None:
    patient = find_patient(cast.pia.patient_id or uuid4())
    assert patient is not None
    by = SignedIn(cast.theo.id, "", "", cast.theo.roles, uuid4(), "", now())
    edit_patient(patient, "Pia Zyzzyva", None, "", based_on=1, by=by, now=now())
    db.session.commit()


def test_the_page_takes_four_statements_however_many_rows(
    week: None, ada: Visitor, in_app: InApp
) -> None:
    ada.open("/audit")  # the look is recorded
    said: list[str] = []
    with in_app():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    ada.open("/audit")
    assert len(said) == 4, said


def test_every_verb_that_the_code_records_has_words() -> None:
    """Names of verbs are the first argument of whatever records them."""
    recording = {"record", "record_plan", "record_patient", "record_all", "changed"}
    verbs = {
        node.args[0].value
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in recording
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(verbs) > 20
    assert verbs <= set(ACTIONS)


def test_every_reason_that_the_program_gives_has_words() -> None:
    given = {
        node.value.value
        for path in (ROOT / "app").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record_refusal"
        for node in call.keywords
        if node.arg == "reason" and isinstance(node.value, ast.Constant)
    }
    assert {"staff only", "signed out"} <= given
    assert given <= set(REASONS)
