"""What an administrator decides about an account. Each of it counts at once, on every device."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, exists, select, type_coerce

from app.access import SignedIn
from app.accounts.invitations import send_invitation
from app.accounts.links import withdraw_links
from app.accounts.models import Account, Link
from app.accounts.rules import Purpose, normal_email
from app.accounts.second_factor import remove
from app.accounts.sessions import end_sessions
from app.audit.service import About, record
from app.database import db
from app.errors import N_, RuleBroken
from app.policy import Role


def invite_again(
    account: Account, email: str, *, id: UUID, by: SignedIn, now: datetime
) -> tuple[Link, bool]:
    """A new link, to another address if need be: but not a patient's. Whoever reads that mail is
    let in as the patient, and being an administrator opens no record."""
    if Role.PATIENT in account.roles and normal_email(email) != account.email:
        field = "email" if account.has_mail else None  # the page has a box for it, or none
        raise RuleBroken(N_("The therapist of this patient can change the address."), field=field)
    return send_invitation(account, email, id=id, by=by, now=now)


def disable_account(account: Account, reason: str, *, by: SignedIn, now: datetime) -> None:
    """Nobody signs in with it any more, and whoever is signed in is not."""
    _lock(account)
    _check_not_own(account, by)
    if account.disabled_at is not None:
        return
    _check_an_admin_is_left(account)
    account.disabled_at = now
    end_sessions(account.id, now)
    withdraw_links(account.id, *Purpose, now=now)
    record("disable-account", About("account", account.id), by=by, now=now, reason=reason,
           changed=("disabled_at",))  # fmt: skip


def enable_account(account: Account, reason: str, *, by: SignedIn, now: datetime) -> None:
    """Its owner may sign in again; no session comes back."""
    _lock(account)
    if account.disabled_at is None:
        return
    account.disabled_at = None
    record("enable-account", About("account", account.id), by=by, now=now, reason=reason,
           changed=("disabled_at",))  # fmt: skip


def change_roles(
    account: Account, roles: Iterable[Role], reason: str, *, by: SignedIn, now: datetime
) -> None:
    """The next sign-in has the new roles; sessions with the old ones end."""
    _lock(account)
    _check_not_own(account, by)
    granted = frozenset(roles)
    if not granted:
        raise RuleBroken(N_("Choose at least one role."), field="roles")
    if granted == account.roles:
        return
    if Role.ADMIN not in granted:
        _check_an_admin_is_left(account)
    account.roles = granted
    end_sessions(account.id, now)
    withdraw_links(account.id, *Purpose, now=now)  # a patient's letter must open no colleague
    record("change-roles", About("account", account.id), by=by, now=now, reason=reason,
           changed=("roles",))  # fmt: skip


def sign_out_everywhere(account: Account, reason: str, *, by: SignedIn, now: datetime) -> None:
    """A lost phone, for example."""
    if end_sessions(account.id, now):
        about = About("account", account.id)
        record("end-sessions", about, by=by, now=now, reason=reason)


def reset_second_factor(account: Account, reason: str, *, by: SignedIn, now: datetime) -> None:
    """For somebody who lost the app and the recovery codes; staff set up another one at once."""
    _lock(account)
    _check_not_own(account, by)
    remove(account, by=by, now=now, reason=reason)


def _lock(account: Account) -> None:
    """This account and all administrators, so that no two of them disable each other."""
    wanted = select(Account.id).where(_IS_ADMIN | (Account.id == account.id))
    db.session.execute(wanted.order_by(Account.id).with_for_update())
    db.session.refresh(account)


_IS_ADMIN = type_coerce(Account.roles, String).contains(Role.ADMIN.value)


def _check_not_own(account: Account, by: SignedIn) -> None:
    """So that nobody locks themselves out, nor makes themselves more than they are."""
    if account.id == by.id:
        raise RuleBroken(N_("Another administrator has to do this for you."))


def _check_an_admin_is_left(account: Account) -> None:
    """Somebody who can sign in has to be able to let others in."""
    others = exists().where(
        Account.id != account.id,
        Account.disabled_at.is_(None),
        Account.password_hash != "",
        _IS_ADMIN,
    )
    if Role.ADMIN in account.roles and not db.session.scalar(select(others)):
        raise RuleBroken(N_("This is the only administrator who can sign in."), field="reason")
