"""The declarative base, the session, and how a transaction begins on SQLite and PostgreSQL.

A transaction writes unless it stands in ``reading_only()``. On SQLite a writing transaction
is BEGIN IMMEDIATE, so that what it read is still true when it writes; a reading one is plain
BEGIN with ``query_only``, so that it cannot turn into a writing one half way. On PostgreSQL a
reading one is READ ONLY REPEATABLE READ: in both, a page shows one moment.

What a connection to SQLite does for it: app/sqlite.py.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVarTuple, cast

import psycopg
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Row, Select, event
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, registry

from app.sqlite import SqliteConnection

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Columns = TypeVarTuple("Columns")

_WRITES = "homestretch_writes"  # execution option: this connection writes, whatever the request

_reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant: takes aware datetimes of any zone, gives aware UTC, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone; this datetime has none")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant = cast("datetime", value)
        # SQLite keeps no zone; what stands there is UTC, because nothing else was let in.
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class Base(DeclarativeBase):
    # A registry, because Flask-SQLAlchemy copies this class and would declare its parts twice.
    registry = registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={uuid.UUID: sa.Uuid(), datetime: UtcDateTime(), date: sa.Date()},
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    # The view commits last and then only needs an id for its redirect: reading that again
    # would open a second writing transaction for nothing.
    session_options={"expire_on_commit": False},
)


def init_app(app: Flask, url: str) -> None:
    """Connect the app to its database; its GET and HEAD requests are ``reading_only()``."""
    options = engine_options(url)
    app.config["SQLALCHEMY_DATABASE_URI"] = options.pop("url")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    app.wsgi_app = _ReadingRequests(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to add middleware


class _ReadingRequests:
    """Puts ``reading_only()`` around every request that may change nothing."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD", "OPTIONS"}:
            return self._inner(environ, start_response)
        with reading_only():
            return self._inner(environ, start_response)


@contextmanager
def reading_only() -> Iterator[None]:
    """Transactions begun in here cannot write.

    A write is refused by the database (sqlalchemy.exc.OperationalError or InternalError).
    A transaction that had begun before keeps what it was.
    """
    token = _reading_only.set(True)
    try:
        yield
    finally:
        _reading_only.reset(token)


@contextmanager
def writing() -> Iterator[Session]:
    """A short session of its own, committed at the end, whatever becomes of ``db.session``.

    For what must stay when the request is refused: the refusal's audit row, a session's last
    touch. It works within ``reading_only()`` too. On SQLite there is one writer at a time, so
    roll ``db.session`` back first if its transaction may be a writing one (any request but GET
    and HEAD). Otherwise the first statement raises RuntimeError, where it would wait for itself.
    """
    with Session(db.engine.execution_options(**{_WRITES: True})) as session, session.begin():
        yield session


def read_rows(
    statement: Select[*Columns], values: Mapping[str, object] | None = None
) -> Sequence[Row[*Columns]]:
    """Rows of columns, in the transaction of ``db.session``, without what the ORM does around them.

    For what a page only reads, and reads often.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values).all()


def note_statistics(connection: Connection) -> None:
    """Let SQLite count its tables, so that it finds the shortest way; PostgreSQL does by itself.

    Without, it looks at every patient of a therapist before it asks which of them have a plan. It
    reads some hundred rows of each index, however many there are.
    """
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("PRAGMA analysis_limit=400")
    connection.exec_driver_sql("ANALYZE")


def engine_options(url: str) -> dict[str, Any]:
    """SQLALCHEMY_ENGINE_OPTIONS for ``sqlite:////path/to/file.db`` or ``postgresql://…``."""
    parsed = make_url("postgresql" + url[8:] if url.startswith("postgres:") else url)
    # Parameters are what people typed, and errors are logged.
    options: dict[str, Any] = {"url": parsed, "hide_parameters": True}
    # Last in, first out: a second connection is rarely used, and its cache stays small.
    pool = {"pool_timeout": 5, "pool_use_lifo": True}
    match parsed.get_backend_name():
        case "sqlite":
            on_disk = parsed.database not in {None, "", ":memory:"}
            options |= {"connect_args": {"factory": SqliteConnection}} | (pool if on_disk else {})
        case "postgresql":
            settings = "-c statement_timeout=5000 -c lock_timeout=2000 -c timezone=UTC"
            # Pages read a few rows each, by index, from memory or a disk that does not turn. At the
            # usual 4, a caseload's rows are found by reading a whole table of 100,000 patients.
            settings += " -c random_page_cost=1.1"
            options |= {
                "url": parsed.set(drivername="postgresql+psycopg"),
                "connect_args": {"options": settings},
                "pool_pre_ping": True,
                **pool,
            }
        case other:
            raise ValueError(f"no such database here: {other}; use sqlite or postgresql")
    return options


def tune(engine: Engine) -> None:
    """Let transactions of this engine begin as this module says. Once for each engine."""
    event.listen(engine, "begin", _begin)
    _tuned_engines.add(engine)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, not _reading_only.get())
    raw = connection.connection.driver_connection
    if isinstance(raw, SqliteConnection):
        try:
            raw.begin(writes=writes)
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                "BEGIN", None, error, sqlite3.Error, dialect=connection.dialect
            ) from error
    elif isinstance(raw, psycopg.Connection):
        raw.read_only = not writes
        raw.isolation_level = None if writes else psycopg.IsolationLevel.REPEATABLE_READ


_tuned_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _close_idle_connections() -> None:
    for engine in _tuned_engines:
        engine.dispose()


# A database connection must not be used on both sides of a fork (gunicorn --preload forks).
os.register_at_fork(before=_close_idle_connections)
