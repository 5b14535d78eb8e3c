"""People who may sign in, and their sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    TypeDecorator,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.policy import Role


class RoleSet(TypeDecorator[frozenset[Role]]):
    """A person's roles as one short text, so that one row answers "who is this"."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Role] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Role] | None:
        return None if value is None else frozenset(map(Role, value.split()))


class Account(Base):
    """A person who may sign in. ``email`` is stored as :func:`rules.normal_email` gives it."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    """Empty until the person chose a password: invited, and not there yet."""
    roles: Mapped[frozenset[Role]] = mapped_column(RoleSet)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def has_mail(self) -> bool:
        """Whether ``email`` is an address; a patient who has none signs in with a made-up name."""
        return "@" in self.email

    @property
    def is_invited(self) -> bool:
        """Whether this person has yet to choose a password."""
        return not self.password_hash


class SignIn(Base):
    """One session: a browser that somebody signed in on. Only the token's hash is kept.

    ``verified_at`` is when the person last showed who they are, at sign in or when asked again.
    ``own_device``: they say that nobody else uses it.
    """

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    verified_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(String(300), default="", server_default="")
    own_device: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended_at: Mapped[datetime | None]


class Link(Base):
    """A link that does one thing once: accept an invitation, reset a password, confirm an address.

    Only the token's hash is kept. ``email`` is where the link was sent; empty for a letter.
    """

    __tablename__ = "links"
    __table_args__ = (
        Index(
            "uq_links_open",
            "account_id",
            "purpose",
            unique=True,
            sqlite_where=text("used_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("used_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise", foreign_keys=[account_id])


class Authenticator(Base):
    """Somebody's authenticator app. Its secret is sealed; codes up to ``last_step`` are used up."""

    __tablename__ = "authenticators"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16))
    secret: Mapped[bytes] = mapped_column(LargeBinary(200))
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in for the app once. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey's public half. ``sign_count`` is how often its device says that it was used."""

    __tablename__ = "passkeys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2000))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a passkey is asked to sign, once; the row goes away with the first answer."""

    __tablename__ = "passkey_challenges"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32))
    asked_at: Mapped[datetime] = mapped_column(index=True)


class TryBucket(Base):
    """When something was tried lately; ``key`` is the hash of what, so that no name stands here."""

    __tablename__ = "try_buckets"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[list[float]] = mapped_column(JSON)
    last_at: Mapped[datetime] = mapped_column(index=True)
