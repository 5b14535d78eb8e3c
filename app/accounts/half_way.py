"""Between the password and the second factor: a browser that is half signed in opens nothing."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, signed_in_person
from app.accounts import sessions
from app.accounts.entering import enter
from app.accounts.models import Account
from app.accounts.rules import HALF_WAY_FOR, is_staff
from app.accounts.second_factor import has_second_factor
from app.accounts.service import find_account
from app.accounts.showing import settings
from app.clock import now
from app.database import db
from app.redirects import safe_path

HALF = "half way"
SECRET = "new secret"  # noqa: S105  # the name of a part of the cookie
CODES = "new codes"
QUESTION = "passkey question"


def enter_or_ask(
    account: Account, then: str | None = None, *, own_device: bool = False
) -> Response:
    """Sign in ``account``, who knows the password, or ask for the second factor first."""
    known = has_second_factor(account.id)
    if settings().demo or not (known or is_staff(account.roles)):
        return enter(account, then, own_device=own_device)
    if signed_in():
        sessions.sign_out(signed_in_person(), now())
    db.session.commit()
    session.clear()
    session[HALF] = {
        "account": account.id.hex,
        "password": _stamp(account),
        "at": now().isoformat(),
        "then": safe_path(then),
        "own": own_device,
    }
    return redirect(url_for("accounts.code" if known else "accounts.set_up"), 303)


def who_is_half_way() -> Account | None:
    """Who gave the right password on this browser a moment ago."""
    half = session.get(HALF)
    if half is None or now() - datetime.fromisoformat(half["at"]) >= HALF_WAY_FOR:
        return None
    account = find_account(UUID(half["account"]))
    if account is None or account.disabled_at or half["password"] != _stamp(account):
        return None
    return account


def go_all_the_way(account: Account) -> Response:
    """The second factor was right, too."""
    half = session[HALF]
    return enter(account, half["then"], own_device=half["own"])


def _stamp(account: Account) -> str:
    """A changed password ends what was begun with the former one."""
    return sha256(account.password_hash.encode()).hexdigest()[:16]
