"""How a browser becomes somebody's: the cookie of their session, and the mark of a known device."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from app.access import signed_in, signed_in_person
from app.accounts import devices, sessions
from app.accounts.models import Account
from app.audit.service import About, record
from app.clock import now
from app.database import db
from app.redirects import safe_path


def enter(account: Account, then: str | None = None, *, own_device: bool = False) -> Response:
    """Sign in ``account``, who has shown all that is asked; go where they wanted to be.

    Whoever was signed in on this browser before is not any more.
    """
    if signed_in():
        sessions.sign_out(signed_in_person(), now())
    start_session(account, own_device=own_device)
    response = redirect(safe_path(then) or url_for("home.start"), 303)
    devices.remember(response, account.id)
    return response


def start_session(account: Account, *, own_device: bool = False) -> None:
    """A new session for this browser, committed with all that went before.

    On somebody's own device its cookie outlives the browser; how long it opens anything, the row
    says.
    """
    person = sessions.open_session(
        account, now(), user_agent=request.user_agent.string, own_device=own_device
    )
    record("sign-in", About("account", account.id), by=person, now=now())
    db.session.commit()
    session.clear()
    session.permanent = own_device
    login_user(person)
