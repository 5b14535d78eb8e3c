"""One JSON line a request on standard error: ids, route and time, never names, texts or tokens."""

from __future__ import annotations

import json
import logging
import secrets
import sys
from time import perf_counter

from flask import Flask, g, request
from flask_login import current_user
from werkzeug.wrappers import Response

log = logging.getLogger("homestretch.requests")


def init_app(app: Flask) -> None:
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
        log.propagate = False
    log.setLevel(logging.INFO)

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        line = {
            "request": g.get("request_id", ""),
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "ms": round((perf_counter() - g.get("began", perf_counter())) * 1000, 1),
            "person": str(current_user.id) if _is_known() else None,
        }
        log.info(json.dumps(line))
        return response


def _is_known() -> bool:
    """Whether this request already asked who it is from; the log never asks the database."""
    return "_login_user" in g and bool(current_user.is_authenticated)
