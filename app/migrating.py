"""The database's migrations. Alembic takes as long to import as all else, and serving needs none
of it: so it is enabled only for commands."""

from __future__ import annotations

import os

from flask import Flask

from app.config import ROOT
from app.database import db


def init_app(app: Flask) -> None:
    if "FLASK_RUN_FROM_CLI" in os.environ:
        enable(app)


def enable(app: Flask) -> None:
    """Make ``flask_migrate.upgrade()`` and its kin work for this application."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(ROOT / "migrations"))
