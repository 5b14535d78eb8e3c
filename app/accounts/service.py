"""The people who may sign in. How they do, and what a session is: signing.py, sessions.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts import rules
from app.accounts.models import Account
from app.accounts.passwords import hash_password
from app.audit.service import About, Actor, record
from app.database import db
from app.errors import N_, RuleBroken
from app.paging import Page, fetch_page
from app.policy import Role
from app.text import search_key


def add_person(
    email: str, name: str, roles: Iterable[Role], password: str, *, by: Actor, now: datetime
) -> Account:
    """Make an account. Raises RuleBroken for a taken address, a weak password or no role."""
    email = rules.normal_email(email)
    rules.check_email(email)
    rules.check_password(password, not_these=(email, name))
    return add_account(email, name, roles, hash_password(password), by=by, now=now)


def add_account(
    email: str, name: str, roles: Iterable[Role], password_hash: str, *, by: Actor, now: datetime
) -> Account:
    """The same with a password that was hashed already; empty where none was chosen yet."""
    email, name, granted = rules.normal_email(email), " ".join(name.split()), frozenset(roles)
    rules.check_name(name)
    if not granted:
        raise RuleBroken(N_("Choose at least one role."), field="roles")
    account = Account(
        id=uuid4(),
        email=email,
        name=name,
        name_key=search_key(name)[: rules.MAX_NAME],
        password_hash=password_hash,
        roles=granted,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError as error:
        raise RuleBroken(_TAKEN, field="email") from error
    about = About("account", account.id)
    record("add-person", about, by=by, now=now, changed=("email", "name", "roles"))
    return account


_TAKEN = N_("Somebody already uses this e-mail address.")


def change_address(account: Account, email: str) -> None:
    """Let ``account`` sign in with ``email`` from now on. Raises RuleBroken where it is taken."""
    rules.check_email(email)
    try:
        with db.session.begin_nested():
            account.email = email
    except IntegrityError as error:
        raise RuleBroken(_TAKEN, field="email") from error


def find_account(account_id: UUID) -> Account | None:
    return db.session.get(Account, account_id)


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
