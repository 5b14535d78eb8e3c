"""Every address, every kind of person, every thing: the table of access_table.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from werkzeug.routing import Map
from werkzeug.test import TestResponse

from app import create_app
from app.database import db
from tests.access_table import FORMS, LOST, PARAMETERS, Row, read_table
from tests.access_world import (
    Furnished,
    Things,
    World,
    audit_rows,
    digest,
    last_audit_seq,
)
from tests.databases import Databases
from tests.html import parse, words
from tests.support import TestClock, make_settings
from tests.visitor import check_headers

REFUSALS = ("role", "hidden", "ask")
TABLE = read_table()
MAY_BE_KEPT = {"/handouts/<code>.pdf", "/pictures/<sha256:sha256>"}
"""What a browser may keep; every other answer is for the eyes of this moment."""
OWNERS = {"pia": ("theo", "tess", "paul"), "paul": ("tess", "theo", "pia")}
"""Patient -> their therapist, the other therapist, the other patient."""


@pytest.fixture(scope="module")
def shared(
    furnished: Furnished, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """For requests that change nothing, which each test that uses it makes sure of."""
    url = databases.create(furnished.url)
    app = create_app(make_settings(url, tmp_path_factory.mktemp("access")), TestClock())
    app.testing = True
    yield furnished.world(app)
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


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
        "disabled": "dora",
        "re-roled": "rolf",
        "removed": "rhea",
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


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_whoever_is_refused_learns_and_changes_nothing(row: Row, shared: World) -> None:
    with shared.unchanged():
        shared.news()
        asked = [("pia", method) for method in methods_of(row)] + [("paul", row.method)]
        for owner, method in asked:
            its = shared.things[owner]
            path = address(shared.app, row.rule, its)
            for column, name in columns(owner).items():
                if row.cells[column] in REFUSALS:
                    check_refusal(shared, row, column, name, method, path, its)


def methods_of(row: Row) -> tuple[str, ...]:
    return ("GET", "HEAD") if row.method == "GET" else (row.method,)


def check_refusal(
    world: World, row: Row, column: str, name: str, method: str, path: str, its: Things
) -> None:
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
    rows, counted = world.news()
    if row.cells[column] == "ask":
        # The first one stands in the audit, those that follow are counted.
        assert {(r.outcome, r.actor_id) for r in rows} <= {("refused", None)}, what
        assert rows or counted == 1, what
        return
    assert [r.outcome for r in rows] == ["refused"], what
    member = getattr(world.cast, name, None)
    actor = member.id if member else world.removed_id if name == "rhea" else None
    assert rows[0].actor_id == actor, what
    if row.cells[column] == "hidden":
        about = None if "<uuid:draft_id>" in row.rule else its.patient_id
        assert rows[0].patient_id == about, what


@pytest.mark.parametrize("row", [row for row in TABLE if "<" in row.rule], ids=str)
def test_what_is_not_there_answers_like_what_is_hidden(row: Row, shared: World) -> None:
    with shared.unchanged():
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
                if row.cells[column] == "hidden" and method != "HEAD":
                    hidden = shared.send(name, method, there, form)
                    assert main_words(response) == main_words(hidden), what


def main_words(response: TestResponse) -> str:
    """The page's main part without the request's number."""
    (main,) = parse(response.get_data(as_text=True)).iter("main")
    return re.sub(r"\b[0-9a-f]{16}\b", "", words(main))


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "GET"], ids=str)
def test_whoever_may_read_gets_the_page_and_reading_changes_nothing(
    row: Row, shared: World
) -> None:
    clock = shared.app.extensions["homestretch_clock"]
    clock.move(minutes=2)
    with shared.unchanged("sessions"):
        for owner in OWNERS:
            path = address(shared.app, row.rule, shared.things[owner])
            for column, name in columns(owner).items():
                if row.cells[column] in REFUSALS:
                    continue
                for method in ("GET", "HEAD") if owner == "pia" else ("GET",):
                    answer, what = shared.send(name, method, path, {}), f"{column} ({name}) {path}"
                    assert answer.status_code == int(row.cells[column]), what
                    assert bool(answer.get_data()) == (method == "GET"), what
                    kept = answer.headers["Cache-Control"]
                    assert (kept == "no-store") == (row.rule not in MAY_BE_KEPT), f"{what}: {kept}"


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "POST"], ids=str)
def test_whoever_may_send_a_form_is_let_in_and_every_change_is_recorded(
    row: Row, world: World
) -> None:
    owners = OWNERS if "<" in row.rule else ("pia",)
    before = digest(world.app)
    for owner in owners:
        its = world.things[owner]
        path = address(world.app, row.rule, its)
        for column, name in columns(owner).items():
            if row.cells[column] in REFUSALS or column in (*LOST, "removed"):
                continue
            seen = last_audit_seq(world.app)
            response = world.send(name, "POST", path, FORMS[row.rule](its))
            what = f"{column} ({name}) POST {path}"
            assert response.status_code == int(row.cells[column]), what
            after = digest(world.app)
            done = [r for r in audit_rows(world.app, seen) if r.outcome == "done"]
            assert done or after == before, f"{what} changed something and left no trace"
            before = after


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_other_methods_do_nothing(row: Row, shared: World) -> None:
    known = {method for method, rule in rules_of(shared.app.url_map) if rule == row.rule}
    with shared.unchanged():
        path = address(shared.app, row.rule, shared.things["pia"])
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - known:
            response = shared.browsers["theo"].client.open(path, method=method)
            assert response.status_code == 405, method
            check_headers(response)
        options = shared.browsers["tess"].client.options(path)
        assert (options.status_code, options.get_data()) == (200, b"")
