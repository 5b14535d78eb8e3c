"""Secrets that have to be read again, encrypted under keys of their own (AES-256-GCM)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class KeyMissing(RuntimeError):
    """The key that sealed this is not among the settings' keys any more, or the row was altered."""


@dataclass(frozen=True)
class Sealed:
    """``key_id`` says which key opens it."""

    key_id: str
    data: bytes


def key_id_of(key: str) -> str:
    return sha256(b"key id " + key.encode()).hexdigest()[:16]


def seal(secret: str, bound_to: str, keys: Sequence[str]) -> Sealed:
    """Encrypt under the first key. ``bound_to`` has to be the same at :func:`unseal`."""
    nonce = os.urandom(_NONCE_BYTES)
    data = _cipher(keys[0]).encrypt(nonce, secret.encode(), bound_to.encode())
    return Sealed(key_id_of(keys[0]), nonce + data)


def unseal(sealed: Sealed, bound_to: str, keys: Sequence[str]) -> str:
    """What was sealed. Raises :class:`KeyMissing`."""
    key = next((key for key in keys if key_id_of(key) == sealed.key_id), None)
    if key is None:
        raise KeyMissing(f"no key {sealed.key_id} in HOMESTRETCH_SECOND_FACTOR_KEYS")
    nonce, data = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
    try:
        return _cipher(key).decrypt(nonce, data, bound_to.encode()).decode()
    except InvalidTag as error:
        raise KeyMissing("a secret was altered, or belongs to somebody else") from error


def _cipher(key: str) -> AESGCM:
    return AESGCM(sha256(b"homestretch second factor " + key.encode()).digest())
