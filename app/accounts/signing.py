"""Signing in: the password first. Whoever cannot get in learns nothing from how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from app.accounts import rules
from app.accounts.limits import begin_try, give_back
from app.accounts.models import Account
from app.accounts.passwords import hash_password, needs_rehash, verify_password
from app.audit.service import About, Actor, record_refusal
from app.database import db

_PASSWORD_OF = select(Account.id, Account.password_hash).where(
    Account.email == bindparam("email"), Account.disabled_at.is_(None)
)


def check_password_of(
    email: str,
    password: str,
    now: datetime,
    *,
    devices: Mapping[UUID, str] | None = None,
    by: Actor | None = None,
) -> Account | None:
    """The account that ``password`` opens, locked; None is the same answer for every reason.

    ``devices`` are the people known on this browser: theirs are tries of their own, so that
    somebody else's do not keep them out. ``by`` is whoever is signed in already. Raises
    TooManyTries. The slow hash is done outside of any transaction, so that nobody waits for it.
    """
    email = rules.normal_email(email)
    known = db.session.execute(_PASSWORD_OF, {"email": email}).one_or_none()
    db.session.rollback()
    account_id = known.id if known else None
    device = (devices or {}).get(account_id) if account_id else None
    try:
        counted = begin_try("device" if device else "sign-in", device or email, now)
    except rules.TooManyTries:
        _record_refused(account_id, now, by, "too many tries")
        raise
    stored = (known.password_hash or None) if known else None
    if not verify_password(stored, password) or stored is None or account_id is None:
        _record_refused(account_id, now, by)
        return None
    rehashed = hash_password(password) if needs_rehash(stored) else stored
    give_back(counted)
    account = db.session.get_one(Account, account_id, with_for_update=True)
    if account.disabled_at is not None or account.password_hash != stored:
        _record_refused(account_id, now, by)
        return None
    account.password_hash = rehashed
    return account


def _record_refused(
    account_id: UUID | None,
    now: datetime,
    by: Actor | None,
    reason: str = "wrong e-mail or password",
) -> None:
    record_refusal("sign-in", About("account", account_id), by=by, now=now, reason=reason)
