"""What was approved, published or recorded stays: the database itself refuses every way round."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Executable, Table, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import Uuid

from app.catalogue.pemat import ITEMS, Mark
from app.catalogue.pemat_checks import keep_check
from app.catalogue.retirement import retire_exercise
from app.catalogue.service import list_exercises_by_slug
from app.clock import now
from app.database import Base, db
from app.plans.models import PlanRevision, Prescription
from tests.catalogue.support import OPERATOR, save_posed_scene
from tests.factories import Cast
from tests.guarded import REFUSAL, allowed, frozen_row, its_key, refused, rows_of, table
from tests.plans.made import Made, acting, make_approved, note_knee_pain

KEPT = tuple(
    """
    audit clinic_facts exercise_events exercise_revisions handout_codes handout_revisions
    pemat_checks plan_events plans scene_versions warning_answers
    """.split()  # noqa: SIM905  # shorter to read so
)
FROZEN = ("plan_revisions", "prescriptions", "approval_answers")
EVERY = (*KEPT, *FROZEN)


@pytest.fixture
def made(app: Flask, cast: Cast) -> Iterator[Made]:
    """An approved plan with an answered warning and an end, and a draft of its next revision."""
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
        made = make_approved(cast.theo, cast.pia)
        made.end()
        made.change()
        save_posed_scene(OPERATOR)
        _check_a_text(cast)
        (rolls,) = list_exercises_by_slug(["shoulder-rolls"])
        retire_exercise(rolls, None, "Too easy.", by=OPERATOR, now=now())
        db.session.commit()
        yield made
        db.session.rollback()


def _check_a_text(cast: Cast) -> None:
    (wall,) = list_exercises_by_slug(["wall-push-up"])
    marks = {item.number: Mark.AGREE for item in ITEMS}
    keep_check(wall.current, marks, by=acting(cast.ada), now=now())
    db.session.commit()


@pytest.fixture
def is_sqlite(made: Made) -> bool:
    return db.engine.dialect.name == "sqlite"


def draft_of(made: Made) -> UUID:
    found = made.draft.id
    db.session.rollback()
    return found


def test_every_table_that_is_guarded_has_rows_here(made: Made) -> None:
    assert {name: len(rows_of(name)) > 0 for name in EVERY} == dict.fromkeys(EVERY, True)


def ways_round(name: str, *, is_sqlite: bool) -> Iterator[Executable]:
    """Every statement that would change, replace or remove a frozen row of this table."""
    of, row = table(name), frozen_row(name)
    this, keys = its_key(name, row), list(of.primary_key)
    for column in of.c:
        yield update(of).where(this).values({column: column})
    yield update(of).values({keys[0]: keys[0]})
    yield delete(of).where(this)
    yield delete(of)
    upsert = (sqlite if is_sqlite else postgresql).insert(of).values(row)
    yield upsert.on_conflict_do_update(index_elements=keys, set_={keys[0]: keys[0]})
    if is_sqlite:
        yield insert(of).values(row).prefix_with("OR REPLACE")
        yield _insert_at_rowid(of, row)
    else:
        yield text(f"TRUNCATE {name} CASCADE")
        if not _has_children(of):  # else PostgreSQL refuses by itself
            yield text(f"TRUNCATE {name}")


def _insert_at_rowid(of: Table, row: Mapping[str, Any]) -> Executable:
    """INSERT OR REPLACE that names the hidden rowid of ``row``, under another key."""
    fresh = dict(row) | {
        key.name: uuid4() if isinstance(key.type, Uuid) else uuid4().hex
        for key in of.primary_key
        if not key.name.endswith("seq")
    }
    columns = ", ".join(f'"{name}"' for name in fresh)
    places = ", ".join(f":{name}" for name in fresh)
    at = rowid_of(of.name, row)
    return text(
        f"INSERT OR REPLACE INTO {of.name} (rowid, {columns}) VALUES ({at}, {places})"
    ).bindparams(*(bindparam(name, value, type_=of.c[name].type) for name, value in fresh.items()))


def rowid_of(name: str, row: Mapping[str, Any]) -> int:
    """SQLite's own number of a row."""
    statement = select(text("rowid")).select_from(table(name)).where(its_key(name, row))
    with db.engine.connect() as connection:
        return int(connection.scalars(statement).one())


def _has_children(of: Table) -> bool:
    others = Base.metadata.sorted_tables
    return any(key.column.table is of for other in others for key in other.foreign_keys)


@pytest.mark.parametrize("name", EVERY)
def test_a_frozen_row_withstands_every_statement(made: Made, name: str, is_sqlite: bool) -> None:
    for statement in ways_round(name, is_sqlite=is_sqlite):
        refused(name, statement)


@pytest.mark.parametrize(
    "name", ["plans", "plan_revisions", "exercise_revisions", "handout_revisions", "scene_versions"]
)
def test_a_frozen_row_cannot_be_replaced_through_its_other_key(
    made: Made, name: str, is_sqlite: bool
) -> None:
    """The second row with a plan's code, or with a revision's number."""
    statement = insert(table(name)).values(frozen_row(name) | {"id": uuid4()})
    if is_sqlite:
        refused(name, statement.prefix_with("OR REPLACE"))
    else:
        refused(name, statement, because=f"{REFUSAL}|duplicate key")


