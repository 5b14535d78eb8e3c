"""Ways through the pages of passkeys, with a device in software."""

from __future__ import annotations

import json
from typing import Any

from tests.accounts.device import Device
from tests.factories import PASSWORD
from tests.visitor import Visitor


def with_password(page: Visitor, email: str) -> Visitor:
    return page.open("/sign-in").submit("Sign in", email=email, password=PASSWORD)


def asked(page: Visitor, address: str) -> Any:
    """What our script would be told to ask the browser."""
    answer = page.client.post(address, data={"csrf_token": page.csrf_token})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return json.loads(answer.get_data())


def add(page: Visitor, device: Device, name: str = "Phone") -> Visitor:
    page.open("/account/passkeys")
    answer = device.make(asked(page, "/account/passkeys/new"))
    return page.submit("Add a passkey", name=name, passkey=answer)


def try_in(page: Visitor, answer: str, expect: int = 200) -> Visitor:
    return page.submit("Use a passkey", passkey=answer, expect=expect)
