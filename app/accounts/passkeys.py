"""Passkeys as the second factor: added, asked for, used, removed.

A challenge is a row, which goes away with the first answer, right or wrong. It belongs to a person
and a purpose, and its id to the cookie of the browser that asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.access import SignedIn
from app.accounts import ceremonies
from app.accounts.ceremonies import NotAccepted, Site
from app.accounts.limits import Try, begin_try, give_back
from app.accounts.models import Account, Passkey, PasskeyChallenge
from app.accounts.rules import CHALLENGE_FOR, MAX_PASSKEYS, Asked
from app.accounts.second_factor import (
    has_second_factor,
    lock_account,
    new_recovery_codes,
    try_of_code,
)
from app.accounts.sessions import end_sessions
from app.audit.service import About, Actor, record, record_refusal
from app.database import db, writing
from app.errors import N_, RuleBroken


def list_passkeys(account_id: UUID) -> Sequence[Passkey]:
    """The oldest first."""
    mine = select(Passkey).where(Passkey.account_id == account_id)
    return db.session.scalars(mine.order_by(Passkey.created_at, Passkey.id)).all()


def ask_new(account: Account, now: datetime, *, site: Site) -> tuple[UUID, str]:
    """What the browser is to make a key with: the id of the question, and the question."""
    known = [one.credential_id for one in list_passkeys(account.id)]
    if len(known) >= MAX_PASSKEYS:
        raise RuleBroken(N_("Remove a passkey first. You have as many as we can keep."))
    asked = _ask(account.id, Asked.NEW, now)
    question = ceremonies.ask_for_new(site, account.id, account.email, asked.challenge, known)
    return asked.id, question


def ask_known(
    account_id: UUID, purpose: Asked, now: datetime, *, site: Site, device: str | None
) -> tuple[UUID, str] | None:
    """The same for one of this person's keys; None where there is none.

    Raises TooManyTries: a question is a try, counted together with the codes of an app.
    """
    known = [one.credential_id for one in list_passkeys(account_id)]
    db.session.rollback()
    if not known:
        return None
    counted = begin_try(*try_of_code(account_id, device), now)
    asked = _ask(account_id, purpose, counted.at)
    return asked.id, ceremonies.ask_for_known(site, asked.challenge, known)


def add_passkey(
    account_id: UUID,
    question: UUID | None,
    answer: str,
    name: str,
    *,
    site: Site,
    by: Actor,
    now: datetime,
) -> list[str] | None:
    """Keep the key that ``answer`` brings; None where it is no answer to ``question``.

    With somebody's first second factor come recovery codes, else the list is empty.
    """
    asked = _take(question, account_id, Asked.NEW, now)
    try:
        if asked is None:
            raise NotAccepted("not asked")
        key = ceremonies.check_new(site, asked.challenge, answer)
        lock_account(account_id)
        is_first = not has_second_factor(account_id)
        with db.session.begin_nested():
            passkey = Passkey(
                id=uuid4(),
                account_id=account_id,
                name=name,
                credential_id=key.credential_id,
                public_key=key.public_key,
                sign_count=key.sign_count,
                created_at=now,
            )
            db.session.add(passkey)
    except (NotAccepted, IntegrityError):
        _record_refused(account_id, now, "passkey not accepted", by)
        return None
    record("add-passkey", About("passkey", passkey.id), by=by, now=now)
    return new_recovery_codes(account_id, by=by, now=now) if is_first else []


def check_passkey(
    account_id: UUID,
    question: UUID | None,
    answer: str,
    purpose: Asked,
    now: datetime,
    *,
    site: Site,
    device: str | None,
    by: Actor | None = None,
) -> bool:
    """Whether ``answer`` is that of one of this person's keys to ``question``, asked for this.

    ``by`` is whoever is signed in already.
    """
    asked = _take(question, account_id, purpose, now)
    named = ceremonies.key_named_in(answer)
    mine = and_(Passkey.account_id == account_id, Passkey.credential_id == named)
    passkey = db.session.scalar(select(Passkey).where(mine)) if asked else None
    try:
        if asked is None or passkey is None:
            raise NotAccepted("not asked, or not theirs")
        count = ceremonies.check_known(site, asked.challenge, answer, passkey.public_key)
    except NotAccepted:
        _record_refused(account_id, now, "passkey not accepted", by)
        return False
    if not _count_use(passkey.id, count, now):
        _record_refused(account_id, now, "passkey counted back", by)
        return False
    db.session.commit()  # used is used, whatever becomes of the request
    kind, whose = try_of_code(account_id, device)
    give_back(Try.of(kind, whose, asked.asked_at))
    return True


def remove_passkey(account: Account, passkey_id: UUID, *, by: SignedIn, now: datetime) -> bool:
    """It opens nothing any more; False where there is none. Raises RuleBroken for the last factor.

    It may have been on a phone that is lost: every session ends but that of ``by``. Whoever wants
    to do without any uses :func:`second_factor.remove`.
    """
    lock_account(account.id)
    passkey = db.session.get(Passkey, passkey_id)
    if passkey is None or passkey.account_id != account.id:
        return False
    if not has_second_factor(account.id, besides=passkey.id):
        raise RuleBroken(N_("This is your last second factor. Set up another one first."))
    db.session.delete(passkey)
    end_sessions(account.id, now, besides=by.session_id)
    record("remove-passkey", About("passkey", passkey.id), by=by, now=now)
    return True


def _ask(account_id: UUID, purpose: Asked, now: datetime) -> PasskeyChallenge:
    """A new question, committed; those that nobody answered in time go away."""
    db.session.rollback()
    old = PasskeyChallenge.asked_at <= now - CHALLENGE_FOR
    again = and_(PasskeyChallenge.account_id == account_id, PasskeyChallenge.purpose == Asked.NEW)
    asked = PasskeyChallenge(
        id=uuid4(),
        account_id=account_id,
        purpose=purpose,
        challenge=secrets.token_bytes(32),
        asked_at=now,
    )
    with writing() as session:
        session.execute(delete(PasskeyChallenge).where(or_(old, again)))
        session.add(asked)
        session.flush()
        session.expunge(asked)
    return asked


def _take(
    question: UUID | None, account_id: UUID, purpose: Asked, now: datetime
) -> PasskeyChallenge | None:
    """The question, for the first who answers it. Taken is taken, whatever the answer is."""
    db.session.rollback()
    if question is None:
        return None
    with writing() as session:
        asked = session.scalar(
            delete(PasskeyChallenge)
            .where(PasskeyChallenge.id == question)
            .returning(PasskeyChallenge)
        )
        if asked:
            session.expunge(asked)
    if asked is None or asked.asked_at <= now - CHALLENGE_FOR:
        return None
    return asked if (asked.account_id, asked.purpose) == (account_id, purpose) else None


def _count_use(passkey_id: UUID, count: int, now: datetime) -> bool:
    """Only more uses than before count, so a copied key shows. Some devices always say 0."""
    is_true = Passkey.sign_count < count if count else Passkey.sign_count == 0
    used = db.session.execute(
        update(Passkey)
        .where(Passkey.id == passkey_id, is_true)
        .values(sign_count=count, used_at=now)
        .returning(Passkey.id)
    )
    return used.first() is not None


def _record_refused(account_id: UUID, now: datetime, reason: str, by: Actor | None) -> None:
    about = About("account", account_id)
    record_refusal("second-factor", about, by=by, now=now, reason=reason)
