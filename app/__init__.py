"""Homestretch: home exercise plans that a therapist approves, exercise by exercise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    access,
    cli,
    database,
    failures,
    language,
    migrating,
    requestlog,
    responses,
    static_files,
    templating,
)
from app.access import SignedIn
from app.accounts import routes as accounts
from app.accounts.rules import PATIENT_ABSOLUTE
from app.accounts.sessions import find_signed_in
from app.audit.appending import check_key
from app.catalogue import routes as catalogue
from app.clock import now, read_clock
from app.config import ROOT, Settings, SettingsError
from app.database import db
from app.forms import FormRequest, FormsProtection
from app.home import navigation
from app.home import routes as home
from app.patients import routes as patients
from app.plans import routes as plans
from app.seeding import refuse_demo_people

FEATURES = (home.pages, accounts.pages, catalogue.pages, patients.pages, plans.pages)


def create_app(
    settings: Settings | None = None, clock: Callable[[], datetime] = read_clock
) -> Flask:
    """The application. The only function that knows every feature."""
    settings = settings or Settings.load()
    app = Flask(
        "app",
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(settings.instance_dir),
    )
    app.request_class = FormRequest
    app.jinja_environment = templating.QuickEnvironment
    app.config.from_mapping(_flask_config(settings))
    app.extensions["homestretch_settings"] = settings
    app.extensions["homestretch_clock"] = clock

    requestlog.init_app(app)
    responses.init_app(app, settings)
    database.init_app(app, settings.database_url)
    migrating.init_app(app)
    access.init_app(app)
    FormsProtection(app)
    _sign_people_in(app)
    language.init_app(app, zone=settings.time_zone.key)
    templating.init_app(app)
    failures.init_app(app)
    static_files.init_app(app)
    navigation.init_app(app)
    for pages in FEATURES:
        app.register_blueprint(pages)
    cli.init_app(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]  # Flask's documented way to add middleware
    return app


def serve() -> Flask:
    """The application for patients' real data: weak settings are refused with a sentence, and so
    are a demonstration's people and a key that is not the one of this database's audit."""
    try:
        app = create_app(Settings.load_for_serving())
        with app.app_context(), db.engine.connect() as connection:
            check_key(connection)
            refuse_demo_people(connection)
    except SettingsError as error:
        raise SystemExit(f"Error: {error}") from error
    return app


class _SessionsOnly(LoginManager):  # type: ignore[misc]  # Flask-Login has no type hints
    """Without Flask-Login's other cookie, by which people are signed in again."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


def _sign_people_in(app: Flask) -> None:
    manager = _SessionsOnly(app)
    manager.session_protection = None

    def load_person(token: str) -> SignedIn | None:
        return find_signed_in(token, now())

    manager.user_loader(load_person)


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SESSION_COOKIE_NAME": "__Host-homestretch" if settings.secure else "homestretch",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": PATIENT_ABSOLUTE,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 3000,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(ROOT, "translations")),
    }
