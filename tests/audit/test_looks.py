"""Staff reading about patients leaves one row for a session, a patient and a quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app import create_app
from app.audit.models import AuditRow
from app.audit.rules import LOOK
from app.config import Settings
from app.database import db
from tests.access_world import World, audit_rows, last_audit_seq
from tests.factories import Cast, CastMember, sign_in_token
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


@contextmanager
def looks(app: Flask) -> Iterator[list[AuditRow]]:
    """The rows about looks that are written inside."""
    after, found = last_audit_seq(app), []  # type: ignore[var-annotated]
    yield found
    found += [row for row in audit_rows(app, after) if row.action == LOOK]


def test_a_therapist_reading_for_a_quarter_of_an_hour_leaves_one_row(
    world: World, clock: TestClock
) -> None:
    theo, its = world.browsers["theo"], world.things["pia"]
    pages = [
        f"/plans/{its.plan_id}{tail}"
        for tail in ("", "/edit", "/print", ".pdf", "/revisions/1", "/summary.pdf")
    ]
    with looks(world.app) as rows:
        for path in (f"/patients/{its.patient_id}", *pages, f"/patients/{its.patient_id}/edit"):
            theo.open(path)
        clock.move(minutes=14, seconds=59)
        theo.open(pages[0])
    (row,) = rows
    assert (row.actor_id, row.patient_id) == (world.cast.theo.id, its.patient_id)
    assert (row.object_kind, row.object_id) == ("patient", its.patient_id)
    assert (row.outcome, row.roles) == ("seen", "therapist")
    assert row.session_id is not None
    with looks(world.app) as rows:
        clock.move(seconds=1)
        theo.open(pages[0]).open(pages[1])
    assert [(row.object_kind, row.object_id) for row in rows] == [("plan", its.plan_id)]


def test_each_session_leaves_its_own(world: World, visit: Visit) -> None:
    path = f"/patients/{world.things['pia'].patient_id}"
    with looks(world.app) as rows:
        for _ in range(2):
            visit(world.cast.theo).open(path).open(path)
    assert len({row.session_id for row in rows}) == len(rows) == 2


def test_another_process_finds_the_row_in_the_database(
    world: World, settings: Settings, clock: TestClock
) -> None:
    path, app = f"/patients/{world.things['pia'].patient_id}", world.app
    with app.app_context():
        token = sign_in_token(world.cast.theo)
    other = create_app(settings, clock)
    other.testing = True
    with looks(app) as rows:
        Visitor(app, token).open(path)
        clock.move(minutes=10)
        Visitor(other, token).open(f"/plans/{world.things['pia'].plan_id}").open(path)
        clock.move(minutes=6)  # after a quarter of an hour from the row, not from the last page
        Visitor(other, token).open(path)
        Visitor(app, token).open(path)
    with other.app_context():
        db.engine.dispose()
    assert len(rows) == 2


def test_lists_of_patients_are_looked_at_too(world: World) -> None:
    theo, ada = world.browsers["theo"], world.browsers["ada"]
    with looks(world.app) as rows:
        theo.open("/patients").submit("Find", words="pia")
        ada.open("/people/care-teams").open("/people").open("/people/care-teams")
        ada.open(f"/people/hand-over?of={world.cast.theo.id}")
        world.browsers["tess"].open("/patients/to-look-at")
    seen = [(row.actor_id, row.object_kind, row.patient_id) for row in rows]
    theo_id, ada_id = world.cast.theo.id, world.cast.ada.id
    assert seen == [
        (theo_id, "caseload", None),
        (ada_id, "teams", None),
        (ada_id, "people", None),
        (ada_id, "caseload", None),
        (world.cast.tess.id, "caseload", None),
    ]


def test_each_account_that_an_administrator_opens_is_a_look_of_its_own(world: World) -> None:
    """Who has the role of a patient, and when they were there, is known from it."""
    pia, paul = (world.things[name].account_id for name in ("pia", "paul"))
    with looks(world.app) as rows:
        for account_id in (pia, paul, pia):
            world.browsers["ada"].open(f"/people/{account_id}")
    assert [(row.object_kind, row.object_id) for row in rows] == [
        ("account", pia),
        ("account", paul),
    ]


def test_whom_an_emergency_was_about_is_a_look_for_who_is_told(world: World) -> None:
    ada, tess = world.browsers["ada"], world.browsers["tess"]
    with looks(world.app) as rows:
        assert world.things["pia"].canary in ada.open("/catalogue").text
        tess.open("/catalogue")
    assert [(row.actor_id, row.object_kind) for row in rows] == [(world.cast.ada.id, "emergency")]


def test_a_namesake_that_is_shown_is_looked_at(world: World) -> None:
    its, theo = world.things["pia"], world.browsers["theo"]
    with looks(world.app) as rows:
        theo.open("/patients/new").submit("Add patient", name=f"Pia {its.canary}")
    assert [row.patient_id for row in rows] == [its.patient_id]


def test_a_patient_reading_their_own_plan_leaves_none(world: World) -> None:
    its = world.things["pia"]
    with looks(world.app) as rows:
        world.browsers["pia"].open("/today").open(f"/plans/{its.plan_id}").open("/account")
    assert not rows


def test_what_is_refused_is_no_look_but_a_refusal(world: World) -> None:
    its, seen = world.things["pia"], last_audit_seq(world.app)
    world.browsers["tess"].open(f"/patients/{its.patient_id}", expect=404)
    world.browsers["tess"].open(f"/patients/{its.patient_id}", expect=404)
    outcomes = [(row.action, row.outcome) for row in audit_rows(world.app, seen)]
    assert outcomes == [("home.patient", "refused")] * 2


def test_once_it_is_recorded_a_page_takes_no_statement_more(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    theo, path = visit(cast.theo), f"/patients/{cast.pia.patient_id}"
    said: list[str] = []
    theo.open(path)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    theo.open(path)
    assert not [statement for statement in said if "audit" in statement]


def test_a_page_whose_look_cannot_be_recorded_does_not_leave(app: Flask, world: World) -> None:
    """Nobody reads a record unseen because the disk is full."""
    app.testing = False
    its = world.things["pia"]
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _disk_full)
    theo = world.browsers["theo"].open(f"/patients/{its.patient_id}", expect=503)
    assert its.canary not in theo.text
    assert "cannot reach our records" in theo.text


def _disk_full(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if statement.startswith("INSERT INTO audit "):
        raise OperationalError("INSERT", {}, OSError("no space left on device"))
