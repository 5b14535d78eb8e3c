"""The keys that this server signs with: today's first, then those it had before."""

from __future__ import annotations

from flask import current_app


def signing_keys() -> list[str]:
    former = current_app.config.get("SECRET_KEY_FALLBACKS") or ()
    return [str(current_app.config["SECRET_KEY"]), *former]
