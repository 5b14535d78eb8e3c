"""What somebody can do to the audit who has the database, but not the key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.database import db

TABLES = ("audit", "audit_heads")
THIRD = "chain_id = :pia AND position = 3"
EDITS = {
    "at": "'2020-01-01 00:00:00'",
    "actor_id": "NULL",
    "roles": "'admin'",
    "session_id": ":pia",
    "ip": "'10.0.0.1'",
    "request_id": "'another'",
    "action": "'look'",
    "object_kind": "'plan'",
    "object_id": "NULL",
    "patient_id": "NULL",
    "emergency_id": ":pia",
    "outcome": "'refused'",
    "reason": "'because'",
    "changed": "'[\"birth_date\"]'",
    "mac": ":zeros",
}
"""Column -> another value for it."""

MOVED = {
    "a row was removed": (
        [f"DELETE FROM audit WHERE {THIRD}"],
        "row 3 was removed",
    ),
    "two rows were removed": (
        ["DELETE FROM audit WHERE chain_id = :pia AND position IN (2, 3)"],
        "rows 2 to 3 were removed",
    ),
    "a row was removed and the gap closed": (
        [
            f"DELETE FROM audit WHERE {THIRD}",
            "UPDATE audit SET position = position - 1 WHERE chain_id = :pia AND position = 4",
            "UPDATE audit SET position = position - 1 WHERE chain_id = :pia AND position = 5",
        ],
        "row 3 (seq",
    ),
    "two rows changed places": (
        [
            "UPDATE audit SET position = 99 WHERE chain_id = :pia AND position = 2",
            "UPDATE audit SET position = 2 WHERE chain_id = :pia AND position = 3",
            "UPDATE audit SET position = 3 WHERE chain_id = :pia AND position = 99",
        ],
        "was altered, or is not ours",
    ),
    "two rows changed their numbers": (
        [
            "UPDATE audit SET seq = -seq WHERE chain_id = :pia AND position IN (2, 3)",
            "UPDATE audit SET seq = (SELECT -o.seq FROM audit o WHERE o.chain_id = :pia"
            " AND o.position = 5 - audit.position) WHERE chain_id = :pia AND position = 2",
            "UPDATE audit SET seq = 1000000 WHERE chain_id = :pia AND position = 3",
        ],
        "does not stand where it was written",
    ),
    "the end was cut off": (
        ["DELETE FROM audit WHERE chain_id = :pia AND position > 3"],
        "2 rows were cut off its end",
    ),
    "the end was cut off, and the head set back": (
        [
            "DELETE FROM audit WHERE chain_id = :pia AND position > 3",
            "UPDATE audit_heads SET position = 3, last = (SELECT mac FROM audit"
            f" WHERE {THIRD}) WHERE chain_id = :pia",
        ],
        "its head was altered",
    ),
    "the seal of a row is no seal of a head": (
        [
            "DELETE FROM audit WHERE chain_id = :pia AND position > 3",
            "UPDATE audit_heads SET position = 3, last = (SELECT prev FROM audit"
            f" WHERE {THIRD}), mac = (SELECT mac FROM audit WHERE {THIRD}) WHERE chain_id = :pia",
        ],
        "its head was altered",
    ),
    "the head was removed": (
        ["DELETE FROM audit_heads WHERE chain_id = :pia"],
        "its head was removed",
    ),
    "all rows were removed": (
        ["DELETE FROM audit WHERE chain_id = :pia"],
        "all of its rows were removed",
    ),
    "all rows about a patient were removed, and the head": (
        [
            "DELETE FROM audit WHERE chain_id = :pia",
            "DELETE FROM audit_heads WHERE chain_id = :pia",
        ],
        "all of its rows were removed",
    ),
}
"""What is done -> its statements, and what is said of it."""


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
