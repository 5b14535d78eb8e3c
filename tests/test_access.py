"""Every address, every kind of person, every thing: the table of access_table.py, and its edges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import product

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.routing import Map
from werkzeug.test import TestResponse

from app import access, create_app
from app.accounts.models import Account, SignIn
from app.clock import now
from app.database import db
from app.patients.models import CareTeamMember, Patient
from app.policy import Role
from tests.access_table import FORMS, PARAMETERS, Row, read_table
from tests.access_world import Things, audit_rows, digest, furnish, last_audit_seq
from tests.databases import Databases
from tests.factories import Cast, CastMember, find_cast, sign_in_token
from tests.support import TestClock, make_settings
from tests.visitor import Visitor, check_headers

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
REFUSALS = ("role", "hidden", "ask")
TABLE = read_table()
OWNERS = {"pia": ("theo", "tess", "paul"), "paul": ("tess", "theo", "pia")}
"""Patient -> their therapist, the other therapist, the other patient."""


@dataclass
class World:
    """An application with two furnished patients, and a browser for each of the cast."""

    app: Flask
    cast: Cast
    things: Mapping[str, Things]
    browsers: Mapping[str, Visitor]
    tokens: dict[str, str] = field(default_factory=dict)

    def send(self, name: str, method: str, path: str, form: Mapping[str, object]) -> TestResponse:
        """A form comes with a token that is right, so that nothing but the guard refuses it."""
        data = {key: str(value) for key, value in form.items()}
        if method == "POST":
            if name not in self.tokens:
                self.tokens[name] = self.browsers[name].open("/help").csrf_token
            data["csrf_token"] = self.tokens[name]
        return self.browsers[name].client.open(path, method=method, data=data)


def make_world(app: Flask) -> World:
    with app.app_context():
        cast = find_cast()
        things = {
            "pia": furnish(cast.pia, cast.theo, cast.tess),
            "paul": furnish(cast.paul, cast.tess, cast.theo),
        }
        members = {name: getattr(cast, name) for name in Cast.__dataclass_fields__}
        browsers = {name: Visitor(app, sign_in_token(who)) for name, who in members.items()}
    return World(app, cast, things, browsers | {"nobody": Visitor(app)})


@pytest.fixture(scope="module")
def shared(
    template_database: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """For requests that change nothing, which each test that uses it makes sure of."""
    url = databases.create(template_database)
    app = create_app(make_settings(url, tmp_path_factory.mktemp("access")), TestClock())
    app.testing = True
    yield make_world(app)
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def world(app: Flask) -> World:
    """For requests that change something."""
    return make_world(app)


def columns(owner: str) -> dict[str, str]:
    """Whose browser stands for which column, where the thing is ``owner``'s."""
    therapist, stranger, other = OWNERS[owner]
    return {
        "admin": "ada",
        "own therapist": therapist,
        "other therapist": stranger,
        "own patient": owner,
        "other patient": other,
        "signed out": "nobody",
    }


def address(app: Flask, rule: str, its: Things, absent: str = "") -> str:
    """The address of ``its`` thing; the part ``absent`` names something that is not there."""
    found = next(r for r in app.url_map.iter_rules() if r.rule == rule)
    values = {
        name: PARAMETERS[name].absent() if name == absent else PARAMETERS[name].of(its)
        for name in found.arguments
    }
    for name, value in values.items():
        rule = re.sub(rf"<(\w+:)?{name}>", str(value), rule)
    return rule


def rules_of(url_map: Map) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_address_is_in_the_table_and_the_table_has_no_other(app: Flask) -> None:
    assert {(row.method, row.rule) for row in TABLE} == rules_of(app.url_map)
    assert len(TABLE) == len({str(row) for row in TABLE})


def test_every_part_of_an_address_has_a_factory_bound_to_its_converter(app: Flask) -> None:
    used = {
        (name, type(converter))
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
    }
    assert used == {(name, parameter.converter) for name, parameter in PARAMETERS.items()}