def test_a_row_of_a_draft_cannot_take_the_key_of_a_frozen_one(made: Made, is_sqlite: bool) -> None:
    way, because = ("OR REPLACE", REFUSAL) if is_sqlite else ("", "duplicate key")
    draft_id, approved = draft_of(made), frozen_row("plan_revisions")
    own = {
        "prescriptions": table("prescriptions").c.revision_id == draft_id,
        "plan_revisions": table("plan_revisions").c.id == draft_id,
    }
    for name, where in own.items():
        row = frozen_row(name)
        statement = update(table(name)).where(where).values(id=row["id"]).prefix_with(way)
        refused(name, statement, because=because)
        if is_sqlite:
            at, column = rowid_of(name, row), "revision_id" if "revision_id" in row else "id"
            moved = f"SET rowid = {at} WHERE {column} = '{draft_id.hex}'"
            refused(name, f"UPDATE OR REPLACE {name} {moved}")
    taken = {key: approved[key] for key in ("number", "approved_at", "approved_by", "told")}
    revise = update(PlanRevision).where(PlanRevision.id == draft_id).values(taken)
    refused("plan_revisions", revise.prefix_with(way), because=because)


def test_emptying_a_parent_empties_no_guarded_table(made: Made, is_sqlite: bool) -> None:
    before = [rows_of(name) for name in EVERY]
    for parent in ("accounts", "exercises", "handouts", "patients"):
        if is_sqlite:
            refused(parent, f"DELETE FROM {parent}", because="FOREIGN KEY")
        else:
            refused(parent, f"DELETE FROM {parent}", because="foreign key")
            refused(parent, f"TRUNCATE {parent} CASCADE")
    assert [rows_of(name) for name in EVERY] == before


@pytest.mark.parametrize("name", ["prescriptions", "approval_answers"])
def test_no_row_can_be_put_into_an_approved_revision(made: Made, name: str) -> None:
    row = frozen_row(name)
    if "id" in row:
        refused(name, insert(table(name)).values(row | {"id": uuid4()}))
    else:
        refused(name, insert(table(name)).values(row))


def test_no_row_can_be_moved_into_or_out_of_an_approved_revision(made: Made) -> None:
    approved, draft_id = frozen_row("plan_revisions"), draft_of(made)
    move = update(Prescription)
    out = move.where(Prescription.revision_id == approved["id"]).values(revision_id=draft_id)
    into = move.where(Prescription.revision_id == draft_id).values(revision_id=approved["id"])
    refused("prescriptions", out)
    refused("prescriptions", into)
    refused("approval_answers", update(table("approval_answers")).values(revision_id=draft_id))


def test_no_revision_is_born_approved(made: Made) -> None:
    row = frozen_row("plan_revisions") | {"id": uuid4(), "number": 7}
    refused("plan_revisions", insert(table("plan_revisions")).values(row))


def test_an_approved_revision_cannot_become_a_draft_again(made: Made) -> None:
    back = {"number": None, "approved_at": None, "approved_by": None, "told": None}
    statement = update(PlanRevision).where(PlanRevision.number == 1).values(back)
    refused("plan_revisions", statement)


def test_a_draft_stays_editable(made: Made) -> None:
    draft_id = draft_of(made)
    of_draft = Prescription.revision_id == draft_id
    row = frozen_row("prescriptions") | {"id": uuid4(), "revision_id": draft_id}
    allowed(update(Prescription).where(of_draft).values(note="Slowly."))
    allowed(delete(Prescription).where(of_draft))
    allowed(insert(Prescription).values(row))
    mine = PlanRevision.id == draft_id
    allowed(update(PlanRevision).where(mine).values(title="Other", version=9))


def test_what_is_only_added_to_can_be_added_to(made: Made) -> None:
    for name in ("audit", "plan_events", "warning_answers"):
        row = frozen_row(name)
        row = {k: v for k, v in row.items() if k != "seq"} | (
            {"id": uuid4()} if "id" in row else {}
        )
        if "chain_id" in row:
            row["chain_id"] = uuid4()
        allowed(insert(table(name)).values(row))


@dataclass
class Attempt:
    """A statement in a thread of its own; ``error`` is what the database said to it."""

    app: Flask
    statement: Executable
    error: Exception | None = None

    def run(self) -> None:
        with self.app.app_context(), db.engine.connect() as connection:
            try:
                connection.execute(self.statement)
                connection.commit()
            except DBAPIError as error:
                self.error = error


def test_no_row_slips_in_while_an_approval_is_under_way(
    app: Flask, made: Made, is_sqlite: bool
) -> None:
    if is_sqlite:
        return  # it has one writer at a time
    draft_id = draft_of(made)
    row = frozen_row("prescriptions") | {"id": uuid4(), "revision_id": draft_id}
    attempt = Attempt(app, insert(Prescription).values(row))
    approval = {"number": 2, "approved_at": now(), "approved_by": made.by.id, "told": {}}
    with db.engine.connect() as connection:
        mine = update(PlanRevision).where(PlanRevision.id == draft_id)
        connection.execute(mine.values(approval))
        thread = threading.Thread(target=attempt.run)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it did not wait for the approval"
        connection.commit()
        thread.join()
    assert REFUSAL in str(attempt.error)
