"""Sessions: rows that a browser's token opens, until they end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, bindparam, select, update

from app.access import SignedIn
from app.accounts import rules
from app.accounts.emergencies import EmergencyAccess
from app.accounts.models import Account, SignIn
from app.audit.service import About, record
from app.database import db, read_rows, writing
from app.policy import Emergency

_BY_TOKEN = (
    select(
        Account.id,
        Account.email,
        Account.name,
        Account.roles,
        SignIn.id.label("session_id"),
        SignIn.created_at,
        SignIn.seen_at,
        SignIn.verified_at,
        SignIn.own_device,
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
    rows = read_rows(_BY_TOKEN, {"token_hash": digest(token), "now": now})
    row = rows[0] if rows else None
    if row is None or not rules.is_alive(
        row.roles, row.created_at, row.seen_at, now, own_device=row.own_device
    ):
        return None
    return SignedIn(
        row.id,
        row.email,
        row.name,
        row.roles,
        row.session_id,
        token,
        row.seen_at,
        row.verified_at,
        Emergency(row.emergency_id, row.patient_id, row.until) if row.emergency_id else None,
    )


def touch_session(person: SignedIn, now: datetime) -> None:
    """Note that the session is in use, at most once a minute, in a transaction of its own.

    What the request did not commit is given up then.
    """
    if now - person.seen_at >= rules.TOUCH_EVERY:
        db.session.rollback()
        with writing() as connection:
            connection.execute(
                update(SignIn)
                .where(SignIn.id == person.session_id, SignIn.ended_at.is_(None))
                .values(seen_at=now)
            )


def open_session(
    account: Account, now: datetime, *, user_agent: str = "", own_device: bool = False
) -> SignedIn:
    """A session for somebody who has shown who they are."""
    token = secrets.token_urlsafe(32)
    session = SignIn(
        id=uuid4(),
        token_hash=digest(token),
        account_id=account.id,
        created_at=now,
        seen_at=now,
        verified_at=now,
        user_agent=user_agent[:300],
        own_device=own_device,
    )
    db.session.add(session)
    db.session.flush()
    return SignedIn(
        account.id, account.email, account.name, account.roles, session.id, token, now, now
    )


def verify_session(person: SignedIn, now: datetime) -> None:
    """Note that this person showed once more who they are."""
    db.session.execute(
        update(SignIn).where(SignIn.id == person.session_id, _IS_OPEN).values(verified_at=now)
    )
    record("confirm", About("account", person.id), by=person, now=now)


def sign_out(person: SignedIn, now: datetime) -> None:
    """End this session; its token opens nothing any more."""
    end_sessions(person.id, now, only=person.session_id)
    record("sign-out", About("account", person.id), by=person, now=now)


def list_sessions(account: Account, now: datetime) -> list[SignIn]:
    """Where this person is signed in, last used first."""
    found = db.session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account.id, _IS_OPEN, SignIn.created_at > now - _LONGEST)
        .order_by(SignIn.seen_at.desc(), SignIn.id)
        .limit(MOST_SESSIONS)
    )
    return [
        one
        for one in found
        if rules.is_alive(
            account.roles, one.created_at, one.seen_at, now, own_device=one.own_device
        )
    ]


MOST_SESSIONS = 100
_LONGEST = rules.PATIENT_ABSOLUTE


def end_sessions(
    account_id: UUID, now: datetime, *, only: UUID | None = None, besides: UUID | None = None
) -> int:
    """End the sessions of an account (``only`` one of them, or all ``besides`` one); how many."""
    ending = update(SignIn).where(SignIn.account_id == account_id, _IS_OPEN)
    if only:
        ending = ending.where(SignIn.id == only)
    if besides:
        ending = ending.where(SignIn.id != besides)
    ended = db.session.execute(ending.values(ended_at=now).returning(SignIn.id))
    return len(ended.all())


_IS_OPEN = SignIn.ended_at.is_(None)


def digest(token: str) -> bytes:
    """What is kept of a random token."""
    return hashlib.sha256(token.encode()).digest()
