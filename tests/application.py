"""One application for all tests of a run. Each test gets it as new, on a database of its own.

To make an application costs a tenth of a second (routes, templates), and its first statements as
much again (SQLAlchemy keeps what it compiled with the engine). Thousands of tests need neither.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from app import create_app
from app.audit import looks
from app.database import db, engine_options
from tests.support import TestClock, make_settings


class Application:
    """``app``, which moves from database to database. Nobody adds routes or hooks to it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.app = create_app(make_settings(url, folder), TestClock())
        self.app.testing = True
        self._wsgi_app = self.app.wsgi_app
        self._extensions = dict(self.app.extensions)
        self._config = dict(self.app.config)
        self._url = url
        self._pools: dict[str, QueuePool] = {}
        with self.app.app_context():
            self._engine = db.engine
        event.listen(self._engine, "do_connect", self._connect_there)

    def move_in(self, url: str, folder: Path, clock: TestClock) -> Flask:
        """The application with the database at ``url``, remembering nothing of another test."""
        app, kept = self.app, self._extensions
        self._url, self._engine.url = url, engine_options(url)["url"]
        kept_open = self._pools.pop(url, None)
        self._engine.pool = kept_open or self._engine.pool.recreate()
        with app.app_context():  # whoever listens to this one is gone with it
            db.engines[None] = self._engine.execution_options()  # type: ignore[index]  # a dict
        app.wsgi_app = self._wsgi_app  # type: ignore[method-assign]  # browser tests wrap it
        for mapping, values in ((app.config, self._config), (app.extensions, kept)):
            mapping.clear()
            mapping.update(values)
        app.extensions["homestretch_settings"] = make_settings(url, folder)
        app.extensions["homestretch_clock"] = clock
        looks.init_app(app)
        return app

    def move_out(self) -> None:
        """Leave the database alone.

        A PostgreSQL process has read the catalogue and planned the statements: a copy that is used
        again finds it as it was. One that still does something is ended with its database.
        """
        pool = self._engine.pool
        is_kept = self._engine.dialect.name == "postgresql"
        if is_kept and isinstance(pool, QueuePool) and not pool.checkedout():
            self._pools[self._url] = pool
        else:
            pool.dispose()

    def _connect_there(self, dialect: Any, _record: Any, where: list[Any], how: Any) -> None:
        """SQLAlchemy's hook just before it connects: the address that is current."""
        place, options = dialect.create_connect_args(make_url(self._engine.url))
        where[:] = place
        how.update(options)
