"""WebAuthn without a database: what a browser is asked, and whether its answer is a good one.

The library is imported where it is used: most workers never need it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from app.accounts.rules import CHALLENGE_FOR
from app.config import LOOPBACK, Settings

_MILLISECONDS = int(CHALLENGE_FOR.total_seconds() * 1000)


class NotAccepted(Exception):
    """The answer is malformed, or not to what was asked here."""


USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Site:
    """What a passkey is bound to: the host (``id``), and the only address it may be used from."""

    id: str
    origin: str
    name: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """From the configured address, written as browsers write it. Passkeys know no numbers of
        machines, so on this machine the site is called ``localhost``."""
        base = urlsplit(settings.base_url)
        host = base.hostname or "localhost"
        host = "localhost" if host in LOOPBACK else host.encode("idna").decode()
        port = f":{base.port}" if base.port not in (None, USUAL_PORTS.get(base.scheme)) else ""
        return cls(host, f"{base.scheme}://{host}{port}", f"Homestretch {settings.clinic_name}")


@dataclass(frozen=True)
class NewKey:
    """What is kept of a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_for_new(
    site: Site, account_id: UUID, sign_in_name: str, challenge: bytes, known: Iterable[bytes]
) -> str:
    """Options for ``navigator.credentials.create``, as JSON; devices of ``known`` keys say no."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=account_id.bytes,
        user_name=sign_in_name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=key) for key in known],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def ask_for_known(site: Site, challenge: bytes, known: Iterable[bytes]) -> str:
    """Options for ``navigator.credentials.get``, as JSON: one of ``known`` is asked for."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    options = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=_MILLISECONDS,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=key) for key in known],
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options)


def check_new(site: Site, challenge: bytes, answer: str) -> NewKey:
    """The key that this answer brings. Raises :class:`NotAccepted`."""
    from webauthn import verify_registration_response

    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
        )
    except Exception as error:  # whatever the library makes of what a stranger's browser sent
        raise NotAccepted(str(error)) from error
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def check_known(site: Site, challenge: bytes, answer: str, public_key: bytes) -> int:
    """How often the device says that this key was used. Raises :class:`NotAccepted`.

    Whether that number may be true, the row of the key says (passkeys.py), in one statement.
    """
    from webauthn import verify_authentication_response

    try:
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
        )
    except Exception as error:  # as above
        raise NotAccepted(str(error)) from error
    return used.new_sign_count


def key_named_in(answer: str) -> bytes:
    """Which key the answer says it is of; b"" where it says nothing that can be read."""
    from webauthn import base64url_to_bytes

    try:
        return base64url_to_bytes(json.loads(answer)["rawId"])
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return b""
