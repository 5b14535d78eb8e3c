"""Styles, scripts and pictures: served by WhiteNoise, named with a version so they cache well."""

from __future__ import annotations

import hashlib
from functools import cache
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from app.config import ROOT
from app.responses import HEADERS

STATIC = ROOT / "static"
ONE_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way to add middleware
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        max_age=ONE_YEAR,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    app.jinja_env.globals["asset"] = asset


@cache
def asset(path: str) -> str:
    """The address of ``static/<path>``; it changes whenever the file does."""
    version = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={version}"


def _add_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
