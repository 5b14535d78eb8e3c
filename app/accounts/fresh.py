"""Before a password, an address or a second factor is changed: who is there, asked once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import signed_in_person
from app.accounts.rules import is_fresh
from app.clock import now


def freshly_signed_in(view: Callable[..., ResponseReturnValue]) -> Callable[..., Any]:
    """Send whoever signed in a while ago to /account/confirm first, and back here."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        verified_at = signed_in_person().verified_at
        sending = request.method == "POST"
        if verified_at is None or not is_fresh(verified_at, now(), sending=sending):
            return redirect(url_for("accounts.confirm", next=request.path), 303)
        return view(*args, **kwargs)

    return asked
