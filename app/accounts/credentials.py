"""A person's own password and address: changed by themselves, or set anew when forgotten."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from app.access import SignedIn
from app.accounts import rules
from app.accounts.limits import begin_try
from app.accounts.links import make_link, use_link, withdraw_links
from app.accounts.models import Account, Link
from app.accounts.rules import Purpose, TooManyTries
from app.accounts.service import change_address, find_by_email
from app.accounts.sessions import end_sessions
from app.audit.service import About, Operator, record, record_refusal
from app.database import db


def change_password(person: SignedIn, password_hash: str, now: datetime) -> Account:
    """Every session ends; the view opens a new one for this browser."""
    account = db.session.get_one(Account, person.id, with_for_update=True)
    account.password_hash = password_hash
    _forget_what_was(account, now)
    about = About("account", account.id)
    record("change-password", about, by=person, now=now, changed=("password",))
    return account


def ask_reset(email: str, now: datetime) -> tuple[Link, bool] | None:
    """A link for the owner of ``email``, and whether there is one; None where it is too often.

    For nobody the link is one that was never kept: it costs the caller the same time.
    """
    email = rules.normal_email(email)
    begun = find_by_email(email)
    account_id = begun.id if begun else None
    db.session.rollback()
    try:
        begin_try("reset", email, now)
    except TooManyTries:
        about = About("account", account_id)
        record_refusal("ask-reset", about, by=None, now=now, reason="too many tries")
        return None
    found = db.session.get(Account, account_id or uuid4(), with_for_update=True)
    is_somebody = found and not found.is_invited and not found.disabled_at and found.has_mail
    account = found if found and is_somebody else _add_nobody(now)
    link, _new = make_link(account, Purpose.RESET, account.email, id=uuid4(), by=None, now=now)
    if is_somebody:
        record("ask-reset", About("account", account.id), by=None, now=now)
        db.session.commit()
        return link, True
    about = About("account", account_id)
    record_refusal("ask-reset", about, by=None, now=now, reason="nobody to send it to")
    return link, False


def reset_password(token: str, password_hash: str, now: datetime) -> Account | None:
    """Set the password anew; every session ends. None where the link cannot be used any more."""
    link = use_link(token, Purpose.RESET, now)
    if link is None:
        return None
    account = link.account
    account.password_hash = password_hash
    _forget_what_was(account, now)
    by = Operator(account.id, frozenset(account.roles))
    record("reset-password", About("account", account.id), by=by, now=now, changed=("password",))
    return account


def ask_new_email(person: SignedIn, email: str, *, id: UUID, now: datetime) -> tuple[Link, bool]:
    """A link to the new address, which is to say yes; and whether it is new.

    A link for somebody else's address is made as any other. It only cannot be used, and the person
    who asked learns nothing from that: the mail says it to the address. Raises TooManyTries: a
    mail goes to whatever address was typed.
    """
    email = rules.normal_email(email)
    rules.check_email(email)
    db.session.rollback()
    try:
        begin_try("new-email", str(person.id), now)
    except TooManyTries:
        about = About("account", person.id)
        record_refusal("ask-new-email", about, by=person, now=now, reason="too many tries")
        raise
    account = db.session.get_one(Account, person.id)
    link, is_new = make_link(account, Purpose.NEW_EMAIL, email, id=id, by=person, now=now)
    if is_new:
        record("ask-new-email", About("account", person.id), by=person, now=now)
    return link, is_new


def confirm_email(token: str, now: datetime) -> tuple[Account, str] | None:
    """The address says yes; gives the account and the address it had before. Raises RuleBroken."""
    link = use_link(token, Purpose.NEW_EMAIL, now)
    if link is None:
        return None
    account, former = link.account, link.account.email
    change_address(account, link.email)
    withdraw_links(account.id, Purpose.RESET, now=now)
    by = Operator(account.id, frozenset(account.roles))
    record("change-email", About("account", account.id), by=by, now=now, changed=("email",))
    return account, former


def _add_nobody(now: datetime) -> Account:
    """An account that the refusal rolls back again, together with its link."""
    name = uuid4().hex
    nobody = Account(
        id=uuid4(),
        email=f"{name}@example.invalid",
        name=name,
        name_key=name,
        password_hash="",
        roles=frozenset(),
        created_at=now,
    )
    db.session.add(nobody)
    db.session.flush()
    return nobody


def _forget_what_was(account: Account, now: datetime) -> None:
    end_sessions(account.id, now)
    withdraw_links(account.id, *Purpose, now=now)
