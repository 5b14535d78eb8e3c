"""What every response carries: the security headers, and no cache but the person's own eyes."""

from __future__ import annotations

from flask import Flask, g
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.sessions import touch_session
from app.clock import now
from app.config import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask, settings: Settings) -> None:
    """Headers on every response, and a session kept alive by it."""

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response

    @app.after_request
    def keep_session_alive(response: Response) -> Response:
        if "_login_user" in g and current_user.is_authenticated:
            touch_session(current_user._get_current_object(), now())
        return response
