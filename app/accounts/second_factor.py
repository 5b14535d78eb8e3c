"""The second factor: codes of an authenticator app, and recovery codes for when it is lost.

The other kind, passkeys: passkeys.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import delete, func, select, update

from app.access import SignedIn
from app.accounts.limits import begin_try, give_back
from app.accounts.models import (
    Account,
    Authenticator,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
)
from app.accounts.rules import (
    CODE_ALPHABET,
    CODE_LETTERS,
    CODES_AT_ONCE,
    normal_code,
    shown_code,
    step_of,
)
from app.accounts.sealing import Sealed, key_id_of, seal, unseal
from app.accounts.sessions import digest, end_sessions
from app.audit.service import About, Actor, record, record_refusal
from app.database import db
from app.errors import N_, RuleBroken

STEPS_OF_GRACE = 1  # half a minute early or late: clocks differ


def new_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    return pyotp.random_base32()


def address_for_app(secret: str, email: str, clinic: str) -> str:
    """What the QR code says (``otpauth://…``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Homestretch {clinic}")


def has_second_factor(account_id: UUID, *, besides: UUID | None = None) -> bool:
    """An app or a passkey (one ``besides`` this)."""
    keys = select(Passkey.id).where(Passkey.account_id == account_id)
    others = keys.where(Passkey.id != besides) if besides else keys
    return has_app(account_id) or bool(db.session.scalar(select(others.exists())))


def has_app(account_id: UUID) -> bool:
    return db.session.get(Authenticator, account_id) is not None


def lock_account(account_id: UUID) -> None:
    """Let whoever changes the factors of this person at the same time wait."""
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def try_of_code(account_id: UUID, device: str | None) -> tuple[str, str]:
    """Under which name a try of the second factor is counted; the owner's device has its own."""
    return ("code on device", device) if device else ("code", str(account_id))


def count_recovery_codes(account_id: UUID) -> int:
    """How many are left."""
    left = select(func.count()).where(RecoveryCode.account_id == account_id, _IS_OPEN)
    return db.session.scalar(left) or 0


def set_up(
    account_id: UUID, secret: str, code: str, *, keys: Sequence[str], by: Actor, now: datetime
) -> list[str] | None:
    """Keep the app's secret, once its first code shows that it works; gives the recovery codes.

    None where the code is not right. An app that was there before works no more.
    """
    step = matching_step(secret, code, now)
    if step is None:
        return None
    sealed = seal(secret, str(account_id), keys)
    found = db.session.get(Authenticator, account_id, with_for_update=True)
    authenticator = found or Authenticator(account_id=account_id)
    authenticator.key_id, authenticator.secret = sealed.key_id, sealed.data
    authenticator.last_step, authenticator.created_at = step, now
    db.session.add(authenticator)
    record("set-up-second-factor", About("account", account_id), by=by, now=now)
    return new_recovery_codes(account_id, by=by, now=now)


def new_recovery_codes(account_id: UUID, *, by: Actor, now: datetime) -> list[str]:
    """Ten of them; those from before work no more. Only their hashes are kept."""
    _replace_codes(account_id, now)
    codes = [
        "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LETTERS))
        for _ in range(CODES_AT_ONCE)
    ]
    db.session.add_all(
        RecoveryCode(id=uuid4(), account_id=account_id, code_hash=digest(code), created_at=now)
        for code in codes
    )
    db.session.flush()
    record("new-recovery-codes", About("account", account_id), by=by, now=now)
    return [shown_code(code) for code in codes]


def check_code(
    account_id: UUID,
    code: str,
    now: datetime,
    *,
    keys: Sequence[str],
    device: str | None,
    by: Actor | None = None,
) -> bool:
    """Whether this is a code of the app or a recovery code; either works once.

    ``by`` is whoever is signed in already. Raises TooManyTries. Tries are counted as those of
    passwords are.
    """
    db.session.rollback()
    counted = begin_try(*try_of_code(account_id, device), now)
    right = _use_app_code(account_id, code, now, keys) or _use_recovery_code(account_id, code, now)
    db.session.commit()  # used is used, whatever becomes of the request
    if right:
        give_back(counted)
    else:
        about = About("account", account_id)
        record_refusal("second-factor", about, by=by, now=now, reason="wrong code")
    return right


def remove(account: Account, *, by: SignedIn, now: datetime, reason: str = "") -> None:
    """App, passkeys and recovery codes work no more. Every session ends but that of ``by``."""
    lock_account(account.id)
    if not has_second_factor(account.id):
        return
    for table in (Authenticator, Passkey, PasskeyChallenge):
        db.session.execute(delete(table).where(table.account_id == account.id))
    _replace_codes(account.id, now)
    end_sessions(account.id, now, besides=by.session_id)
    about = About("account", account.id)
    record("remove-second-factor", about, by=by, now=now, reason=reason)


def remove_app(account: Account, *, by: SignedIn, now: datetime) -> None:
    """Its codes work no more; the passkeys do. Every session ends but that of ``by``.

    Raises RuleBroken where it is the last factor.
    """
    lock_account(account.id)
    app = db.session.get(Authenticator, account.id)
    if app is None:
        return
    db.session.delete(app)
    db.session.flush()
    if not has_second_factor(account.id):
        raise RuleBroken(N_("This is your last second factor. Set up another one first."))
    end_sessions(account.id, now, besides=by.session_id)
    record("remove-app", About("account", account.id), by=by, now=now)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is, near ``now``; None for none."""
    app = pyotp.TOTP(secret)
    current, typed = step_of(now), normal_code(code)
    for step in range(current - STEPS_OF_GRACE, current + STEPS_OF_GRACE + 1):
        if secrets.compare_digest(app.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def _use_app_code(account_id: UUID, code: str, now: datetime, keys: Sequence[str]) -> bool:
    """Only codes later than the last that was used count, so each counts once (RFC 6238, 5.2)."""
    found = db.session.get(Authenticator, account_id)
    if found is None:
        return False
    secret = unseal(Sealed(found.key_id, found.secret), str(account_id), keys)
    step = matching_step(secret, code, now)
    if step is None:
        return False
    fresh = seal(secret, str(account_id), keys) if found.key_id != key_id_of(keys[0]) else None
    used = db.session.execute(
        update(Authenticator)
        .where(Authenticator.account_id == account_id, Authenticator.last_step < step)
        .values(last_step=step, **({"key_id": fresh.key_id, "secret": fresh.data} if fresh else {}))
        .returning(Authenticator.account_id)
    )
    return used.first() is not None


def _use_recovery_code(account_id: UUID, code: str, now: datetime) -> bool:
    used = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == digest(normal_code(code)),
            _IS_OPEN,
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return used.first() is not None


def _replace_codes(account_id: UUID, now: datetime) -> None:
    db.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, _IS_OPEN)
        .values(replaced_at=now)
    )


_IS_OPEN = RecoveryCode.used_at.is_(None) & RecoveryCode.replaced_at.is_(None)
