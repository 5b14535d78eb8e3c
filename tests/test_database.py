"""What app/database.py promises on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.database import UtcDateTime, db, engine_options, init_app, reading_only, writing

if TYPE_CHECKING:
    from tests.databases import Databases

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)

metadata = sa.MetaData()
visits = sa.Table(
    "visits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime()),
    sa.Column("after_id", sa.ForeignKey("visits.id")),
)


@pytest.fixture
def bare_app(databases: Databases) -> Iterator[Flask]:
    """An app that knows nothing but its database, in which there is one empty table."""
    url = databases.create()
    app = Flask("bare")
    init_app(app, url)
    with app.app_context():
        metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def add_visit(at: datetime | None = NOON) -> None:
    db.session.execute(visits.insert().values(at=at))


def count_visits() -> int:
    return db.session.execute(sa.select(sa.func.count()).select_from(visits)).scalar_one()


@pytest.mark.usefixtures("bare_app")
class TestTransactions:
    def test_a_reading_transaction_cannot_write(self) -> None:
        with reading_only():
            assert count_visits() == 0
            with pytest.raises(DBAPIError, match=r"readonly|read-only"):
                add_visit()
            db.session.rollback()
        add_visit()
        db.session.commit()
        assert count_visits() == 1

    def test_a_reading_transaction_sees_one_moment(self) -> None:
        with reading_only():
            assert count_visits() == 0
            with writing() as session:
                session.execute(visits.insert().values(at=NOON))
            assert count_visits() == 0
            db.session.rollback()
            assert count_visits() == 1

    def test_what_is_written_apart_outlives_the_request_that_is_rolled_back(self) -> None:
        add_visit()
        db.session.rollback()
        with writing() as session:
            session.execute(visits.insert().values(id=7, at=NOON))
        add_visit()
        db.session.rollback()
        assert db.session.execute(sa.select(visits.c.id)).scalars().all() == [7]

    def test_what_is_written_apart_is_all_or_nothing(self) -> None:
        def write_and_fail() -> None:
            with writing() as session:
                session.execute(visits.insert().values(at=NOON))
                raise RuntimeError("half way")

        with pytest.raises(RuntimeError, match="half way"):
            write_and_fail()
        assert count_visits() == 0

    def test_a_row_cannot_point_at_nothing(self) -> None:
        with pytest.raises(IntegrityError):
            db.session.execute(visits.insert().values(after_id=99))


@pytest.mark.parametrize(("method", "expected"), [("GET", False), ("HEAD", False), ("POST", True)])
def test_only_unsafe_requests_can_write(bare_app: Flask, method: str, expected: bool) -> None:
    outcome: list[bool] = []

    @bare_app.route("/visit", methods=["GET", "POST"])
    def visit() -> str:
        try:
            add_visit()
            db.session.commit()
        except DBAPIError:
            db.session.rollback()
            outcome.append(False)
        else:
            outcome.append(True)
        return ""

    bare_app.test_client().open("/visit", method=method)
    assert outcome == [expected]


def test_instants_come_back_in_utc(bare_app: Flask) -> None:
    vienna = timezone(timedelta(hours=1))
    add_visit(datetime(2026, 3, 3, 13, tzinfo=vienna))
    add_visit(None)
    db.session.commit()
    found = db.session.execute(sa.select(visits.c.at).order_by(visits.c.id)).scalars().all()
    assert found == [NOON, None]
    assert found[0] is not None
    assert found[0].tzinfo is UTC


def test_a_time_without_its_zone_is_refused(bare_app: Flask) -> None:
    with pytest.raises(StatementError, match="time zone"):
        add_visit(NOON.replace(tzinfo=None))


def test_errors_do_not_tell_what_people_typed(bare_app: Flask) -> None:
    with pytest.raises(DBAPIError) as failure:
        db.session.execute(sa.text("INSERT INTO visits (nowhere) VALUES (:v)"), {"v": "Pia"})
    assert "Pia" not in str(failure.value)


@pytest.mark.parametrize(
    "url",
    ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d", "postgresql+asyncpg://h/d"],
)
def test_every_way_to_write_postgresql_means_the_one_driver(url: str) -> None:
    assert engine_options(url)["url"].drivername == "postgresql+psycopg"


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        engine_options("mysql://h/d")


def test_the_server_ends_what_takes_too_long(bare_app: Flask, databases: Databases) -> None:
    if databases.kind == "sqlite":
        assert db.session.execute(sa.text("PRAGMA busy_timeout")).scalar_one() == 5000
    else:
        shown = [
            db.session.execute(sa.text(f"SHOW {name}")).scalar_one()
            for name in ("statement_timeout", "lock_timeout", "TimeZone")
        ]
        assert shown == ["5s", "2s", "UTC"]
