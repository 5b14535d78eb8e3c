"""The tests' application: the real migrations, a real database of its own for every test."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import create_app, migrating
from app.accounts import passwords
from app.config import Settings
from app.database import db
from app.sqlite import SqliteConnection
from tests.access_world import Furnished, World, furnish_database
from tests.application import Application
from tests.browser.chromium import find_chromium, launch
from tests.databases import Databases, make_databases
from tests.factories import Cast, CastMember, find_cast, make_cast, sign_in_token
from tests.support import TestClock, make_settings
from tests.visitor import Visitor


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database that every test runs on",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what no database changes: the run on SQLite has shown it.

    That is every test without a database, and those marked ``looks`` (axe, sizes, paper, scripts:
    what they ask of the database is asked by HTTP, too). The whole story is told on both.
    """
    if config.getoption("--database") == "sqlite":
        return
    needless = [
        item
        for item in items
        if "databases" not in getattr(item, "fixturenames", ()) or item.get_closest_marker("looks")
    ]
    if needless:
        config.hook.pytest_deselected(items=needless)
        left_out = set(needless)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What is loaded by now stays; a collector that looks at it again and again costs a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def databases(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    kind = pytestconfig.getoption("--database")
    with make_databases(kind, tmp_path_factory.mktemp("databases")) as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every test has an application of its own; they share the compiled templates."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with patch.object(Flask, "jinja_options", {"bytecode_cache": cache}):
        yield


@pytest.fixture(scope="session", autouse=True)
def hurried_databases() -> Iterator[None]:
    """What a power cut would lose is of no use to a test, so SQLite need not wait for the disk.

    The tests' PostgreSQL does not wait either: tests/postgres.py.
    """

    def hurry(connection: Any, _record: Any) -> None:
        if isinstance(connection, SqliteConnection):
            connection.execute("PRAGMA synchronous=OFF")

    event.listen(Engine, "connect", hurry)
    yield
    event.remove(Engine, "connect", hurry)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """A hash is made to be slow; thousands of sign-ins need not wait for it."""
    cheap = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    with patch.object(passwords, "_hasher", cheap):
        yield


@pytest.fixture(scope="session")
def template_database(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Migrated, with the catalogue, the handout and the cast: what every test starts from."""
    url = databases.create()
    app = create_app(make_settings(url, tmp_path_factory.mktemp("template")), TestClock())
    migrating.enable(app)
    with app.app_context():
        upgrade()
        make_cast()
        db.session.remove()
        db.engine.dispose()
    return url


@pytest.fixture
def clock() -> TestClock:
    """The application's clock; a test moves it by hand."""
    return TestClock()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for all tests of a run."""
    find_chromium()
    with sync_playwright() as playwright:
        browser = launch(playwright, tmp_path_factory.mktemp("home"))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def application(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Application:
    made = Application(template_database, tmp_path_factory.mktemp("application"))
    made.move_out()
    return made


@pytest.fixture(scope="session")
def furnished(
    template_database: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Furnished:
    """The cast, and two patients with full records: see tests/access_world.py."""
    url = databases.create(template_database)
    app = create_app(make_settings(url, tmp_path_factory.mktemp("furnished")), TestClock())
    return furnish_database(app, url)


@pytest.fixture
def world(app: Flask, furnished: Furnished) -> World:
    """The application with two furnished patients, for requests that change something."""
    return furnished.world(app)


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    application: Application,
    template_database: str,
    databases: Databases,
    tmp_path: Path,
    clock: TestClock,
) -> Iterator[Flask]:
    """The application on a database of this test's own. To add routes: ``own_app``."""
    is_furnished = "world" in request.fixturenames
    start = request.getfixturevalue("furnished").url if is_furnished else template_database
    url = databases.create(start)
    yield application.move_in(url, tmp_path, clock)
    application.move_out()
    databases.drop(url)


@pytest.fixture
def own_app(
    template_database: str, databases: Databases, tmp_path: Path, clock: TestClock
) -> Iterator[Flask]:
    """An application that no other test sees, to be altered."""
    url = databases.create(template_database)
    app = create_app(make_settings(url, tmp_path), clock)
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["homestretch_settings"]
    return found


@pytest.fixture
def in_app(app: Flask) -> Callable[[], AbstractContextManager[object]]:
    """An application context, for reading the database beside the browser."""
    return app.app_context


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Ada (admin), Theo and Tess (therapists), Pia (Theo's patient), Paul (Tess's)."""
    with app.app_context():
        return find_cast()


@pytest.fixture
def visit(app: Flask) -> Callable[[CastMember | None], Visitor]:
    """``visit(cast.theo)`` is a browser in which Theo is signed in; ``visit(None)`` a stranger."""

    def open_browser(member: CastMember | None = None) -> Visitor:
        token = None
        if member:
            with app.app_context():
                token = sign_in_token(member)
        return Visitor(app, token)

    return open_browser


@pytest.fixture
def ada(visit: Callable[[CastMember | None], Visitor], cast: Cast) -> Visitor:
    return visit(cast.ada)


@pytest.fixture
def theo(visit: Callable[[CastMember | None], Visitor], cast: Cast) -> Visitor:
    return visit(cast.theo)


@pytest.fixture
def empty_app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without tables."""
    url = databases.create()
    app = create_app(make_settings(url, tmp_path), TestClock())
    migrating.enable(app)
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)
