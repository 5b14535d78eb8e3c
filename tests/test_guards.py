"""What was approved, published or recorded stays: the database itself refuses every way round."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Executable, Table, and_, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from app.clock import now
from app.database import Base, db
from app.plans.models import PlanRevision, Prescription
from tests.factories import Cast
from tests.plans.made import Made, make_approved, note_knee_pain

KEPT = (
    "audit",
    "exercise_revisions",
    "handout_revisions",
    "plan_events",
    "plans",
    "warning_answers",
)
FROZEN = ("plan_revisions", "prescriptions", "approval_answers")
EVERY = (*KEPT, *FROZEN)
REFUSAL = "what was approved or recorded never changes"


@pytest.fixture
def made(app: Flask, cast: Cast) -> Iterator[Made]:
    """An approved plan with an answered warning and an end, and a draft of its next revision."""
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
        made = make_approved(cast.theo, cast.pia)
        made.end()
        made.change()
        yield made
        db.session.rollback()


@pytest.fixture
def is_sqlite(made: Made) -> bool:
    return db.engine.dialect.name == "sqlite"


def table(name: str) -> Table:
    return Base.metadata.tables[name]


def rows_of(name: str) -> list[str]:
    with db.engine.connect() as connection:
        return sorted(map(repr, connection.execute(select(table(name)))))


def frozen_row(name: str) -> dict[str, Any]:
    """A row that may never change again."""
    of = table(name)
    statement = select(of)
    if name == "plan_revisions":
        statement = statement.where(of.c.number.is_not(None))
    elif "revision_id" in of.c:
        approved = select(PlanRevision.id).where(PlanRevision.number.is_not(None))
        statement = statement.where(of.c.revision_id.in_(approved))
    with db.engine.connect() as connection:
        return dict(connection.execute(statement.limit(1)).mappings().one())


def its_key(name: str, row: Mapping[str, Any]) -> Any:
    return and_(*(column == row[column.name] for column in table(name).primary_key))


def refused(name: str, statement: Executable | str) -> None:
    """The database says no in so many words, and the table is as it was."""
    before = rows_of(name)
    with db.engine.connect() as connection:
        said = text(statement) if isinstance(statement, str) else statement
        with pytest.raises(DBAPIError, match=REFUSAL):
            connection.execute(said)
        connection.rollback()
    assert rows_of(name) == before


def draft_of(made: Made) -> UUID:
    found = made.draft.id
    db.session.rollback()
    return found


def done(statement: Executable) -> int:
    """The database lets it happen; it is taken back again."""
    with db.engine.connect() as connection:
        count = connection.execute(statement).rowcount
        connection.rollback()
    return int(count)


def test_every_table_that_is_guarded_has_rows_here(made: Made) -> None:
    assert {name: len(rows_of(name)) > 0 for name in EVERY} == dict.fromkeys(EVERY, True)


@pytest.mark.parametrize("name", EVERY)
def test_no_column_of_a_frozen_row_can_be_updated(made: Made, name: str) -> None:
    of, row = table(name), frozen_row(name)
    for column in of.c:
        refused(name, update(of).where(its_key(name, row)).values({column: column}))


@pytest.mark.parametrize("name", EVERY)
def test_all_rows_at_once_cannot_be_updated_or_deleted(made: Made, name: str) -> None:
    first = next(iter(table(name).c)).name
    refused(name, f'UPDATE {name} SET "{first}" = "{first}"')
    refused(name, f"DELETE FROM {name}")


@pytest.mark.parametrize("name", EVERY)
def test_a_frozen_row_cannot_be_deleted(made: Made, name: str) -> None:
    refused(name, delete(table(name)).where(its_key(name, frozen_row(name))))


@pytest.mark.parametrize("name", EVERY)
def test_a_frozen_row_cannot_be_overwritten_by_an_insert(
    made: Made, name: str, is_sqlite: bool
) -> None:
    of, row = table(name), frozen_row(name)
    upsert = (sqlite if is_sqlite else postgresql).insert(of).values(row)
    keys = list(of.primary_key)
    refused(name, upsert.on_conflict_do_update(index_elements=keys, set_={keys[0]: keys[0]}))
    if is_sqlite:
        refused(name, insert(of).values(row).prefix_with("OR REPLACE"))


@pytest.mark.parametrize("name", EVERY)
def test_a_frozen_row_cannot_be_overwritten_by_its_hidden_rowid(
    made: Made, name: str, is_sqlite: bool
) -> None:
    if not is_sqlite:
        pytest.skip("PostgreSQL has no rowid")
    of, row = table(name), frozen_row(name)
    fresh = row | {column.name: uuid4() for column in of.primary_key if column.name != "seq"}
    with db.engine.connect() as connection:
        rowid = connection.scalar(select(text("rowid")).select_from(of).where(its_key(name, row)))
    columns = ", ".join(f'"{column.name}"' for column in of.c)
    source = ", ".join(f":{column.name}" for column in of.c)
    statement = text(
        f"INSERT OR REPLACE INTO {name} (rowid, {columns}) VALUES ({rowid}, {source})"
    ).bindparams(*(bindparam(key, value, type_=of.c[key].type) for key, value in fresh.items()))
    refused(name, statement)


@pytest.mark.parametrize("name", ["plans", "plan_revisions"])
def test_a_frozen_row_cannot_be_replaced_through_its_other_key(
    made: Made, name: str, is_sqlite: bool
) -> None:
    if not is_sqlite:
        pytest.skip("PostgreSQL has no OR REPLACE")
    row = frozen_row(name) | {"id": uuid4()}
    refused(name, insert(table(name)).values(row).prefix_with("OR REPLACE"))


@pytest.mark.parametrize("name", ["exercise_revisions", "handout_revisions"])
def test_a_published_number_cannot_be_replaced(made: Made, name: str, is_sqlite: bool) -> None:
    if not is_sqlite:
        pytest.skip("PostgreSQL has no OR REPLACE")
    row = frozen_row(name) | {"id": uuid4(), "data": {}}
    refused(name, insert(table(name)).values(row).prefix_with("OR REPLACE"))


def test_a_drafts_rows_cannot_take_the_key_of_a_frozen_one(made: Made, is_sqlite: bool) -> None:
    if not is_sqlite:
        pytest.skip("PostgreSQL has no OR REPLACE")
    draft_id, frozen = draft_of(made), frozen_row("prescriptions")
    approved = frozen_row("plan_revisions")
    for name, where, key in (
        ("prescriptions", Prescription.revision_id == draft_id, frozen["id"]),
        ("plan_revisions", PlanRevision.id == draft_id, approved["id"]),
    ):
        replace = update(table(name)).prefix_with("OR REPLACE")
        refused(name, replace.where(where).values(id=key))
        with db.engine.connect() as connection:
            one = select(text("rowid")).select_from(table(name)).where(table(name).c.id == key)
            rowid = connection.scalar(one)
        own = f"revision_id = '{draft_id.hex}'" if name == "prescriptions" else "number IS NULL"
        refused(name, f"UPDATE OR REPLACE {name} SET rowid = {rowid} WHERE {own}")
    number = {key: approved[key] for key in ("number", "approved_at", "approved_by", "told")}
    statement = update(PlanRevision).prefix_with("OR REPLACE")
    refused("plan_revisions", statement.where(PlanRevision.id == draft_id).values(number))


@pytest.mark.parametrize("cascade", ["", " CASCADE"])
@pytest.mark.parametrize("name", EVERY)
def test_a_guarded_table_cannot_be_truncated(
    made: Made, name: str, cascade: str, is_sqlite: bool
) -> None:
    if is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    children = any(
        key.column.table.name == name
        for other in Base.metadata.sorted_tables
        for key in other.foreign_keys
    )
    if children and not cascade:
        pytest.skip("PostgreSQL refuses it for its children already")
    refused(name, f"TRUNCATE {name}{cascade}")


@pytest.mark.parametrize("parent", ["accounts", "exercises", "handouts", "patients"])
def test_truncating_a_parent_empties_no_guarded_table(
    made: Made, parent: str, is_sqlite: bool
) -> None:
    if is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    before = [rows_of(name) for name in EVERY]
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
    assert done(update(Prescription).where(of_draft).values(note="Slowly.")) == 6
    assert done(delete(Prescription).where(of_draft)) == 6
    assert done(insert(Prescription).values(row)) == 1
    mine = PlanRevision.id == draft_id
    assert done(update(PlanRevision).where(mine).values(title="Other", version=9)) == 1


def test_what_is_only_added_to_can_be_added_to(made: Made) -> None:
    for name in ("audit", "plan_events", "warning_answers"):
        row = frozen_row(name)
        row = {k: v for k, v in row.items() if k != "seq"} | (
            {"id": uuid4()} if "id" in row else {}
        )
        assert done(insert(table(name)).values(row)) == 1


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
        pytest.skip("SQLite has one writer at a time")
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
