"""A device with a passkey in it, in software: what a browser and a security key do together."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 1, 4, 64


@dataclass
class Device:
    """``count`` is what it says of how often it was used; None: it does not count."""

    origin: str = "http://localhost:5000"
    count: int | None = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, question: Any) -> str:
        """The answer to ``navigator.credentials.create``."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        key = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(question["rp"]["id"], PRESENT | VERIFIED | WITH_KEY) + key
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", question)
        return self._answer(clientDataJSON=said, attestationObject=made)

    def use(self, question: Any, flags: int = PRESENT | VERIFIED) -> str:
        """The answer to ``navigator.credentials.get``."""
        if self.count is not None:
            self.count += 1
        data = self._data(question["rpId"], flags)
        said = self._said("webauthn.get", question)
        signature = self.key.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _said(self, kind: str, question: Any) -> bytes:
        said = {"type": kind, "challenge": question["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _data(self, site: str, flags: int) -> bytes:
        return sha256(site.encode()).digest() + bytes([flags]) + (self.count or 0).to_bytes(4)

    def _answer(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": encode(self.id),
                "rawId": encode(self.id),
                "type": "public-key",
                "response": {name: encode(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