def test_every_form_of_the_table_is_filled() -> None:
    assert set(FORMS) == {row.rule for row in TABLE if row.method == "POST"}


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    unmarked = [name for name, view in app.view_functions.items() if not hasattr(view, access.MARK)]
    assert not unmarked


def test_a_view_that_says_nothing_answers_403_and_is_recorded(app: Flask, visit: Visit) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "everything", endpoint="forgotten")
    stranger = visit(None).open("/forgotten", expect=403)
    assert "everything" not in stranger.text
    row = audit_rows(app)[-1]
    assert (row.action, row.outcome, row.reason) == (
        "forgotten", "refused", "no rule for this view",
    )  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_whoever_is_refused_learns_and_changes_nothing(row: Row, shared: World) -> None:
    before = digest(shared.app)
    for owner, methods in product(OWNERS, methods_of(row)):
        its = shared.things[owner]
        path = address(shared.app, row.rule, its)
        for column, name in columns(owner).items():
            if row.cells[column] in REFUSALS:
                check_refusal(shared, row, column, name, methods, path, its)
    assert digest(shared.app) == before


def methods_of(row: Row) -> tuple[str, ...]:
    return ("GET", "HEAD") if row.method == "GET" else (row.method,)


def check_refusal(
    world: World, row: Row, column: str, name: str, method: str, path: str, its: Things
) -> None:
    seen = last_audit_seq(world.app)
    form = FORMS[row.rule](its) if method == "POST" else {}
    response = world.send(name, method, path, form)
    what = f"{column} ({name}) {method} {path}"
    wanted = {"role": 403, "hidden": 404, "ask": 401 if method == "POST" else 303}
    assert response.status_code == wanted[row.cells[column]], what
    check_headers(response)
    # What somebody signed out typed is given back to them; it came from them.
    told = response.get_data(as_text=True)
    assert its.canary not in told or its.canary in map(str, form.values()), what
    if response.status_code == 303:
        assert response.headers["Location"].startswith("/sign-in?next="), what
    rows = audit_rows(world.app, seen)
    assert [r.outcome for r in rows] == ["refused"], what
    actor = getattr(world.cast, name).id if name != "nobody" else None
    assert rows[0].actor_id == actor, what
    if row.cells[column] == "hidden":
        assert rows[0].patient_id == its.patient_id, what


@pytest.mark.parametrize("row", [row for row in TABLE if "<" in row.rule], ids=str)
def test_what_is_not_there_answers_like_what_is_hidden(row: Row, shared: World) -> None:
    before = digest(shared.app)
    its = shared.things["pia"]
    there = address(shared.app, row.rule, its)
    for absent, method in product(re.findall(r"(\w+)>", row.rule), methods_of(row)):
        path = address(shared.app, row.rule, its, absent)
        form = FORMS[row.rule](its) if method == "POST" else {}
        for column, name in columns("pia").items():
            response = shared.send(name, method, path, form)
            what = f"{column} ({name}) {method} {path}"
            asked = 401 if method == "POST" else 303
            wanted = {"role": 403, "ask": asked}.get(row.cells[column], int(row.absent))
            assert response.status_code == wanted, what
            if row.cells[column] == "hidden":
                hidden = shared.send(name, method, there, form)
                assert main_words(response) == main_words(hidden), what
    assert digest(shared.app) == before


