"""Trying the guards: statements that the database refuses, or lets happen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Executable, Table, and_, select, text
from sqlalchemy.exc import DBAPIError

from app.database import Base, db
from app.plans.models import PlanRevision

REFUSAL = "what was approved or recorded never changes"


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


def refused(name: str, statement: Executable | str, *, because: str = REFUSAL) -> None:
    """The database says no in so many words, and the table is as it was."""
    before = rows_of(name)
    with db.engine.connect() as connection:
        said = text(statement) if isinstance(statement, str) else statement
        with pytest.raises(DBAPIError, match=because):
            connection.execute(said)
        connection.rollback()
    assert rows_of(name) == before


def allowed(statement: Executable) -> None:
    """The database lets it happen; it is taken back again."""
    with db.engine.connect() as connection:
        assert connection.execute(statement).rowcount != 0
        connection.rollback()
