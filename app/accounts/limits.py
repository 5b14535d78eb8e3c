"""How often something may be tried: a row in the database for each name that is tried.

Counted in a transaction of its own before the try, so that parallel tries, other workers and a
restart change nothing. Where a request comes from plays no part.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts.models import TryBucket
from app.accounts.rules import TRIES_WITHIN, count_try
from app.database import db, writing


@dataclass(frozen=True)
class Try:
    """One counted try; :func:`give_back` takes it off the count again."""

    key: bytes
    at: datetime

    @classmethod
    def of(cls, kind: str, name: str, at: datetime) -> Self:
        """The try of ``name`` that was counted ``at`` this instant."""
        return cls(hashlib.sha256(f"{kind}:{name}".encode(errors="surrogatepass")).digest(), at)


def begin_try(kind: str, name: str, now: datetime) -> Try:
    """Count one more try of ``name``; raises :class:`TooManyTries` where that is one too many."""
    counted = Try.of(kind, name, now)
    with writing() as session:
        bucket = _locked(session, counted.key, now)
        bucket.tries = count_try(bucket.tries, now)
        bucket.last_at = now
    return counted


def give_back(done: Try) -> None:
    """It was no guess: what went well does not count."""
    with writing() as session:
        bucket = session.get(TryBucket, done.key, with_for_update=True)
        at = done.at.timestamp()
        if bucket and at in bucket.tries:
            left = list(bucket.tries)
            left.remove(at)
            bucket.tries = left


def _locked(session: Session, key: bytes, now: datetime) -> TryBucket:
    """The row of this name, made where there is none; nobody else counts in it meanwhile."""
    found = session.get(TryBucket, key, with_for_update=True)
    if found:
        return found
    session.execute(delete(TryBucket).where(TryBucket.last_at < now - TRIES_WITHIN))
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(TryBucket).values(key=key, tries=[], last_at=now).on_conflict_do_nothing()
    )
    return session.scalars(select(TryBucket).where(TryBucket.key == key).with_for_update()).one()