def main_words(response: TestResponse) -> str:
    """The page's main part without the request's number."""
    page = BeautifulSoup(response.get_data(as_text=True), "lxml")
    main = page.select_one("main")
    return re.sub(r"\b[0-9a-f]{16}\b", "", main.get_text(" ")) if main else ""


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "GET"], ids=str)
def test_whoever_may_read_gets_the_page_and_reading_changes_nothing(
    row: Row, shared: World
) -> None:
    clock = shared.app.extensions["homestretch_clock"]
    clock.move(minutes=2)
    before = digest(shared.app, without=frozenset({"audit", "sessions"}))
    for owner in OWNERS:
        path = address(shared.app, row.rule, shared.things[owner])
        for column, name in columns(owner).items():
            if row.cells[column] not in REFUSALS:
                answers = [shared.send(name, method, path, {}) for method in ("GET", "HEAD")]
                found = [answer.status_code for answer in answers]
                assert found == [int(row.cells[column])] * 2, f"{column} ({name}) {path}"
                assert not answers[1].get_data()
    assert digest(shared.app, without=frozenset({"audit", "sessions"})) == before


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "POST"], ids=str)
def test_whoever_may_send_a_form_is_let_in_and_every_change_is_recorded(
    row: Row, world: World
) -> None:
    owners = OWNERS if "<" in row.rule else ("pia",)
    for owner in owners:
        its = world.things[owner]
        path = address(world.app, row.rule, its)
        for column, name in columns(owner).items():
            if row.cells[column] in REFUSALS:
                continue
            before, seen = digest(world.app), last_audit_seq(world.app)
            response = world.send(name, "POST", path, FORMS[row.rule](its))
            what = f"{column} ({name}) POST {path}"
            assert response.status_code == int(row.cells[column]), what
            changed = digest(world.app) != before
            done = [r for r in audit_rows(world.app, seen) if r.outcome == "done"]
            assert done or not changed, f"{what} changed something and left no trace"


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_other_methods_do_nothing(row: Row, shared: World) -> None:
    known = {method for method, rule in rules_of(shared.app.url_map) if rule == row.rule}
    before = digest(shared.app)
    path = address(shared.app, row.rule, shared.things["pia"])
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - known:
        response = shared.browsers["theo"].client.open(path, method=method)
        assert response.status_code == 405, method
        check_headers(response)
    options = shared.browsers["tess"].client.options(path)
    assert (options.status_code, options.get_data()) == (200, b"")
    assert digest(shared.app) == before


@pytest.mark.parametrize("how", ["disabled", "ended", "idle"])
def test_whoever_lost_their_session_is_signed_out_at_once(
    how: str, world: World, clock: TestClock
) -> None:
    theo, its = world.browsers["theo"], world.things["pia"]
    token = theo.open(f"/patients/{its.patient_id}/edit").csrf_token
    with world.app.app_context():
        if how == "disabled":
            db.session.get_one(Account, world.cast.theo.id).disabled_at = now()
        elif how == "ended":
            db.session.query(SignIn).filter_by(account_id=world.cast.theo.id).update(
                {"ended_at": now()}
            )
        db.session.commit()
    if how == "idle":
        clock.move(minutes=31)
    before = digest(world.app)
    theo.open(f"/patients/{its.patient_id}", expect=303)
    theo.send(
        f"/patients/{its.patient_id}/edit",
        {"csrf_token": token, "name": "Renamed", "based_on": "2"},
        expect=401,
    )
    assert its.canary not in theo.text
    assert digest(world.app) == before


def test_an_admin_opens_no_patient_even_if_somebody_put_them_on_the_team(world: World) -> None:
    its = world.things["pia"]
    with world.app.app_context():
        db.session.add(
            CareTeamMember(patient_id=its.patient_id, therapist_id=world.cast.ada.id, since=now())
        )
        db.session.commit()
    for path in (f"/patients/{its.patient_id}", f"/plans/{its.plan_id}"):
        world.browsers["ada"].open(path, expect=404)


def test_a_therapist_taken_off_the_team_gets_404_at_once(world: World) -> None:
    its, cast = world.things["pia"], world.cast
    theo, tess = world.browsers["theo"], world.browsers["tess"]
    team = f"/patients/{its.patient_id}/care-team"
    theo.open(team).submit("Add to the team", therapist=cast.tess.id)
    token = tess.open(f"/plans/{its.plan_id}/edit").csrf_token
    theo.open(team).submit("Remove: Tess")
    before = digest(world.app)
    for path in (f"/patients/{its.patient_id}", f"/plans/{its.plan_id}/edit"):
        tess.open(path, expect=404)
    approve = f"/plans/{its.plan_id}/approve"
    form = FORMS["/plans/<uuid:plan_id>/approve"](its) | {"csrf_token": token}
    tess.send(approve, {key: str(value) for key, value in form.items()}, expect=404)
    assert digest(world.app) == before


