"""Links that do one thing once: made, found and used. GET only looks; POST uses."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4, uuid5

from sqlalchemy import and_, select, update
from sqlalchemy.orm import joinedload

from app.accounts.keys import signing_keys
from app.accounts.models import Account, Link
from app.accounts.rules import LIFETIMES, Purpose
from app.accounts.sessions import digest
from app.audit.service import Actor
from app.database import db

_OPEN = and_(Link.used_at.is_(None), Link.withdrawn_at.is_(None))


def make_link(
    account: Account, purpose: Purpose, email: str, *, id: UUID, by: Actor | None, now: datetime
) -> tuple[Link, bool]:
    """A new link in the place of the open one, and whether it is new: the same ``id`` makes one.

    With another address, or for another person, it is another link with an id of its own.
    """
    db.session.get_one(Account, account.id, with_for_update=True)
    ids = (id, uuid5(id, f"{account.id} {purpose} {email}"))
    there = {one: link for one in ids if (link := db.session.get(Link, one))}
    for link in there.values():
        if _is_open_for(link, account.id, purpose, email):
            return link, False
    id = next((one for one in ids if one not in there), uuid4())
    withdraw_links(account.id, purpose, now=now)
    link = Link(
        id=id,
        account_id=account.id,
        purpose=purpose,
        token_hash=digest(_token(id, purpose, signing_keys()[0])),
        email=email,
        created_at=now,
        created_by=by.id if by else None,
        expires_at=now + LIFETIMES[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return link, True


def _is_open_for(link: Link, account_id: UUID, purpose: Purpose, email: str) -> bool:
    made_for = (link.account_id, link.purpose, link.email)
    return made_for == (account_id, purpose, email) and link.withdrawn_at is None


def token_of(link: Link) -> str | None:
    """What stands in the link's address; None where the key that made it is gone.

    It can be made again from the server's key, so that a letter can be printed twice. The database
    alone does not tell it, nor does the key alone.
    """
    tokens = (_token(link.id, link.purpose, key) for key in signing_keys())
    return next((token for token in tokens if digest(token) == link.token_hash), None)


def find_link(token: str, purpose: Purpose, now: datetime) -> Link | None:
    """The link with its account, if it can still be used by somebody who may sign in."""
    return db.session.scalar(
        select(Link)
        .join(Link.account)
        .where(
            Link.token_hash == digest(token),
            Link.purpose == purpose,
            _OPEN,
            Link.expires_at > now,
            Account.disabled_at.is_(None),
        )
        .options(joinedload(Link.account))
    )


def use_link(token: str, purpose: Purpose, now: datetime) -> Link | None:
    """Use it up: of several who try at once, one gets it."""
    link = find_link(token, purpose, now)
    if link is None:
        return None
    db.session.refresh(link.account, with_for_update=True)
    used = db.session.execute(
        update(Link).where(Link.id == link.id, _OPEN).values(used_at=now).returning(Link.id)
    ).first()
    return link if used and link.account.disabled_at is None else None


def open_link(account_id: UUID, purpose: Purpose, now: datetime) -> Link | None:
    """The one that can be used, if there is one."""
    return db.session.scalar(
        select(Link).where(
            Link.account_id == account_id,
            Link.purpose == purpose,
            _OPEN,
            Link.expires_at > now,
        )
    )


def withdraw_links(account_id: UUID, *purposes: Purpose, now: datetime) -> bool:
    """End the open ones; whether there was one."""
    ended = db.session.execute(
        update(Link)
        .where(
            Link.account_id == account_id,
            Link.purpose.in_(purposes),
            _OPEN,
        )
        .values(withdrawn_at=now)
        .returning(Link.id)
    )
    return ended.first() is not None


def withdraw_letters(
    account_ids: Collection[UUID], purpose: Purpose, *, now: datetime
) -> Sequence[UUID]:
    """End the open ones that were printed and not mailed; whose they were."""
    ended = db.session.scalars(
        update(Link)
        .where(Link.account_id.in_(account_ids), Link.purpose == purpose, Link.email == "", _OPEN)
        .values(withdrawn_at=now)
        .returning(Link.account_id)
    )
    return ended.all()


def _token(id: UUID, purpose: str, key: str) -> str:
    made = hmac.digest(key.encode(), f"homestretch link {purpose} {id.hex}".encode(), sha256)
    return urlsafe_b64encode(made).rstrip(b"=").decode()
