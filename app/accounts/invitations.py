"""Inviting people: an account without a password, and a link with which its owner chooses one."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from app.accounts import links, rules
from app.accounts.links import make_link, use_link, withdraw_links
from app.accounts.models import Account, Link
from app.accounts.passwords import hash_password
from app.accounts.rules import Purpose
from app.accounts.service import add_account, change_address, find_by_email
from app.accounts.sessions import end_sessions
from app.audit.service import About, Actor, Operator, record, record_all
from app.database import db
from app.errors import N_, RuleBroken
from app.policy import Role


def add_invited(
    email: str, name: str, roles: Iterable[Role], *, by: Actor, now: datetime
) -> Account:
    """An account that nobody can sign in to before its invitation is accepted.

    Without an address it gets a name to sign in with.
    """
    if email:
        rules.check_email(rules.normal_email(email))
    else:
        email = _free_name(name)
    return add_account(email, name, roles, "", by=by, now=now)


def send_invitation(
    account: Account, email: str, *, id: UUID, by: Actor, now: datetime
) -> tuple[Link, bool]:
    """A new link for ``account``: to ``email``, or for a letter where that is empty.

    The one before works no more. Until the first was accepted, another address may be given.
    """
    db.session.refresh(account, with_for_update=True)
    if account.disabled_at is not None:
        raise RuleBroken(N_("This account is disabled."))
    email = rules.normal_email(email)
    if email and email != account.email:
        if not account.is_invited:
            raise RuleBroken(
                N_("This person has an account already. They can change the address themselves."),
                field="email",
            )
        change_address(account, email)
    link, is_new = make_link(account, Purpose.INVITATION, email, id=id, by=by, now=now)
    if is_new:
        how = "by mail" if email else "by letter"
        record("invite", About("account", account.id), by=by, now=now, reason=how)
    return link, is_new


def withdraw_invitation(account: Account, *, by: Actor, now: datetime) -> None:
    """The open link works no more."""
    if withdraw_links(account.id, Purpose.INVITATION, now=now):
        record("withdraw-invitation", About("account", account.id), by=by, now=now)


def withdraw_letters(account_ids: Collection[UUID], *, by: Actor, now: datetime) -> None:
    """The printed links of these accounts, of which somebody may hold a copy, open nothing any
    more. What went by mail is with its owner."""
    ended = links.withdraw_letters(account_ids, Purpose.INVITATION, now=now)
    abouts = [About("account", account_id) for account_id in ended]
    record_all("withdraw-invitation", abouts, by=by, now=now)


def accept_invitation(token: str, password_hash: str, now: datetime) -> Account | None:
    """The owner of the link chose a password; None where it cannot be used any more."""
    link = use_link(token, Purpose.INVITATION, now)
    if link is None:
        return None
    account = link.account
    account.password_hash = password_hash
    end_sessions(account.id, now)
    withdraw_links(account.id, Purpose.RESET, now=now)
    by = Operator(account.id, frozenset(account.roles))
    record("accept-invitation", About("account", account.id), by=by, now=now, changed=("password",))
    return account


def checked_hash(password: str, account: Account) -> str:
    """The slow hash of a good password, outside of any transaction. Raises RuleBroken."""
    rules.check_password(password, not_these=(account.email, account.name))
    db.session.rollback()
    return hash_password(password)


def _free_name(name: str) -> str:
    while True:
        made = rules.sign_in_name(name, secrets.randbelow(10_000))
        if find_by_email(made) is None:
            return made