def test_a_therapist_who_is_also_a_patient_reads_their_own_plan_and_writes_it_not(
    world: World,
) -> None:
    """Tess is Theo's patient, too: her role opens her own plan no further than a patient's."""
    its, cast = world.things["pia"], world.cast
    with world.app.app_context():
        db.session.get_one(Account, cast.tess.id).roles = frozenset({Role.THERAPIST, Role.PATIENT})
        db.session.get_one(Patient, its.patient_id).person_id = cast.tess.id
        db.session.commit()
    tess = world.browsers["tess"]
    tess.open(f"/plans/{its.plan_id}").open("/today").open(f"/today/{its.prescription_id}")
    for path in ("edit", "preview", "revisions", "revisions/1", "discard", "end"):
        tess.open(f"/plans/{its.plan_id}/{path}", expect=404)
    tess.open(f"/patients/{its.patient_id}", expect=404)
    tess.open(f"/patients/{world.things['paul'].patient_id}")
    world.browsers["pia"].open(f"/plans/{its.plan_id}", expect=404)


ATTACKS: dict[str, tuple[str, Callable[[Things], dict[str, object]]]] = {
    "end another patient's condition": (
        "/patients/{own.patient_id}/conditions",
        lambda it: {"do": f"end:{it.noted_id}"},
    ),
    "release another plan's exercise": (
        "/plans/{own.plan_id}/release",
        lambda it: {"thread": it.withheld_thread},
    ),
    "approve another plan's draft": (
        "/plans/{own.plan_id}/approve",
        FORMS["/plans/<uuid:plan_id>/approve"],
    ),
    "remove another plan's exercise": (
        "/plans/{own.plan_id}/edit",
        lambda it: FORMS["/plans/<uuid:plan_id>/edit"](it) | {"do": f"remove:{it.prescription_id}"},
    ),
    "make a plan in the place of another": (
        "/patients/{own.patient_id}/plans/new",
        lambda it: {"title": "Mine", "new_id": it.plan_id},
    ),
    "make a patient in the place of another": (
        "/patients/new",
        lambda it: {"name": "Mine", "new_id": it.patient_id},
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_id_of_somebody_elses_thing_in_a_form_touches_it_not(attack: str, world: World) -> None:
    """Tess treats Paul; her forms name what is Pia's. Whatever she is told, it is not that."""
    where, form = ATTACKS[attack]
    own, victim = world.things["paul"], world.things["pia"]
    before = rows_about(world, victim)
    response = world.send("tess", "POST", where.format(own=own), form(victim))
    assert response.status_code in (303, 400, 404, 409, 422)
    assert victim.canary not in response.get_data(as_text=True)
    assert rows_about(world, victim) == before


def rows_about(world: World, its: Things) -> list[str]:
    """What the therapist and the patient see of it: every page of theirs, in words."""
    theo, plan = world.browsers["theo"], f"/plans/{its.plan_id}"
    pages = [f"/patients/{its.patient_id}", plan, f"{plan}/edit", f"{plan}/revisions/1"]
    return [theo.open(path).text for path in pages]


def test_reading_does_not_even_touch_the_clock_of_a_session_within_a_minute(
    world: World, clock: TestClock
) -> None:
    before = digest(world.app)
    clock.move(seconds=59)
    world.browsers["theo"].open("/patients")
    assert digest(world.app) == before
    clock.move(seconds=1)
    world.browsers["theo"].open("/patients")
    changed = digest(world.app)
    assert [name for name in before if before[name] != changed[name]] == ["sessions"]
