"""What somebody can do to the audit who has the database, but not the key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.database import db

TABLES = ("audit", "audit_heads")


@contextmanager
def without_guards() -> Iterator[Connection]:
    """A transaction in which no trigger stands in the way; they are back after it."""
    db.session.rollback()
    writer = db.engine.connect()
    with writer as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            for table in TABLES:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            yield connection
            for table in TABLES:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        else:
            guards = connection.execute(
                text(
                    "SELECT name, sql FROM sqlite_master "
                    "WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_heads')"
                )
            ).all()
            for name, _sql in guards:
                connection.execute(text(f"DROP TRIGGER {name}"))
            yield connection
            for _name, sql in guards:
                connection.exec_driver_sql(sql)
