"""Argon2id, a few at a time: each hash takes 32 MiB and a core for a moment."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


def make_hasher() -> PasswordHasher:
    """Hashes at the cost of docs/security-map.md: 32 MiB, three times over."""
    return PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


_hasher = make_hasher()
_at_once = BoundedSemaphore(4)


@cache
def _dummy() -> str:
    """Made at the first use, so that starting does not wait for it."""
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """An Argon2id hash with its parameters and salt, in the PHC string format."""
    with _at_once:
        return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one; takes as long when nobody is stored (None)."""
    with _at_once:
        try:
            return _hasher.verify(stored or _dummy(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
