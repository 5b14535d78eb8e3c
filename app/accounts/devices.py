"""The browsers that somebody signed in on before: a stranger's wrong tries do not lock them out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from app.accounts.keys import signing_keys
from app.config import Settings

ONE_YEAR = 365 * 24 * 3600
MOST_PEOPLE = 5


def known_people() -> Mapping[UUID, str]:
    """Who signed in on this browser before, each with the name that the browser got for it."""
    try:
        found = _signer().loads(request.cookies.get(_cookie_name(), ""))
        return {UUID(person): str(name) for person, name in found}
    except (BadData, TypeError, ValueError):
        return {}


def remember(response: Response, account_id: UUID) -> None:
    """Let this browser be known as one that ``account_id`` signed in on."""
    known = dict(known_people())
    name = known.pop(account_id, None) or secrets.token_hex(16)
    newest = [*known.items(), (account_id, name)][-MOST_PEOPLE:]
    response.set_cookie(
        _cookie_name(),
        str(_signer().dumps([(person.hex, one) for person, one in newest])),
        max_age=ONE_YEAR,
        secure=_settings().secure,
        httponly=True,
        samesite="Lax",
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys()[::-1], salt="homestretch device")


def _cookie_name() -> str:
    return "__Host-device" if _settings().secure else "device"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["homestretch_settings"]
    return settings
