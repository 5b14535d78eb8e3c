"""Signing in and out, and the people who may."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, bindparam, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from app.access import SignedIn
from app.accounts import rules
from app.accounts.emergencies import EmergencyAccess
from app.accounts.models import Account, SignIn
from app.accounts.passwords import hash_password, needs_rehash, verify_password
from app.audit.service import About, Actor, record, record_refusal
from app.database import db, writing
from app.errors import N_, RuleBroken
from app.paging import Page, fetch_page
from app.policy import Emergency, Role
from app.text import search_key

_BY_TOKEN = (
    select(
        Account.id,
        Account.email,
        Account.name,
        Account.roles,
        SignIn.id.label("session_id"),
        SignIn.created_at,
        SignIn.seen_at,
        EmergencyAccess.id.label("emergency_id"),
        EmergencyAccess.patient_id,
        EmergencyAccess.until,
    )
    .join(SignIn, SignIn.account_id == Account.id)
    .outerjoin(
        EmergencyAccess,
        and_(
            EmergencyAccess.session_id == SignIn.id,
            EmergencyAccess.ended_at.is_(None),
            EmergencyAccess.until > bindparam("now"),
        ),
    )
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.ended_at.is_(None),
        Account.disabled_at.is_(None),
    )
)


def find_signed_in(token: str, now: datetime) -> SignedIn | None:
    """Whoever holds this session's token, if the session is still alive."""
    row = db.session.execute(_BY_TOKEN, {"token_hash": _digest(token), "now": now}).one_or_none()
    if row is None or not rules.is_alive(row.roles, row.created_at, row.seen_at, now):
        return None
    emergency = Emergency(row.emergency_id, row.patient_id, row.until) if row.emergency_id else None
    return SignedIn(
        row.id, row.email, row.name, row.roles, row.session_id, token, row.seen_at, emergency
    )


def touch_session(person: SignedIn, now: datetime) -> None:
    """Note that the session is in use, at most once a minute, in a transaction of its own."""
    if now - person.seen_at >= rules.TOUCH_EVERY:
        with writing() as connection:
            connection.execute(
                update(SignIn).where(SignIn.id == person.session_id).values(seen_at=now)
            )


_PASSWORD_OF = select(Account.id, Account.password_hash).where(
    Account.email == bindparam("email"), Account.disabled_at.is_(None)
)


def sign_in(
    email: str, password: str, now: datetime, *, instead_of: SignedIn | None = None
) -> SignedIn | None:
    """Check the password and open a session; None is the same answer for every reason.

    ``instead_of`` is who this browser was signed in as: that session ends. The slow hash is
    done outside of any transaction, so that nobody waits for it.
    """
    known = db.session.execute(_PASSWORD_OF, {"email": rules.normal_email(email)}).one_or_none()
    db.session.rollback()
    stored = known.password_hash if known else None
    if not verify_password(stored, password) or known is None or stored is None:
        _record_wrong_sign_in(known.id if known else None, now)
        return None
    rehashed = hash_password(password) if needs_rehash(stored) else stored
    account = db.session.get_one(Account, known.id, with_for_update=True)
    if account.disabled_at is not None or account.password_hash != stored:
        _record_wrong_sign_in(account.id, now)
        return None
    account.password_hash = rehashed
    if instead_of:
        sign_out(instead_of, now)
    person = open_session(account, now)
    record("sign-in", About("account", account.id), by=person, now=now)
    return person


def open_session(account: Account, now: datetime) -> SignedIn:
    """A session for somebody who has shown who they are."""
    token = secrets.token_urlsafe(32)
    session = SignIn(
        id=uuid4(), token_hash=_digest(token), account_id=account.id, created_at=now, seen_at=now
    )
    db.session.add(session)
    return SignedIn(account.id, account.email, account.name, account.roles, session.id, token, now)


def _record_wrong_sign_in(account_id: UUID | None, now: datetime) -> None:
    about = About("account", account_id)
    record_refusal("sign-in", about, by=None, now=now, reason="wrong e-mail or password")


def sign_out(person: SignedIn, now: datetime) -> None:
    """End this session; its token opens nothing any more."""
    db.session.execute(update(SignIn).where(SignIn.id == person.session_id).values(ended_at=now))
    record("sign-out", About("account", person.id), by=person, now=now)


def add_person(
    email: str, name: str, roles: Iterable[Role], password: str, *, by: Actor, now: datetime
) -> Account:
    """Make an account. Raises RuleBroken for a taken address, a weak password or no role."""
    email, name, granted = rules.normal_email(email), " ".join(name.split()), frozenset(roles)
    rules.check_email(email)
    rules.check_name(name)
    rules.check_password(password, not_these=(email, name))
    if not granted:
        raise RuleBroken(N_("Choose at least one role."), field="roles")
    account = Account(
        id=uuid4(),
        email=email,
        name=name,
        name_key=search_key(name)[: rules.MAX_NAME],
        password_hash=hash_password(password),
        roles=granted,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError as error:
        raise RuleBroken(N_("Somebody already uses this e-mail address."), field="email") from error
    about = About("account", account.id)
    record("add-person", about, by=by, now=now, changed=("email", "name", "roles"))
    return account


def find_by_email(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email == rules.normal_email(email)))


def list_people(after: UUID | None = None) -> Page[Account]:
    """Everybody who may sign in, by name."""
    return fetch_page(select(Account), Account.name_key, Account.id, after)


def search_people(words: str) -> Page[Account]:
    """Those of them with all ``words`` at the beginning of a name, or with that address."""
    found = select(Account).where(
        names_begin_with(Account.name_key, words) | (Account.email == rules.normal_email(words))
    )
    return fetch_page(found, Account.name_key, Account.id, None)


def names_begin_with(key: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Whether each of ``words`` begins one of the names in ``key`` (a :func:`search_key`)."""
    return and_(
        true(),
        *(
            key.startswith(word, autoescape=True) | key.contains(f" {word}", autoescape=True)
            for word in search_key(words).split()
        ),
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
